"""What the network learns from: the choice of a source, its settings, the split, and what came of it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.column import Column
from app.panels.declarations import carried_over, task_of
from app.panels.form import WIDEST, Form
from app.session import Session
from app.theme import GRID
from engine.data import Source, datasets
from engine.data.prepare import Prepared

TABLE: Final = "table"
SHOWN_NAMES: Final = 12  # features that a preview lists by name


class DataPanel(Column):
    """Every source by group, searchable; the fields of the chosen one; the split; and a short account of the rows."""

    def __init__(self, session: Session) -> None:
        super().__init__("Data")
        self._session = session
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        self.choice = SourceChoice()
        self.choice.activated.connect(self._on_chosen)
        self._open = QPushButton("Open CSV…")
        self._open.setToolTip("Learn from rows of your own: a CSV or TSV file, or drop one on the window")
        self._open.clicked.connect(self.ask_table)
        row.addWidget(self.choice, 1)
        row.addWidget(self._open)
        column.addLayout(row)
        self._summary = _words("dim")
        self.preview = _words("")
        self.preview.setTextFormat(Qt.TextFormat.RichText)
        self.fields = Form()
        self.fields.edited.connect(self._on_field)
        self.fields.settled.connect(session.settle)
        self.split = Form()
        self.split.edited.connect(self._on_split)
        self.split.settled.connect(session.settle)
        for widget in (self._summary, self.preview, self.fields, _heading("Split and scale"), self.split):
            column.addWidget(widget)
        column.addStretch(1)
        self.show_page(page, WIDEST)
        session.document_changed.connect(self._on_document_changed)
        session.report_changed.connect(self._show_preview)
        theme.announcer.then(self._show_preview)
        self._show()

    def ask_table(self) -> None:
        """Choose a file of rows."""
        folder = str(QSettings().value("folder", str(Path.home())))
        dialog = QFileDialog(self, "Open a table", folder, "Tables (*.csv *.tsv *.tab *.txt);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.use_table(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def use_table(self, path: Path) -> None:
        """Learn from a file; what is set for the columns of another file is forgotten."""
        self._set_source(Source.kinds[TABLE](path=str(path)), f"Learn from {path.name}")

    def _on_chosen(self, _index: int) -> None:
        kind = self.choice.kind
        if kind is None or kind == self._session.document.data.kind:
            self._show()
        elif kind == TABLE:
            self._show()
            self.ask_table()
        else:
            made = carried_over(Source.kinds[kind], self._session.document.data)
            self._set_source(made, f"Learn from {made.title}")

    def _set_source(self, source: Source, text: str, merge: Any = None) -> None:
        self._session.edit(text, self._session.document.but(data=source), merge)

    def _on_field(self, name: str, value: object) -> None:
        source = self._session.document.data
        field = type(source).model_fields[name]
        self._set_source(source.but(**{name: value}), f"Set {field.title or name}", ("data", name))

    def _on_split(self, name: str, value: object) -> None:
        document = self._session.document
        field = type(document.split).model_fields[name]
        self._session.edit(
            f"Set {field.title or name}", document.but(split=document.split.but(**{name: value})), ("split", name)
        )

    def _on_document_changed(self, before: Any, after: Any) -> None:
        if (before.data, before.split) != (after.data, after.split):
            self._show()

    def _show(self) -> None:
        document = self._session.document
        self.choice.show_kind(document.data.kind)
        self._summary.setText(document.data.summary)
        self._summary.setVisible(bool(document.data.summary))
        self.fields.show_models([document.data])
        self.split.show_models([document.split])
        self._show_preview()

    def _show_preview(self) -> None:
        prepared = self._session.prepared
        self.preview.setText(account(prepared) if prepared is not None else "The rows are being read …")
        if prepared is not None:
            for row in self.split.rows.values():
                row.setVisible(task_of(row.field) in ("", prepared.task))


def account(prepared: Prepared) -> str:
    """The rows in a few lines of rich text: how many, what goes in, what is asked."""
    colors = theme.current()
    dataset = prepared.dataset
    parts = [
        f"{_count(part)} {name}"
        for name, part in (("train", prepared.train), ("validate", prepared.validation), ("test", prepared.test))
        if part.stop > part.start
    ]
    lines = [f"<b>{prepared.rows:,}</b> rows: {' · '.join(parts)}"]
    names = list(dataset.features)
    if names and len(names) <= SHOWN_NAMES:
        lines.append(f"<b>{len(names)}</b> input{'s' * (len(names) > 1)}: {_escaped(', '.join(names))}")
    else:
        lines.append(f"<b>{prepared.input}</b> inputs")
    if dataset.classes:
        marks = [
            f"{_mark(colors, dataset.task, i) if len(dataset.classes) <= len(colors.classes) else ''}{_unbroken(name)}"
            for i, name in enumerate(dataset.shown_classes[:SHOWN_NAMES])
        ]
        more = f" and {len(dataset.classes) - SHOWN_NAMES} more" if len(dataset.classes) > SHOWN_NAMES else ""
        lines.append(f"<b>{len(dataset.classes)}</b> classes: {'&ensp; '.join(marks)}{more}")
    else:
        lines.append(f"To predict: <b>{_escaped(', '.join(dataset.targets))}</b>, a number")
    return "<br>".join(lines)


def _mark(colors: theme.Theme, task: str, index: int) -> str:
    color = (colors.negative, colors.positive)[index] if task == "binary" else colors.class_color(index)
    return f'<span style="color:{color}">■</span>&nbsp;'


def _count(part: slice) -> str:
    return f"{part.stop - part.start:,}"


def _unbroken(text: str) -> str:
    return _escaped(text).replace(" ", "&nbsp;")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


class SourceChoice(QComboBox):
    """All kinds of sources under the headings of their groups; typing searches in titles and summaries."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(24)
        self.setAccessibleName("Data source")
        self.setToolTip("What to learn from; type to search")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        items = QStandardItemModel(self)
        found = QStandardItemModel(self)
        for group, kinds in groupby(sorted(datasets(), key=_group_rank), key=lambda kind: kind.group):
            heading = QStandardItem(group[:1].upper() + group[1:])
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setFont(theme.sized(self.font(), 1.0, bold=True))
            items.appendRow(heading)
            for kind in kinds:
                items.appendRow(_item(kind, f"    {kind.title}"))
                found.appendRow(_item(kind, kind.title))
        self.setModel(items)
        completer = QCompleter(self)
        completer.setModel(found)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(self._on_completed)
        self.setCompleter(completer)
        self.lineEdit().editingFinished.connect(self._restore_text)

    def showPopup(self) -> None:
        model = self.model()
        for row in range(self.count()):
            if self.itemData(row) is None:  # a heading is disabled, but it is to be read
                model.setData(model.index(row, 0), QColor(theme.current().dim), Qt.ItemDataRole.ForegroundRole)
        super().showPopup()

    @property
    def kind(self) -> str | None:
        return self.currentData()

    def show_kind(self, kind: str) -> None:
        self.setCurrentIndex(self.findData(kind))
        self._restore_text()

    def _restore_text(self) -> None:
        """What stands in the field is always the source in use."""
        self.setEditText(self.itemText(self.currentIndex()).strip())
        self.lineEdit().setCursorPosition(0)

    def _on_completed(self, title: str) -> None:
        row = next((r for r in range(self.count()) if self.itemText(r).strip() == title and self.itemData(r)), -1)
        if row >= 0:
            self.setCurrentIndex(row)
            self.activated.emit(row)


def _group_rank(kind: type[Source]) -> int:
    """Groups in the order in which they are first declared."""
    groups = list(dict.fromkeys(each.group for each in datasets()))
    return groups.index(kind.group)


def _item(kind: type[Source], text: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(kind.kind, Qt.ItemDataRole.UserRole)
    item.setToolTip(kind.summary)
    return item


def _words(role: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    if role:
        theme.set_role(label, role)
    return label


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    theme.set_role(label, "heading")
    return label
