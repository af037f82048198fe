"""The command line: its verbs with their options, and what each failure says and returns. Knows no Qt."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from engine.commands.outcome import BAD_INPUT, DIVERGED, DONE, FAULT, INTERRUPTED, Interrupted
from engine.errors import Diverged, NetloomError

app = typer.Typer(
    name="netloom",
    help="Build, train and look into neural networks. Without a verb, or with a file alone, the window opens.",
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# Newer Typers bring a click of their own: the root of their usage errors is reached through a public name.
_UsageFault: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


class Task(StrEnum):
    """What is asked of a table's target."""

    regression = "regression"
    binary = "binary"
    multiclass = "multiclass"


Design = Annotated[Path, typer.Argument(metavar="DESIGN", help="A design (.json) or a project (.netloom).")]
Project = Annotated[Path, typer.Argument(metavar="PROJECT", help="A project (.netloom).")]
Data = Annotated[
    str | None, typer.Option("--data", metavar="NAME|FILE", help="A built-in set or a table instead of the design's.")
]
Target = Annotated[
    str | None, typer.Option("--target", metavar="COLUMN", help="The column to predict; several with commas between.")
]
TaskChoice = Annotated[Task | None, typer.Option("--task", help="What is asked of the target; else it is found out.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PLACE=VALUE",
        help="training.learning_rate=0.01, data.noise=20, split.test=0.2, dense_1.units=16 …; may be repeated.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object per line.")]


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"netloom {version('netloom')}")
        except PackageNotFoundError:
            typer.echo("netloom, run from its folder without being installed")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Build, train and look into neural networks. Without a verb, or with a file alone, the window opens."""


@app.command()
def train(
    design: Design,
    data: Data = None,
    target: Target = None,
    task: TaskChoice = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Stop after so many epochs in all.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Same seed: same bits.")] = None,
    settings: Settings = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="P.netloom", help="Where to save what was learnt.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the project stopped, bit for bit.")] = False,
    as_json: Json = False,
) -> int:
    """Train a design. Ctrl-C saves and says where."""
    from engine.commands.opening import Wish
    from engine.commands.train import train as run

    wish = Wish(data, target, task and task.value, tuple(settings or ()), epochs, seed)
    return run(design, wish, output, resume, as_json)


@app.command()
def check(
    design: Design,
    data: Data = None,
    target: Target = None,
    task: TaskChoice = None,
    settings: Settings = None,
    gradients: Annotated[
        bool, typer.Option("--gradients", help="Compare every gradient with finite differences in float64.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Show every wire's shape and what each layer costs; say what is wrong."""
    from engine.commands.check import check as run
    from engine.commands.opening import Wish

    return run(design, Wish(data, target, task and task.value, tuple(settings or ())), gradients, as_json)


@app.command()
def predict(
    project: Project,
    data: Annotated[str, typer.Option("--data", metavar="FILE", help="The rows to answer.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.csv", help="Where the answers go.")],
) -> int:
    """Answer the rows of a table with a trained network."""
    from engine.commands.predict import predict as run

    return run(project, data, output)


@app.command()
def evaluate(project: Project, data: Data = None, as_json: Json = False) -> int:
    """Measure how good a trained network is: on its own data, or on a file."""
    from engine.commands.evaluate import evaluate as run

    return run(project, data, as_json)


@app.command()
def doctor(
    design: Design,
    data: Data = None,
    target: Target = None,
    task: TaskChoice = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Train so many epochs at most.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Same seed: same bits.")] = None,
    settings: Settings = None,
    as_json: Json = False,
) -> int:
    """Say what ails a network, why, and what helps; a design is trained first, and nothing is saved."""
    from engine.commands.doctor import doctor as run
    from engine.commands.opening import Wish

    return run(design, Wish(data, target, task and task.value, tuple(settings or ()), epochs, seed), as_json)


