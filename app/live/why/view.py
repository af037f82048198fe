"""Why this number: one example, stage by stage and layer by layer, and the chain of any weight that is clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from app import theme
from app.live import View
from app.live.empty import EmptyWord, Waiting
from app.live.share import Columns, Sharing
from app.live.why.body import WIDE, WhyBody
from app.live.why.controls import CHAIN, WhyControls
from app.live.why.page import chain_page, stage_page
from app.live.why.shown import cells, columns, reading, way_of
from app.live.why.source import Source
from app.live.why.steps import beside, fitting
from app.picked import Way, Weight
from app.session import Session
from engine.insight.trace import Chain, LayerTrace, Stage, Trace
from engine.insight.trace.record import telling

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

STAGE_NAMES: Final[dict[str, Stage]] = {"forward": "forward", "loss": "loss", "backward": "backward"}


class WhyView(View):
    """Shows the stage and the layer where the stepper is, with the numbers that its source tells."""

    least = (60, 13)  # rows of controls and cells stand above the formulas

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.source = Source(session, self)
        self.source.told.connect(self._on_told)
        self.source.failed.connect(self._forget)
        self.trace: Trace | None = None
        self.chain: Chain | None = None
        self.stage: Stage = "forward"
        self.node, self.unit = "", 0
        self.explains = False  # the chain of the chosen weight is shown, not a stage
        self._paused_at = ""
        self._seen = True
        self._make()
        session.selection_changed.connect(self._on_selection_changed)
        session.picked.row_changed.connect(self._on_row_changed)
        session.picked.weight_changed.connect(self._on_weight_changed)
        session.weights_set.connect(self.source.touch)
        session.travelled.connect(self.source.touch)
        session.opened.connect(self._on_opened)
        theme.announcer.then(self._show)

    def _make(self) -> None:
        self.controls = WhyControls()
        self.controls.row_chosen.connect(self._session.picked.choose_row)
        self.controls.stage_chosen.connect(self._on_stage_chosen)
        self.controls.layer_chosen.connect(lambda node: self.go(self.stage, node))
        self.controls.stepped.connect(self.step)
        self.controls.weights.toggled.connect(lambda _on: self._share_room())
        self.body = WhyBody()
        self.body.strip.chosen.connect(self.choose_unit)
        self.body.table.chosen.connect(self._on_chosen)
        self._empty = Waiting(self._session, "one example's way through the network")
        self._fault = EmptyWord("")
        self._stack = QStackedWidget()
        for page in (self._empty, self.body, self._fault):
            self._stack.addWidget(page)
        self.sharing = Sharing(self, "why", lambda: [self._stack], self._numbers)
        self.controls.add_menu(self.sharing.menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.controls)
        column.addWidget(self._stack, 1)
        self.controls.hide()
        for key, by in ((Qt.Key.Key_Left, -1), (Qt.Key.Key_Right, 1)):
            shortcut = QShortcut(key, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=by: self.step(by))

    # -- what the run does

    def refresh(self, trainer: Trainer) -> None:
        """Show what is new of the run."""
        if self._session.prepared is None or self._session.report.errors:
            self._forget()
            return
        self._follow_stage(trainer)
        self.source.refresh(trainer)

    def _follow_stage(self, trainer: Trainer) -> None:
        """Paused within a batch, its stage is shown; the update, when it has been done, of the moment before."""
        stage, before = trainer.status.stage, self._paused_at
        if stage == before:
            return
        self._paused_at = stage
        if trainer.status.phase == "running":
            return
        if stage in STAGE_NAMES:
            self._leave_chain()
            self._enter(STAGE_NAMES[stage])
        elif before == "backward":
            self._leave_chain()
            self._enter("update")
            self.source.hold(trainer)

    def _enter(self, stage: Stage) -> None:
        """Show a stage at the layer where the stepper is."""
        self.stage = stage
        self._show()

    def _on_told(self, trace: Trace, chain: Chain | None) -> None:
        self.trace, self.chain = trace, chain
        self._settle()
        weight = self._session.picked.weight
        if weight is not None and not trace.updated.has(weight.key, weight.index):
            self._session.picked.choose_weight(None)  # its layer has become smaller
        self._show()

    def stop(self) -> None:
        """Wait for what is being worked out."""
        self.source.stop()

    # -- where the stepper is

    @property
    def layer(self) -> LayerTrace | None:
        return None if self.trace is None else self.trace.by_node.get(self.node)

    def go(self, stage: Stage, node: str, tell: bool = True) -> None:
        """Show a stage of a layer; ``tell``: its box is selected, too."""
        if self.trace is None or node not in self.trace.by_node:
            return
        if node != self.node:
            self.unit = telling(self.trace.by_node[node])
        self.stage, self.node = stage, node
        self._leave_chain()
        self._show()
        if tell:
            self._session.select([node])

    def step(self, by: int) -> None:
        """Forwards or back through layers and stages."""
        if self.trace is not None:
            self.go(*beside(self.trace, self.stage, self.node, by))

    def choose_unit(self, unit: int) -> None:
        self.unit = unit
        self._leave_chain()
        self._show()

    def _leave_chain(self) -> None:
        self.explains = False

    def _on_stage_chosen(self, stage: str) -> None:
        if stage == CHAIN:
            self._explain()
        elif self.trace is not None:
            name: Stage = STAGE_NAMES.get(stage, "update")
            node = self.trace.layers[-1].node if name == "loss" else self.node
            self.go(name, node, tell=node != self.node)

    def _on_selection_changed(self, ids: frozenset[str]) -> None:
        if len(ids) == 1 and self.trace is not None:
            node = next(iter(ids))
            if node in self.trace.by_node and node != self.node:
                self.go(fitting(self.trace, self.stage, node), node, tell=False)

    def _on_row_changed(self) -> None:
        self._show_row()
        self._work()

    def _work(self) -> None:
        """What is picked while nobody looks is worked out when somebody does."""
        if self._seen:
            self.source.work()

    def _on_chosen(self, weight: Weight) -> None:
        self.explains = True
        self._session.picked.choose_weight(weight)
        self._show()

    def _on_weight_changed(self) -> None:
        self.chain = None
        self._explain()
        self._work()

    def _explain(self) -> None:
        """The chosen weight, at the layer and the unit that it is of."""
        weight = self._session.picked.weight
        self.explains = weight is not None
        if weight is not None and self.trace is not None and weight.node in self.trace.by_node:
            layer = self.trace.by_node[weight.node]
            if weight.node != self.node or layer.layer.kind == "dense":
                self.node, self.unit = weight.node, self._unit_of(weight, layer)
            if self._seen:
                self._session.select([weight.node])
        self._show()

    def _unit_of(self, weight: Weight, layer: LayerTrace) -> int:
        width = layer.output.value.shape[-1]
        if layer.layer.kind != "dense":
            return telling(layer)
        group = self.unit // width if self.node == layer.node else 0
        return group * width + weight.index % width

    def _on_opened(self) -> None:
        self.source.touch()
        self._forget()

    def _settle(self) -> None:
        """A new trace: the stepper stays where it was, where that is still there."""
        assert self.trace is not None
        if self.node not in self.trace.by_node:
            chosen = [node for node in self._session.selection if node in self.trace.by_node]
            learning = [layer.node for layer in self.trace.layers if layer.parameters]
            self.node = (chosen or learning or [self.trace.layers[-1].node])[0]
            self.unit = telling(self.trace.by_node[self.node])
        self.unit = min(self.unit, self.trace.by_node[self.node].output.value.size - 1)

    # -- what is seen

    def _show(self) -> None:
        trace, layer = self.trace, self.layer
        if trace is None or layer is None:
            return
        weight = self._session.picked.weight
        if weight is not None and not trace.updated.has(weight.key, weight.index):
            weight = None  # of a design that is still to come
        explains = self.explains and weight is not None
        self.controls.show()
        self._stack.setCurrentIndex(1)
        self.controls.show_layers([(each.node, each.label) for each in trace.layers], self.node)
        self.controls.show_stage(CHAIN if explains else self.stage, weight is not None)
        self._show_row()
        back = explains or self.stage in ("backward", "update")
        self.body.strip.show_rows(cells(layer, back), self.unit)
        self.body.table.show_layer(trace, layer, self.unit, weight)
        self._share_room()
        self.body.write(self._page(trace, layer, weight, explains))
        self._light()

    def _page(self, trace: Trace, layer: LayerTrace, weight: Weight | None, explains: bool) -> str:
        if explains and weight is not None:
            if self.chain is not None and (self.chain.key, self.chain.index) == (weight.key, weight.index):
                return chain_page(self.chain, trace, self.body.letters)
            return "<html><body><p class='dim'>Working out the chain …</p></body></html>"
        seen = weight is not None and self.body.table.rows.row_of(weight) is not None  # of the unit that is shown
        return stage_page(trace, self.stage, layer, self.unit, (weight.key, weight.index) if weight and seen else None)

    def _show_row(self) -> None:
        prepared, picked = self._session.prepared, self._session.picked.row
        if prepared is not None and self.trace is not None:
            row = self.trace.row if picked is None else picked
            self.controls.show_row(min(row, prepared.rows - 1), prepared.rows, reading(self.trace))

    def _light(self) -> None:
        """The way of the chosen weight, while it is explained and can be seen."""
        chain = self.chain if self.explains and self._seen else None
        self._session.picked.light(Way() if chain is None else way_of(chain))

    def _share_room(self) -> None:
        learns = self.layer is not None and bool(self.layer.parameters)
        self.controls.weights.setVisible(self.width() < WIDE and learns)
        self.body.share_room(self.width(), self.explains, learns, self.controls.weights.isChecked())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.explains:
            self._show()  # as many factors side by side as have room
        else:
            self._share_room()

    def show_seen(self, seen: bool) -> None:
        self._seen = seen
        self._work()
        self._light()

    def _forget(self, fault: str = "") -> None:
        """Nothing can be shown; what to do, or what is at fault, is said."""
        self._fault.setText(fault)
        self._stack.setCurrentWidget(self._fault if fault else self._empty)
        if self.trace is None:
            return
        self.trace = self.chain = None
        self.source.forget()
        self.controls.hide()
        self._light()

    def _numbers(self) -> Columns:
        trace, layer = self.trace, self.layer
        return {} if trace is None or layer is None else columns(trace, layer)
