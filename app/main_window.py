"""The window: canvas in the middle, panels and live views in docks around it, the run bar on top."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QPalette
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabBar, QVBoxLayout, QWidget

from app import theme
from app.actions import make_actions, paint_icons
from app.autosave import Autosave
from app.banner import Banner
from app.canvas.view import CanvasView
from app.caption import Caption
from app.dock import Dock
from app.files import Files
from app.help.desk import HelpDesk
from app.live import VIEWS, View
from app.live.empty import Waiting
from app.menus import fill_menus, name_undo
from app.panels.data import DataPanel
from app.panels.inspector import Inspector
from app.panels.palette import Palette
from app.panels.problems import ProblemsPanel
from app.plain_bar import PlainBar
from app.preferences_dialog import PreferencesDialog
from app.pulse import Pulse
from app.recovery import Found
from app.run_bar import RunBar
from app.running import Running
from app.session import Session
from app.solo import Solo
from app.stop_rules import StopRules
from app.timeline.strip import TimelineStrip
from app.unsaved import Unsaved

LAYOUT_VERSION: Final = 1  # another number: remembered layouts are of another set of docks, and are let go
OPENING_SIZE: Final = QSize(1280, 800)
LEFT, RIGHT, BELOW = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
RUN_BUTTONS: Final = ("run.play", "", "run.epoch", "run.batch", "run.stage", "", "run.reset", "run.seed")


class MainWindow(QMainWindow):
    """One open design with everything around it.

    Signals:
        closed: the window is gone, and nothing of it runs any more.
        quit_wanted: the whole program is to end.
    """

    closed = Signal(object)
    quit_wanted = Signal()

    def __init__(self, session: Session, open_window: Callable[[Path | None], object], log_path: Path) -> None:
        super().__init__()
        self.session, self._open_window, self.log_path = session, open_window, log_path
        self._may_close = False
        self.setObjectName("netloom")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        # not animated: a layout that moves is a layout that stalls
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self.setCorner(Qt.Corner.BottomLeftCorner, BELOW)
        self.setCorner(Qt.Corner.BottomRightCorner, BELOW)
        self.unsaved = Unsaved(session, self)
        self.files = Files(self)
        self.actions_by_key = make_actions(self)
        self.banner, self.offers = Banner(), Banner()  # an offer stays while other things are said
        self.canvas = CanvasView(session)
        self._make_center()
        self.run_bar = self._make_run_bar()
        self.running = Running(session, self.run_bar, self.banner, self.actions_by_key, self)
        self.canvas.space_tapped.connect(self.running.toggle_play)
        self.timeline = TimelineStrip(session, self.banner, self)
        self.docks: dict[str, QDockWidget] = {}
        self.pulse = Pulse(lambda: session.trainer, self)
        self.pulse.happened.connect(self.running.take)
        self.autosave = Autosave(self)
        self._make_docks()
        fill_menus(self)
        self._on_theme_changed()
        session.setParent(self)  # gone with the window, and after its slots
        session.undo.indexChanged.connect(self._on_undo_moved)
        theme.announcer.changed.connect(self._on_theme_changed)
        self.caption = Caption(self)
        self.pulse.keep_fresh(self.caption)
        self._standard = self.saveState(LAYOUT_VERSION)
        self.solo = Solo(self, LAYOUT_VERSION)
        self._recall_layout()

    # What it is made of

    def _make_center(self) -> None:
        center = QWidget()
        column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.offers)
        column.addWidget(self.banner)
        column.addWidget(self.canvas, 1)
        self.setCentralWidget(center)

    def _make_run_bar(self) -> RunBar:
        bar = RunBar([self.actions_by_key[key] if key else None for key in RUN_BUTTONS])
        bar.add_tool(StopRules(self.session))
        tools = PlainBar("Run bar", "run")
        tools.setBackgroundRole(QPalette.ColorRole.Button)
        tools.addWidget(bar)
        self.addToolBar(tools)
        return bar

    def _make_docks(self) -> None:
        self.inspector = Inspector(self.session)
        self.data = DataPanel(self.session)
        self.problems = ProblemsPanel(self.session)
        self.help = HelpDesk(self)
        self._dock("palette", "Layers", Palette(self.session), LEFT)
        self._dock("help", "Help", self.help.panel, RIGHT)
        self._dock("inspector", "Inspector", self.inspector, RIGHT)
        self._dock("data", "Data", self.data, RIGHT)
        self._dock("problems", "Problems", self.problems, RIGHT)
        self.problems.counted.connect(self.docks["problems"].setWindowTitle)
        self.splitDockWidget(self.docks["help"], self.docks["inspector"], Qt.Orientation.Horizontal)
        self.docks["help"].hide()
        self.help.watch(self.docks["help"])
        self.tabifyDockWidget(self.docks["inspector"], self.docks["data"])
        self.tabifyDockWidget(self.docks["data"], self.docks["problems"])
        self.pulse.keep_fresh(self.unsaved)
        self.pulse.keep_fresh(self.running)
        self.pulse.keep_fresh(self.timeline)
        self.pulse.keep_fresh(self.inspector)
        self.canvas.settings_asked.connect(self._edit_settings)
        self.inspector.left.connect(self.canvas.setFocus)
        self.pulse.keep_fresh(self.run_bar)
        self.pulse.keep_fresh(self.canvas)
        self.views: dict[str, View] = {}
        for view in VIEWS:
            word = Waiting(self.session, view.empty)
            self._dock(view.key, view.title, word, None if view.beside else BELOW)
        self.resize(OPENING_SIZE)
        below = [self.docks[view.key] for view in VIEWS if not view.beside]
        for dock in below:
            dock.raise_()
        self.resizeDocks([self.docks["palette"], self.docks["inspector"]], [200, 304], Qt.Orientation.Horizontal)
        self.resizeDocks(below, [OPENING_SIZE.width() // len(below)] * len(below), Qt.Orientation.Horizontal)
        self.resizeDocks(below, [264] * len(below), Qt.Orientation.Vertical)
        for view in VIEWS:  # last: Qt leaves the tabs of docks that are resized behind it lying about
            if view.beside:
                self.tabifyDockWidget(self.docks[view.beside], self.docks[view.key])
                self.docks[view.beside].raise_()
        self.docks["inspector"].raise_()

    def make_view(self, key: str) -> None:
        """Put a live view into its dock, which holds a word until then."""
        row = next(view for view in VIEWS if view.key == key)
        view = row.make(self.session)
        self.views[key] = view
        word = self.docks[key].widget()
        self.docks[key].setWidget(view)
        word.deleteLater()
        self.docks[key].visibilityChanged.connect(view.show_seen)
        view.sharing.worker = self.files.background
        view.sharing.told.connect(self.banner.say)
        view.sharing.menu.addSeparator()
        view.sharing.menu.addAction("&Whole window for this view, and back\tF12", partial(self.solo.toggle, key))
        self.pulse.keep_fresh(view)
        for follower in view.followers:
            self.pulse.keep_fresh(follower)
        view.titled.connect(self.docks[key].setWindowTitle)
        view.wanted.connect(partial(self._bring, key))
        if view.word is not None:
            self.run_bar.add_word(view.word)

    def _bring(self, key: str) -> None:
        self.docks[key].show()
        self.docks[key].raise_()

    def _dock(self, key: str, title: str, widget: QWidget, area: Qt.DockWidgetArea | None) -> None:
        dock = Dock(key, title, widget, self)
        if area is not None:
            self.addDockWidget(area, dock)
        self.docks[key] = dock

    def _edit_settings(self) -> None:
        self.docks["inspector"].show()
        self.docks["inspector"].raise_()
        self.inspector.take_keys()

    # How it looks

    def _on_undo_moved(self, _index: int) -> None:
        name_undo(self)

    def _on_theme_changed(self) -> None:
        paint_icons(self.actions_by_key)
        self.running.dress()

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def restore_layout(self) -> None:
        """Every panel back in its place."""
        self.solo.leave()
        self.arrange(self._standard)

    def arrange(self, layout: QByteArray) -> None:
        """Put every panel where a layout that was saved has it."""
        # the old tabs lie beneath the new ones until Qt deletes them; what `findChildren` finds PySide keeps for ever
        for tabs in QApplication.allWidgets():
            if isinstance(tabs, QTabBar) and tabs.parentWidget() is self:
                tabs.hide()
        self.restoreState(layout, LAYOUT_VERSION)

    def _recall_layout(self) -> None:
        settings = QSettings()
        if settings.contains("window/geometry"):
            self.restoreGeometry(settings.value("window/geometry"))
        # also without a remembered one: docks that share a place have left tabs behind while they were put there
        self.arrange(settings.value("window/state", self._standard))

    # Files

    @property
    def untouched(self) -> bool:
        """Whether nobody has opened, edited or trained anything in it."""
        return not (self.session.path or self.session.modified or self.unsaved.trained or self.running.runs)

    def bring_back(self, found: Found) -> None:
        """Open what a program that was killed has left; its place on the disk is this window's from now on."""
        self.autosave.adopt(found)
        self.files.bring_back(found.work)

    def new_window(self) -> None:
        self._open_window(None)

    def use_table(self, path: Path) -> None:
        """Learn from a file of rows."""
        self.banner.hide()  # what it says of an example is said of other rows
        self.docks["data"].show()
        self.docks["data"].raise_()
        self.data.use_table(path)

    def show_preferences(self) -> None:
        """What the user can choose about the program; one page, however often it is asked for."""
        dialog = self.findChild(PreferencesDialog) or PreferencesDialog(self)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def say_log(self) -> None:
        self.banner.say(f"What the program notes of its own faults is in {self.log_path}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()  # what may enter may go anywhere

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files.open(paths[0])
            for path in paths[1:]:
                self._open_window(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.unsaved.any and not self._may_close:
            event.ignore()
            self.files.unless_lost(self._close_now)
            return
        settings = QSettings()
        settings.setValue("window/geometry", self.saveGeometry())
        settings.setValue("window/state", self.solo.layout())
        self.pulse.go(False)
        for view in self.views.values():
            view.stop()
        if self.session.trainer is not None:
            self.session.trainer.close()  # first, because it hands work to the other
        self.files.background.stop()
        self.autosave.stop()
        event.accept()
        self.closed.emit(self)

    def _close_now(self) -> None:
        self._may_close = True
        self.close()