@app.command()
def trace(
    project: Design,
    row: Annotated[int, typer.Option("--row", metavar="N", min=1, help="The example, by its number in the data.")] = 1,
    weight: Annotated[
        str | None,
        typer.Option("--weight", metavar="LAYER/NAME[i,j]", help="Why this weight's gradient is what it is."),
    ] = None,
    as_json: Json = False,
) -> int:
    """Follow one example through the network and back: every value, the loss, the gradients, the step."""
    from engine.commands.trace import trace as run

    return run(project, row, weight, as_json)


@app.command()
def compare(
    designs: Annotated[
        list[Path], typer.Argument(metavar="DESIGN…", help="Designs (.json) or projects (.netloom), side by side.")
    ],
    data: Data = None,
    target: Target = None,
    task: TaskChoice = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Stop each after so many epochs.")] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="The first seed of each, in place of its own.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Train each with so many seeds: mean ± sd.")] = 1,
    settings: Settings = None,
    as_json: Json = False,
) -> int:
    """Train several designs beside each other and print their final numbers."""
    from engine.commands.compare import compare as run
    from engine.commands.opening import Wish

    wish = Wish(data, target, task and task.value, tuple(settings or ()), epochs, seed)
    return run(designs, wish, seeds, as_json)


@app.command()
def datasets(as_json: Json = False) -> int:
    """List the built-in sets with their settings."""
    from engine.commands.listings import list_datasets

    return list_datasets(as_json)


@app.command()
def layers(as_json: Json = False) -> int:
    """List the layers with their fields and defaults."""
    from engine.commands.listings import list_layers

    return list_layers(as_json)


@app.command()
def bench(
    as_json: Json = False,
    peers: Annotated[
        bool, typer.Option("--peers", help="Set PyTorch, JAX and scikit-learn beside it, where installed.")
    ] = False,
    gui: Annotated[
        bool, typer.Option("--gui", help="Measure training with the window on top, and the window itself.")
    ] = False,
) -> int:
    """Measure how fast networks train on this machine."""
    if gui:
        # The engine knows no window; main.py has taken this way before it came here.
        raise NetloomError("bench --gui", "it needs the window", "Call it as main.py bench --gui")
    from engine.bench.report import run

    return run(as_json=as_json, peers=peers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit code. What fails is one line on standard error, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without × or α shows a question mark there, which is better than no answer.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except Interrupted as stop:
        return _say(str(stop), INTERRUPTED)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted", INTERRUPTED)
    except Diverged as error:
        return _say(str(error), DIVERGED)
    except NetloomError as error:
        return _say(str(error), BAD_INPUT)
    except _UsageFault as error:
        return _say(_usage(error), BAD_INPUT)
    except BrokenPipeError:
        # Whoever read has enough, as in `… | head`; what is still buffered must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        return _say(f"{error.filename or 'file'}: {error.strerror or error}", BAD_INPUT)
    except MemoryError:
        return _say("the design or the data do not fit into this machine's memory; make them smaller", BAD_INPUT)
    except Exception as error:
        # Whatever it is, the user gets a sentence.
        if os.environ.get("NETLOOM_DEBUG"):
            raise
        fault = f"this is a fault of Netloom itself: {type(error).__name__}: {error}"
        return _say(f"{fault}; with NETLOOM_DEBUG=1 it says where", FAULT)
    return code


def _run(arguments: list[str]) -> int:
    """Typer without its own ways of printing errors and leaving."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("netloom", arguments) as context:
            return int(command.invoke(context) or DONE)
    except typer.Exit as end:
        return end.exit_code


def _say(sentence: str, code: int) -> int:
    print(f"netloom: {' '.join(sentence.split())}", file=sys.stderr)
    return code


def _usage(error: Exception) -> str:
    """Typer's message with the verb's name, so that one sees whose option is meant."""
    context = getattr(error, "ctx", None)
    verb = getattr(context, "info_name", None) or ""
    message = getattr(error, "format_message", error.__str__)()
    return f"{verb}: {message} (see: main.py {verb} --help)" if verb and verb != "netloom" else message
