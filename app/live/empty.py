"""The word of a view that has nothing to show yet: it says what to do next."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app import theme
from app.session import Session


class EmptyWord(QLabel):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self, "dim")
        self.setContentsMargins(24, 8, 24, 8)
        self.setMinimumSize(120, 60)


class Waiting(EmptyWord):
    """Of a view that shows something once the design trains; on an empty canvas that is not the next thing to do."""

    def __init__(self, session: Session, what: str) -> None:
        """``what``: appears here, with its article, without a full stop."""
        super().__init__(what_next(session, what))
        self._session, self._what = session, what
        session.report_changed.connect(self._say)

    def _say(self) -> None:
        self.setText(what_next(self._session, self._what))


HERE: Final = "appears\N{NO-BREAK SPACE}here."  # a line of one short word is none


def what_next(session: Session, what: str) -> str:
    """What to do until ``what`` can be seen."""
    if not session.document.nodes:
        return f"Drag an Input onto the canvas, then layers. Press Play, and {what} {HERE}"
    if session.report.errors:
        return f"Mend what stands under Problems. Then press Play (Space): {what} {HERE}"
    return f"Press Play (Space): {what} {HERE}"
