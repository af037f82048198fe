"""Why this number: one example, stage by stage and layer by layer, and the chain of any weight that is clicked."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTextBrowser, QVBoxLayout, QWidget

from app import theme
from app.background import Background
from app.live import View
from app.live.empty import EmptyWord, Waiting
from app.live.share import Columns, Sharing
from app.live.why.controls import CHAIN, WhyControls
from app.live.why.page import chain_page, stage_page, style_sheet
from app.live.why.steps import beside, fitting
from app.live.why.strip import Cells, ValueStrip
from app.live.why.weights import WeightTable
from app.picked import Way, Weight
from app.session import Session, matters
from engine.design.document import Wire
from engine.errors import NetloomError
from engine.insight.trace import Chain, LayerTrace, Moment, Now, Stage, Trace, plain
from engine.insight.trace.record import telling

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

KEY: Final = "why"
EVERY: Final = 0.5  # s between two looks while it trains
SHARE: Final = 0.01  # of the trainer's time that taking a moment may cost
PATIENCE: Final = 5.0  # s after which an answer is no longer waited for
WIDE: Final = 640  # px from which formulas and weights stand side by side
STAGE_NAMES: Final[dict[str, Stage]] = {"forward": "forward", "loss": "loss", "backward": "backward"}


class WhyView(View):
    """Takes a moment of the run, works it out on a thread of its own, and shows where the stepper is."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._background = Background(self)
        self.trace: Trace | None = None
        self.chain: Chain | None = None
        self.stage: Stage = "forward"
        self.node, self.unit = "", 0
        self.explains = False  # the chain of the chosen weight is shown, not a stage
        self._moment: Moment | None = None
        self._wanted: tuple[object, ...] = ()  # what was last asked for
        self._asked, self._waits, self._works = 0.0, False, False
        self._touched = 0  # how often something has changed that the status does not tell
        self._paused_at = ""
        self._seen = True
        self._make()
        session.selection_changed.connect(self._on_selection_changed)
        session.picked.row_changed.connect(self._on_row_changed)
        session.picked.weight_changed.connect(self._on_weight_changed)
        session.weights_set.connect(self._touch)
        session.opened.connect(self._on_opened)
        theme.announcer.changed.connect(self._show)

    def _make(self) -> None:
        self.controls = WhyControls()
        self.controls.row_chosen.connect(self._session.picked.choose_row)
        self.controls.stage_chosen.connect(self._on_stage_chosen)
        self.controls.layer_chosen.connect(lambda node: self.go(self.stage, node))
        self.controls.stepped.connect(self.step)
        self.controls.weights.toggled.connect(lambda _on: self._share_room())
        self.strip = ValueStrip()
        self.strip.chosen.connect(self.choose_unit)
        self.page = QTextBrowser()
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.setAccessibleName("Formulas with their numbers")
        self.page.setMinimumSize(120, 40)
        self.table = WeightTable()
        self.table.chosen.connect(self._on_chosen)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        for widget in (self.page, self.table):
            self._split.addWidget(widget)
        self._split.setSizes([600, 400])
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self._split, 1)
        self._empty = Waiting(self._session, "one example's way through the network")
        self._fault = EmptyWord("")
        self._stack = QStackedWidget()
        for page in (self._empty, body, self._fault):
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

    # -- what is asked of the trainer

    def refresh(self, trainer: Trainer) -> None:
        """Ask for the present moment where what is shown is of another, and work out what has been answered."""
        if self._session.prepared is None or self._session.report.errors:
            self._forget()
            return
        self._follow_stage(trainer)
        moment = trainer.answer(KEY)
        if isinstance(moment, Moment) and moment is not self._moment:
            self._moment, self._waits = moment, False
            self._work()
        self._ask(trainer)

    def _ask(self, trainer: Trainer) -> None:
        now, moment = perf_counter(), self._moment
        running = trainer.status.phase == "running"
        wanted = (trainer.status.step, trainer.status.epoch, self._touched)
        other = moment is None or matters(moment.document, self._session.document)
        if (wanted == self._wanted and not other) or (self._waits and now - self._asked < PATIENCE) or self._works:
            return
        rest = max(EVERY, moment.seconds / SHARE if moment is not None else 0.0) if running or other else 0.0
        if now - self._asked >= rest:
            self._asked, self._wanted, self._waits = now, wanted, True
            trainer.ask(KEY, Now())

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
            self._wanted = (trainer.status.step, trainer.status.epoch, self._touched)

    def _enter(self, stage: Stage) -> None:
        """Show a stage at the layer where the stepper is."""
        self.stage = stage
        self._show()

    def _work(self) -> None:
        """Beside the window; what is answered meanwhile is worked out afterwards."""
        moment = self._moment
        if moment is None or self._works:
            return
        self._works = True
        row = min(self._session.picked.row or 0, moment.prepared.rows - 1)
        weight = self._session.picked.weight
        asked = (moment, self._session.picked.row, weight)

        def done(found: tuple[Trace, Chain | None]) -> None:
            self._works = False
            self.trace, self.chain = found
            self._settle()
            if asked != (self._moment, self._session.picked.row, self._session.picked.weight):
                self._work()

        def failed(error: NetloomError) -> None:
            self._works = False
            self._forget(str(error))

        flat = None if weight is None else (weight.key, weight.index)
        self._background.run(lambda: moment.told(row, flat), done, failed)

    def stop(self) -> None:
        """Wait for what is being worked out."""
        self._background.stop()

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
            self.explains = True
            self._show()
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

    def _on_chosen(self, weight: Weight) -> None:
        self.explains = True
        self._session.picked.choose_weight(weight)
        self._show()

    def _on_weight_changed(self) -> None:
        weight = self._session.picked.weight
        self.explains = weight is not None
        self.chain = None
        if weight is not None and self.trace is not None and weight.node in self.trace.by_node:
            layer = self.trace.by_node[weight.node]
            if weight.node != self.node or layer.layer.kind == "dense":
                self.node, self.unit = weight.node, self._unit_of(weight, layer)
            if self._seen:
                self._session.select([weight.node])
        self._show()
        self._work()

    def _unit_of(self, weight: Weight, layer: LayerTrace) -> int:
        width = layer.output.value.shape[-1]
        if layer.layer.kind != "dense":
            return telling(layer)
        group = self.unit // width if self.node == layer.node else 0
        return group * width + weight.index % width

    def _touch(self) -> None:
        self._touched += 1

    def _on_opened(self) -> None:
        self._touch()
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
        self._show()

    # -- what is seen

    def _show(self, _theme: object = None) -> None:
        trace, layer = self.trace, self.layer
        if trace is None or layer is None:
            return
        weight = self._session.picked.weight
        explains = self.explains and weight is not None
        self.controls.show()
        self._stack.setCurrentIndex(1)
        self.controls.show_layers([(each.node, each.label) for each in trace.layers], self.node)
        self.controls.show_stage(CHAIN if explains else self.stage, weight is not None)
        self._show_row()
        self.strip.show_rows(self._cells(layer), self.unit)
        self.table.show_layer(trace, layer, self.unit, weight)
        self._share_room()
        self._write(self._body(trace, layer, weight, explains))
        self._light()

    def _body(self, trace: Trace, layer: LayerTrace, weight: Weight | None, explains: bool) -> str:
        if explains and weight is not None:
            if self.chain is not None and (self.chain.key, self.chain.index) == (weight.key, weight.index):
                return chain_page(self.chain, trace, self.page.viewport().width())
            return "<html><body><p class='dim'>Working out the chain …</p></body></html>"
        return stage_page(trace, self.stage, layer, self.unit, None if weight is None else (weight.key, weight.index))

    def _write(self, html: str) -> None:
        """Stay where the user has scrolled to while only numbers change."""
        bar = self.page.verticalScrollBar()
        place = bar.value()
        self.page.document().setDefaultStyleSheet(style_sheet())
        self.page.setHtml(html)
        bar.setValue(place)

    def _cells(self, layer: LayerTrace) -> tuple[Cells, ...]:
        """Values on the way forwards, gradients on the way back."""
        back = self.stage in ("backward", "update") or (self.explains and self._session.picked.weight is not None)
        found = []
        for quantity in layer.quantities:
            values = quantity.gradient if back else quantity.value
            if values is not None:
                symbol = plain(quantity.symbol)
                units = values.size == layer.output.value.size and not quantity.title.startswith("from")
                found.append(
                    Cells(f"∂E/∂{symbol}" if back else symbol, quantity.title, np.asarray(values).ravel(), units)
                )
        return tuple(found)

    def _show_row(self) -> None:
        prepared = self._session.prepared
        if prepared is not None and self.trace is not None:
            row = min(
                self._session.picked.row if self._session.picked.row is not None else self.trace.row, prepared.rows - 1
            )
            self.controls.show_row(row, prepared.rows, self._reading())

    def _reading(self) -> str:
        trace = self.trace
        if trace is None:
            return ""
        return f"wanted {trace.loss.wanted}, answered {trace.loss.shown}; {trace.part}, step {trace.step + 1}"

    def _light(self) -> None:
        """The way of the chosen weight, while it is explained and can be seen."""
        chain = self.chain if self.explains and self._seen else None
        if chain is None:
            self._session.picked.light(Way())
            return
        wires = frozenset(Wire(source=source, target=target, port=port) for source, target, port in chain.wires)
        self._session.picked.light(Way(frozenset(chain.nodes), wires))

    def _share_room(self) -> None:
        """Side by side where there is room, else one of both."""
        wide, layer = self.width() >= WIDE, self.layer
        self.strip.setVisible(wide or not self.explains)
        learns = layer is not None and bool(layer.parameters)
        self.controls.weights.setVisible(not wide and learns)
        listed = learns and (wide or self.controls.weights.isChecked())
        self.table.setVisible(listed)
        self.page.setVisible(wide or not listed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.explains:
            self._show()  # as many factors side by side as have room
        else:
            self._share_room()

    def show_seen(self, seen: bool) -> None:
        self._seen = seen
        self._light()

    def _forget(self, fault: str = "") -> None:
        """Nothing can be shown; what to do, or what is at fault, is said."""
        self._fault.setText(fault)
        self._stack.setCurrentWidget(self._fault if fault else self._empty)
        if self.trace is None:
            return
        self.trace = self.chain = self._moment = None
        self.controls.hide()
        self._light()

    def _numbers(self) -> Columns:
        """The weights of the layer, for a table."""
        trace, layer = self.trace, self.layer
        if trace is None or layer is None:
            return {}
        updated = trace.updated
        names = [f"{key}[{index}]" for key in layer.parameters for index in range(updated.by_key[key].size)]
        columns = {"weight": updated.old, "gradient": updated.gradient, "new weight": updated.new}
        parts = {name: [part(key).ravel() for key in layer.parameters] for name, part in columns.items()}
        return {"name": names} | {name: np.concatenate(each) if each else np.zeros(0) for name, each in parts.items()}
