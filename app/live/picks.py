"""What the user has picked for the picture of the fit: a baseline, two inputs, an example, a mistake."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from engine.insight.pictures import Kind


class Picks(QObject):
    """Shared by the drawings, which set it, and the view, which asks accordingly.

    Attributes:
        degree: of the polynomial beside a curve; 0 for none.
        features: the two inputs that span the plane. held: the example at which the others are held, or None.
        of: (true, answered): only such mistakes are listed; None for all.
        wanted: a kind of picture that a click has asked for, until the view has taken it.

    Signals:
        changed: something else is picked.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.degree = 0
        self.features = (0, 1)
        self.held: int | None = None
        self.of: tuple[int, int] | None = None
        self.wanted: Kind | None = None

    def forget(self) -> None:
        """Other data: what was picked among the old ones means nothing; tells nobody."""
        self.features, self.held, self.of = (0, 1), None, None

    def set_degree(self, degree: int) -> None:
        self.degree = degree
        self.changed.emit()

    def set_features(self, first: int, second: int) -> None:
        self.features = (first, second)
        self.changed.emit()

    def pick(self, row: int | None) -> None:
        """An example, by its number in the prepared data; None for none."""
        if row != self.held:
            self.held = row
            self.changed.emit()

    def list_mistakes(self, of: tuple[int, int] | None) -> None:
        self.of, self.wanted = of, "worst"
        self.changed.emit()
