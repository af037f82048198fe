"""Files of a window: new, open, save, recent and examples, and the question before work would be lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app import preferences
from app.background import Background
from app.examples import Example
from engine.design.document import Document
from engine.errors import NetloomError
from engine.exchange.design_json import load_design, save_design
from engine.exchange.project import Project, load_project, save_project

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from app.recovery import Work
    from engine.program.state import State

PROJECT, DESIGN = ".netloom", ".json"
TABLES: Final = (".csv", ".tsv", ".tab", ".txt")
KEPT: Final = 10  # recent files
OPENS: Final = (
    "All that Netloom reads (*.netloom *.json *.csv *.tsv);;Projects (*.netloom);;Designs (*.json);;"
    "Tables (*.csv *.tsv *.tab *.txt);;All files (*)"
)
SAVES: Final = "Project with weights and history (*.netloom);;Design alone (*.json)"


class Files(QObject):
    """What the File menu does. Files are read and written beside the window, which goes on.

    Signals:
        recent_changed: the list of recent files is another.
        kept_open: asked whether unsaved work may go, the user said no.
    """

    recent_changed = Signal()
    kept_open = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.background = Background(self)
        self._project: Project | None = None

    @property
    def recent(self) -> list[Path]:
        stored = QSettings().value("recent", [])
        # one that is not there now may be on a disk that is not plugged in: it is told when it is opened
        return [Path(name) for name in ([stored] if isinstance(stored, str) else list(stored or []))]

    @property
    def name(self) -> str:
        """What the title and the questions call the open design."""
        path = self._session.path
        return path.name if path else self._session.document.title or "Untitled"

    def new(self) -> None:
        def begin() -> None:
            self._project = None
            self._session.open(Document())

        self.unless_lost(begin)

    def ask_open(self) -> None:
        dialog = QFileDialog(self._window, "Open", self._folder(), OPENS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open(self, path: Path) -> None:
        """Whatever it is: a project or a design takes the window, a table becomes the data of the design."""
        if path.suffix.lower() in TABLES:
            self._window.use_table(path)
        else:
            self.unless_lost(lambda: self._load(path))

    def open_example(self, example: Example) -> None:
        """Open it, and say what it shows and what to try."""
        self.unless_lost(lambda: self._load(example.path, example=True))

    def save(self, then: Callable[[], object] | None = None) -> None:
        path = self._session.path
        if path is None:
            self.ask_save(then)
        else:
            self.write(path, then)

    def ask_save(self, then: Callable[[], object] | None = None) -> None:
        start = self._session.path or Path(self._folder()) / f"{self._session.document.title or 'network'}{PROJECT}"
        dialog = QFileDialog(self._window, "Save as", str(start.parent), SAVES)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(start.name)
        dialog.selectNameFilter(SAVES.split(";;")[1 if start.suffix == DESIGN else 0])

        def chosen(name: str) -> None:
            path = Path(name)
            if path.suffix.lower() not in (PROJECT, DESIGN):
                path = path.with_name(path.name + (DESIGN if "json" in dialog.selectedNameFilter() else PROJECT))
            self.write(path, then)

        dialog.fileSelected.connect(chosen)
        dialog.rejected.connect(self.kept_open)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def unless_lost(self, then: Callable[[], object]) -> None:
        """``then()``, after the user has said what is to become of unsaved work; not at all on Cancel."""
        if not self._window.unsaved.any:
            then()
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Save changes?")
        box.setText(self._what_would_be_lost())
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)

        def answered(_result: int) -> None:
            button = box.standardButton(box.clickedButton())
            box.deleteLater()
            if button == buttons.Save:
                self.save(then)
            elif button == buttons.Discard:
                then()
            else:
                self.kept_open.emit()

        box.finished.connect(answered)
        box.open()

    def project_of(self, document: Document) -> Project:
        """The project to write: what the file brought along and is not ours to change goes back into it."""
        return replace(self._project or Project(document), document=document)

    def bring_back(self, work: Work) -> None:
        """Open work that no file holds."""
        self._project = _frame(work.project)
        self._session.open(work.project.document, work.path, modified=True)
        if work.project.state is not None:
            self._window.running.restore(work.project.state, dict(work.project.history))

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        others = [known for known in self.recent if known != path.resolve()]
        QSettings().setValue("recent", [str(p) for p in (path.resolve(), *others)][:KEPT])
        QSettings().setValue("folder", str(path.resolve().parent))
        QSettings().setValue("last", str(path.resolve()))
        self.recent_changed.emit()

    def forget_recent(self) -> None:
        QSettings().remove("recent")
        self.recent_changed.emit()

    def write(self, path: Path, then: Callable[[], object] | None = None) -> None:
        """Write the design as it is now, with what has been learnt where the file can hold it."""
        document = self._session.document

        def done(step: int | None) -> None:
            elsewhere = path != self._session.path
            self._session.saved(path)
            if self._session.document != document:  # edited while it was written
                self._session.undo.resetClean()
            if step is not None:
                self._window.unsaved.kept(step)
            elif elsewhere and self._window.unsaved.trained:
                self._window.banner.say("The design is saved; what it has learnt is not: that takes a project.",
                    "notice", "Save as project…", self.ask_save)  # fmt: skip
            self._window.autosave.save()
            self.remember(path)
            if then is not None:
                then()

        def refuse(error: NetloomError) -> None:
            self._window.banner.say(str(error), "sick", "Save elsewhere…", lambda: self.ask_save(then))
            self.kept_open.emit()

        if path.suffix.lower() == DESIGN:
            self.background.run(partial(save_design, path, document), lambda _: done(None), refuse)
        else:
            project, running = self.project_of(document), self._window.running
            limit = preferences.TIMELINE_FILE.get() * 2**20

            def take(state: State | None, history: dict[str, Any]) -> None:
                whole = replace(project, state=state, history=history, timeline=running.course() if limit else None)
                self.background.run(partial(_save_project, path, whole, limit), done, refuse)

            running.snapshot(take)

    def _folder(self) -> str:
        path = self._session.path
        return str(path.parent if path else QSettings().value("folder", str(Path.home())))

    def _refuse(self, path: Path, error: NetloomError) -> None:
        if path.resolve() in self.recent and not path.exists():
            self._window.banner.say(str(error), "sick", "Take it off the list", partial(self._forget, path))
        else:
            self._window.banner.say(str(error), "sick")

    def _forget(self, path: Path) -> None:
        QSettings().setValue("recent", [str(known) for known in self.recent if known != path.resolve()])
        self.recent_changed.emit()

    def _what_would_be_lost(self) -> str:
        if self._session.modified:
            learnt = ", and what was learnt since it was saved" if self._window.unsaved.weights else ""
            return f"“{self.name}” has changes that are not saved{learnt}."
        return f"“{self.name}” has learnt since it was saved. Without saving, the file keeps the weights it has."

    def _load(self, path: Path, example: bool = False) -> None:
        def done(project: Project) -> None:
            self._project = _frame(project)
            self._session.open(project.document, None if example else path)
            if project.state is not None:
                self._window.unsaved.begin(int(project.state.counters.get("step", 0)))
                self._window.running.restore(project.state, dict(project.history), project.timeline)
            if example:
                self._window.banner.say(project.document.notes)
            else:
                self.remember(path)

        self.background.run(partial(_read, path), done, partial(self._refuse, path))


def _frame(project: Project) -> Project:
    """What of a project nobody else holds: what was learnt is the trainer's from now on, and may be large."""
    return replace(project, state=None, history={}, timeline=None)


def _read(path: Path) -> Project:
    return load_project(path) if path.suffix.lower() == PROJECT else Project(load_design(path))


def _save_project(path: Path, project: Project, timeline_limit: int) -> int:
    """Write it; returns the step up to which it has learnt."""
    save_project(path, project, timeline_limit=timeline_limit)
    return int(project.state.counters.get("step", 0)) if project.state else 0
