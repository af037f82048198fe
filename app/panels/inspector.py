"""The inspector: the fields of the selected boxes, or, with nothing selected, the settings of training."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app import theme
from app.canvas.edits import mended, renamed
from app.canvas.look import sentence
from app.column import Column
from app.panels.costs import CostCard
from app.panels.form import WIDEST, Form
from app.panels.schedule_curve import ScheduleCurve
from app.session import Session
from app.theme import GRID, sized
from engine.design.checks import Problem
from engine.design.document import Document, Node
from engine.layers.unknown import Unknown

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

ACROSS: Final = 44  # letters


class Inspector(Column):
    """Shows what is selected and asks the session for edits; a gesture in a field is one undo step.

    Signals:
        left: Escape, with nothing typed to forget: the keys belong to the canvas again.
    """

    left = Signal()

    def minimumSizeHint(self) -> QSize:
        """The names on the tabs of its place, and what stands beside each other in it, with letters of any size."""
        return QSize(ACROSS * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Inspector", parent)
        self._session = session
        page = QWidget(self)
        self.title = QLabel(page)
        self.title.setFont(sized(self.title.font(), 1.15, bold=True))
        self.summary = _dim(page)
        self.name = QLineEdit(page, placeholderText="Name")
        self.name.setAccessibleName("Name")
        self.name.setMaxLength(80)
        self.name.setTextMargins(2, 0, 2, 0)
        self.facts = _dim(page)
        self.problems = Problems(session, page)
        self.costs = CostCard(session, page)
        self.form = Form(parent=page)
        self.curve = ScheduleCurve(page)
        self.form.attach("schedule", self.curve)
        self._layout = QVBoxLayout(page)
        self._layout.setContentsMargins(GRID, GRID, GRID, GRID)
        self._layout.setSpacing(GRID)
        for widget in (self.title, self.summary, self.name, self.facts, self.problems, self.costs, self.form):
            self._layout.addWidget(widget)
        self._layout.addStretch(1)
        self.show_page(page, WIDEST)
        self.name.editingFinished.connect(self._on_renamed)
        self.form.edited.connect(self._on_edited)
        self.form.settled.connect(session.settle)
        session.document_changed.connect(self._on_document_changed)
        session.selection_changed.connect(self._on_selection_changed)
        session.report_changed.connect(self._show_report)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(35 * GRID, 60 * GRID)

    @property
    def _nodes(self) -> list[Node]:
        return [node for node in self._session.document.nodes if node.id in self._session.selection]

    def _on_document_changed(self, _before: Document, _after: Document) -> None:
        self._show()

    def _on_selection_changed(self, _ids: frozenset[str]) -> None:
        self._session.settle()
        self._show()
        self.verticalScrollBar().setValue(0)

    def _show(self) -> None:
        nodes = self._nodes
        one = nodes[0] if len(nodes) == 1 else None
        self.title.setText(_title(nodes))
        self.summary.setText(_summary(nodes))
        self.summary.setVisible(bool(self.summary.text()))
        self.name.setVisible(one is not None)
        if one is not None and not (self.name.hasFocus() and self.name.isModified()):
            self.name.setText(one.name)
            self.name.setPlaceholderText(one.id)
        self.form.setDisabled(any(isinstance(node.layer, Unknown) for node in nodes))
        self.form.show_models([node.layer for node in nodes] if nodes else [self._session.document.training])
        if not nodes:
            self.curve.show_training(self._session.document.training)
        self._show_report()

    def _show_report(self) -> None:
        nodes = self._nodes
        self.problems.show_problems(nodes)
        self.costs.show_nodes(nodes)
        spec = self._session.report.specs.get(nodes[0].id) if len(nodes) == 1 else None
        self.facts.setText(f"Gives {spec}" if spec else "")
        self.facts.setVisible(spec is not None)

    def refresh(self, trainer: Trainer) -> None:
        """Show what is measured while training."""
        self.costs.refresh(trainer)

    def take_keys(self) -> None:
        """The first field takes the keys."""
        first = next(iter(self.form.rows.values()), None)
        editor = first.editor if first else self.name
        (editor.focusProxy() or editor).setFocus(Qt.FocusReason.ShortcutFocusReason)
        if hasattr(editor, "selectAll"):
            editor.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_renamed(self) -> None:
        nodes = self._nodes
        if len(nodes) == 1 and self.name.isModified():
            self.name.setModified(False)
            document = renamed(self._session.document, nodes[0], self.name.text().strip())
            self._session.edit(f"Rename {nodes[0].label}", document)

    def _on_edited(self, field: str, value: object) -> None:
        nodes = self._nodes
        document = self._session.document
        title = self.form.rows[field].label.text()
        if not nodes:
            training = document.training.but(**{field: value})
            self._session.edit(f"Set {title}", document.but(training=training), merge=("training", field))
            return
        for node in nodes:
            document = document.set_fields(node.id, **{field: value})
        what = nodes[0].label if len(nodes) == 1 else f"{len(nodes)} boxes"
        key = ("field", field, frozenset(node.id for node in nodes))
        self._session.edit(f"Set {title} of {what}", document, merge=key)


class Problems(QWidget):
    """What keeps the selected box, or the whole design, from training, with the buttons that mend it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: tuple[Problem, ...] | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)

    def show_problems(self, nodes: Sequence[Node]) -> None:
        ids = {node.id for node in nodes}
        report = self._session.report
        # With nothing selected, what is said of single boxes stands on the canvas already.
        problems = tuple(problem for problem in report.problems if problem.node in (ids or {""}))
        if problems == self._shown:
            return
        self._shown = problems
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for problem in problems:
            words = QLabel(f"{sentence(problem.reason).rstrip('.')}.", self, wordWrap=True)
            theme.set_role(words, "sick" if problem.severity == "error" else "warning")
            self._layout.addWidget(words)
            if problem.fix is not None:
                button = QPushButton(problem.fix.text, self)
                button.clicked.connect(partial(self._mend, problem))
                self._layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setVisible(bool(problems))

    def _mend(self, problem: Problem, _checked: bool = False) -> None:
        document: Document = mended(self._session.document, problem)
        self._session.edit(problem.fix.text if problem.fix else "", document)


def _title(nodes: Sequence[Node]) -> str:
    if not nodes:
        return "Training"
    titles = {node.layer.title or node.layer.kind for node in nodes}
    kind = titles.pop() if len(titles) == 1 else ""
    if len(nodes) == 1:
        return kind
    return f"{len(nodes)} boxes" + (f" of {kind}" if kind else "")


def _summary(nodes: Sequence[Node]) -> str:
    if not nodes:
        return "How the design is trained. All of it may change while it trains."
    if len({type(node.layer) for node in nodes}) > 1:
        return "What they have in common is changed in all of them."
    return nodes[0].layer.summary


def _dim(parent: QWidget) -> QLabel:
    label = QLabel(parent, wordWrap=True)
    theme.set_role(label, "dim")
    return label
