"""The side panel in which pages of help are read: search, back and forward, index, print."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QPagedPaintDevice, QResizeEvent, QShowEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from app import theme
from app.background import Background
from app.examples import examples
from app.help.history import History
from app.help.pages import INDEX, SHORTCUTS
from app.help.paint import HEIGHT, painted
from app.help.render import PICTURE, PLACE, Rendered, found, rendered, results, style_sheet
from app.help.shortcuts import shortcuts_page
from app.help.sketches import Sketch, sketch_of
from app.icons import icon
from app.theme import GRID, Theme
from engine.errors import NetloomError

if TYPE_CHECKING:
    from app.main_window import MainWindow

SEARCH: Final = "search:"
PRINTED_WIDTH: Final = 400
EXAMPLE: Final = "example/"


class HelpPanel(QWidget):
    """Shows a page at a time. Pages are made beside the window, which goes on, and are kept.

    Signals:
        shown: the address of a page that can now be read.
        pictured: the address of a page whose picture, if it has one, is there.
    """

    shown = Signal(str)
    pictured = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._background, self._drawing = Background(self), Background(self)
        self._history = History()
        self._kept: dict[str, Rendered] = {}
        self._page: Rendered | None = None
        self.browser = _Browser(self)
        self.search = QLineEdit(self, placeholderText="Search help", clearButtonEnabled=True)
        self.search.setAccessibleName("Search help")
        self.search.setTextMargins(4, 2, 4, 2)
        self.search.textEdited.connect(self._on_searched)
        self.search.returnPressed.connect(self._open_first)
        self._buttons: dict[str, tuple[QToolButton, str]] = {}
        bar = QHBoxLayout()
        bar.setSpacing(2)
        for name, sign, words, keys, do in (
            ("back", "mdi6.arrow-left", "Back", "Alt+Left", partial(self.go, -1)),
            ("forward", "mdi6.arrow-right", "Forward", "Alt+Right", partial(self.go, 1)),
            ("index", "mdi6.format-list-bulleted", "All pages", "Alt+Home", partial(self.open, INDEX)),
        ):
            bar.addWidget(self._button(name, sign, words, keys, do))
        bar.addWidget(self.search, 1)
        bar.addWidget(self._button("print", "mdi6.printer-outline", "Print this page…", "", self.ask_print))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(bar)
        layout.addWidget(self.browser, 1)
        self.browser.anchorClicked.connect(self._on_link)
        self.setFocusProxy(self.browser)
        theme.announcer.then(self._dress)
        window.closed.connect(self._on_closed)
        self._dress()
        self._show_buttons()

    def _button(self, name: str, sign: str, words: str, keys: str, do: object) -> QToolButton:
        button = QToolButton(self, autoRaise=True)
        button.setToolTip(f"{words} ({keys})" if keys else words)
        button.setAccessibleName(words.rstrip("…"))
        button.clicked.connect(do)
        self._buttons[name] = (button, sign)
        return button

    def sizeHint(self) -> QSize:
        return QSize(44 * GRID, 60 * GRID)

    @property
    def address(self) -> str:
        """The page that is open."""
        return self._history.address

    def open(self, address: str, *_ignored: object) -> None:
        """Read a page; "family/kind#field" scrolls to the field."""
        self._history.leave(self.browser.verticalScrollBar().value())
        self._history.visit(address)
        self._load()

    def go(self, steps: int, *_ignored: object) -> None:
        """Back or forward, to where the page was left."""
        self._history.leave(self.browser.verticalScrollBar().value())
        if self._history.go(steps):
            self._load()

    def _load(self) -> None:
        """Show the open page, at once where it is kept."""
        self._show_buttons()
        address = self.address
        page, _, _anchor = address.partition("#")
        if page == SHORTCUTS:
            self._present(address, shortcuts_page(self._window))
        elif page in self._kept:
            self._present(address, self._kept[page])
        elif page.startswith(SEARCH):
            words = page.removeprefix(SEARCH)
            self._background.run(lambda: results(words, found(words)), partial(self._present, address), _raise)
        else:
            self._background.run(partial(rendered, page), partial(self._on_rendered, address), _raise)

    def _on_rendered(self, address: str, page: Rendered) -> None:
        if PLACE in page.html:  # read at once, seen a moment later
            self._drawing.run(partial(sketch_of, page.address), partial(self._on_drawn, page), _raise)
        else:
            self._kept[page.address] = page
        self._present(address, page)

    def _on_drawn(self, page: Rendered, sketch: Sketch | None) -> None:
        drawn = self._kept[page.address] = page.drawn(sketch)
        if self._page is page:
            self._page = drawn
            self._write()
        self.pictured.emit(page.address)

    def _present(self, address: str, page: Rendered) -> None:
        if address != self.address:  # something else was asked for since
            return
        self._page = page
        self._write()
        self.browser.setAccessibleName(f"Help: {page.title}")
        _, _, anchor = address.partition("#")
        if self._history.place:
            self.browser.verticalScrollBar().setValue(self._history.place)
        elif anchor:
            self.browser.scrollToAnchor(anchor)
        if not address.startswith(SEARCH) and not self.search.hasFocus():
            self.search.clear()
        self.shown.emit(address)

    def _write(self) -> None:
        """The page into the browser, in the colours and the width of now."""
        if self._page is None or not self.isVisible():
            return
        place = self.browser.verticalScrollBar().value()
        # The bar's width is kept free even where there is none: one that appears would push the picture out.
        width = self.browser.width() - self.browser.verticalScrollBar().sizeHint().width()
        fill(self.browser.document(), self._page, width, theme.current(), self)
        self.browser.verticalScrollBar().setValue(place)

    # Search

    def _on_searched(self, words: str) -> None:
        words = words.strip()
        self.open(f"{SEARCH}{words}" if words else INDEX)

    def _open_first(self) -> None:
        """Enter in the search: the page found first."""
        words = self.search.text().strip()

        def first() -> str:
            hits = found(words)
            return hits[0].address if hits else ""

        if words:
            self._background.run(first, lambda address: self.open(address) if address else None, _raise)
            self.browser.setFocus()

    # Links

    def _on_link(self, url: QUrl) -> None:
        address = url.toString()
        if address.startswith(EXAMPLE):
            self._open_example(address.removeprefix(EXAMPLE))
        else:
            self.open(address)

    def _open_example(self, name: str) -> None:
        example = next((example for example in examples() if example.name == name), None)
        if example is not None:
            self._window.files.open_example(example)

    # Print

    def ask_print(self, *_ignored: object) -> None:
        """Print the open page, as on paper: dark on light."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: self.print_to(printer))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def print_to(self, device: QPagedPaintDevice) -> None:
        """The open page on pages of paper."""
        if self._page is not None:
            document = QTextDocument()
            fill(document, self._page, PRINTED_WIDTH, theme.LIGHT, self)
            document.print_(device)

    # How it looks

    def _show_buttons(self) -> None:
        self._buttons["back"][0].setEnabled(self._history.can_go_back)
        self._buttons["forward"][0].setEnabled(self._history.can_go_forward)
        self._buttons["print"][0].setEnabled(bool(self.address))

    def _dress(self) -> None:
        colors = theme.current()
        for button, sign in self._buttons.values():
            button.setIcon(icon(sign, colors.dim, colors.border))
        if self.isVisible():  # else it is written when it is shown
            self._write()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._page is None and not self.address:
            self.open(INDEX)
        else:
            self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._page is not None and self._page.sketch is not None:
            self._write()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() == Qt.Key.Key_Escape:
            self._window.docks["help"].hide()
            self._window.canvas.setFocus()
        elif alt and steps:
            self.go(steps)
        elif alt and event.key() == Qt.Key.Key_Home:
            self.open(INDEX)
        else:
            super().keyPressEvent(event)

    def _on_closed(self, _window: object) -> None:
        self._background.stop()
        self._drawing.stop()


class _Browser(QTextBrowser):
    """Links are followed by the panel; Alt and arrows are the panel's too."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(GRID)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


def fill(document: QTextDocument, page: Rendered, width: int, colors: Theme, beside: QWidget) -> None:
    """Write a page into a document that is ``width`` wide, with its picture."""
    document.clear()  # the pictures of the pages before, too, which it would keep
    document.setDefaultStyleSheet(style_sheet(colors))
    document.setDefaultFont(beside.font())
    document.setIndentWidth(2.5 * GRID)
    if page.sketch is not None:
        room = width - 2 * int(document.documentMargin()) - 2
        picture = painted(page.sketch, max(room, 160), colors, beside.font(), beside.devicePixelRatioF())
        name = QUrl(f"{PICTURE}{page.address}")
        document.addResource(QTextDocument.ResourceType.ImageResource.value, name, picture)
    elif PLACE in page.html:  # room for what is still being drawn, so that the text below stays where it is
        empty = f'<table width="100%" cellspacing="0"><tr><td class="formula" height="{HEIGHT}"></td></tr></table>'
        document.setHtml(page.html.replace(PLACE, empty))
        return
    document.setHtml(page.html)


def _raise(error: NetloomError) -> None:
    raise error
