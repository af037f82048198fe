"""Boxes on their way to new places: short, and not at all where motion is not wanted."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

from app import appearance, theme
from app.canvas.scene import CanvasScene


class Glide(QVariantAnimation):
    """Shows boxes between where they were and where the document has them; the document is there all along."""

    def __init__(self, scene: CanvasScene, parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._from: dict[str, QPointF] = {}
        self.setDuration(theme.ANIMATION)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.valueChanged.connect(self._on_value_changed)

    def begin(self, places: Mapping[str, QPointF]) -> None:
        """Come from these places."""
        self.settle()
        nodes = self._scene.session.document.by_id
        self._from = {
            id: place for id, place in places.items() if id in nodes and place != QPointF(nodes[id].x, nodes[id].y)
        }
        if self._from and appearance.moves():
            self.start()
            self._on_value_changed(0.0)  # not for one frame at the end already

    def settle(self) -> None:
        """Be there at once."""
        if self.state() == QVariantAnimation.State.Running:
            self.stop()
            self._scene.show_document_places(self._from)

    def _on_value_changed(self, share: float) -> None:
        if self.state() != QVariantAnimation.State.Running:
            return
        nodes = self._scene.session.document.by_id
        ends = {id: QPointF(nodes[id].x, nodes[id].y) for id in self._from if id in nodes}
        self._scene.show_places({id: self._from[id] + (end - self._from[id]) * share for id, end in ends.items()})
