"""Files of a window: new, open, save, recent and examples, and the question before work would be lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.background import Background
from engine.design.document import Document
from engine.errors import NetloomError
from engine.exchange.design_json import load_design, save_design
from engine.exchange.project import Project, load_project, save_project
from engine.program.state import State

if TYPE_CHECKING:
    from app.main_window import MainWindow

PROJECT, DESIGN = ".netloom", ".json"
TABLES: Final = (".csv", ".tsv", ".tab", ".txt")
KEPT: Final = 10  # recent files
EXAMPLES: Final = Path(__file__).parent.parent / "resources" / "examples"
OPENS: Final = (
    "All that Netloom reads (*.netloom *.json *.csv *.tsv);;Projects (*.netloom);;Designs (*.json);;"
    "Tables (*.csv *.tsv *.tab *.txt);;All files (*)"
)
SAVES: Final = "Project with weights and history (*.netloom);;Design alone (*.json)"


class Files(QObject):
    """What the File menu does. Files are read and written beside the window, which goes on.

    Signals:
        recent_changed: the list of recent files is another.
    """

    recent_changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self.background = Background(self)
        self._project: Project | None = None

    @property
    def recent(self) -> list[Path]:
        stored = QSettings().value("recent", [])
        names = [stored] if isinstance(stored, str) else list(stored or [])
        return [Path(name) for name in names if Path(name).is_file()]

    @property
    def name(self) -> str:
        """What the title and the questions call the open design."""
        path = self._session.path
        return path.name if path else self._session.document.title or "Untitled"

    def examples(self) -> list[Path]:
        return sorted(EXAMPLES.glob(f"*{DESIGN}")) + sorted(EXAMPLES.glob(f"*{PROJECT}"))

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

    def open_example(self, path: Path) -> None:
        self.unless_lost(lambda: self._load(path, example=True))

    def save(self, then: Callable[[], None] | None = None) -> None:
        path = self._session.path
        if path is None:
            self.ask_save(then)
        else:
            self.write(path, then)

    def ask_save(self, then: Callable[[], None] | None = None) -> None:
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
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def unless_lost(self, then: Callable[[], object]) -> None:
        """``then()``, after the user has said what is to become of unsaved work; not at all on Cancel."""
        if not self._session.modified:
            then()
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Save changes?")
        box.setText(f"“{self.name}” has changes that are not saved.")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)

        def answered(_result: int) -> None:
            button = box.standardButton(box.clickedButton())
            box.deleteLater()
            if button == buttons.Save:
                self.save(lambda: then() and None)
            elif button == buttons.Discard:
                then()

        box.finished.connect(answered)
        box.open()

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        others = [known for known in self.recent if known != path.resolve()]
        QSettings().setValue("recent", [str(p) for p in (path.resolve(), *others)][:KEPT])
        QSettings().setValue("folder", str(path.resolve().parent))
        self.recent_changed.emit()

    def forget_recent(self) -> None:
        QSettings().remove("recent")
        self.recent_changed.emit()

    def write(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Write the design as it is now, with what has been learnt where the file can hold it."""
        document = self._session.document

        def done(_result: None) -> None:
            self._session.saved(path)
            self.remember(path)
            if then is not None:
                then()

        if path.suffix.lower() == DESIGN:
            self.background.run(partial(save_design, path, document), done, self._refuse)
        else:
            self._window.running.snapshot(
                lambda state, history: self.background.run(
                    partial(_save_project, path, self._project, document, state, history), done, self._refuse
                )
            )

    def _folder(self) -> str:
        path = self._session.path
        return str(path.parent if path else QSettings().value("folder", str(Path.home())))

    def _refuse(self, error: NetloomError) -> None:
        self._window.banner.say(str(error), "sick")

    def _load(self, path: Path, example: bool = False) -> None:
        def done(project: Project) -> None:
            self._project = project
            self._session.open(project.document, None if example else path)
            if project.state is not None:
                self._window.running.restore(project.state, dict(project.history))
            if not example:
                self.remember(path)

        self.background.run(partial(_read, path), done, self._refuse)


def _read(path: Path) -> Project:
    return load_project(path) if path.suffix.lower() == PROJECT else Project(load_design(path))


def _save_project(
    path: Path, before: Project | None, document: Document, state: State | None, history: dict[str, Any]
) -> None:
    """What the file brought along and is not ours to change (its data, parts of a newer version) goes back into it."""
    project = replace(before or Project(document), document=document, state=state, history=history)
    save_project(path, project)
