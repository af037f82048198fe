"""`predict`: the answers of a trained network to the rows of a file, as a table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from engine.commands.outcome import DONE
from engine.commands.terminal import side_screen
from engine.commands.trained import open_trained, rows_of
from engine.data.prepare import Prepared
from engine.errors import DataError
from engine.exchange.files import words, write_whole
from engine.insight.metrics import chosen

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def predict(path: Path, data: str, output: Path) -> int:
    """Write a row of answers for every row of ``data``; ``-`` as ``output`` is the standard output.

    Raises:
        NetloomError: the project or the data are at fault, or the table cannot be written.
    """
    program = open_trained(path, with_rows=False)
    prepared = program.prepared
    rows = rows_of(data, prepared.dataset, prepared.input.shape, with_targets=False)
    table = answers_as_table(prepared, program.predict(rows.x))
    if str(output) == "-":
        table.to_csv(sys.stdout, index=False)
        return DONE
    write: Callable[[IO[bytes]], Any] = lambda file: table.to_csv(file, index=False)  # noqa: E731
    try:
        write_whole(output, write)
    except OSError as error:
        raise DataError(str(output), f"it cannot be written: {words(error)}", "Choose another place") from error
    side_screen().print(f"{len(table):,} answers in {output}", soft_wrap=True)
    return DONE


def answers_as_table(prepared: Prepared, answers: NDArray[np.float64]) -> pd.DataFrame:
    """A column per target; for classes the chosen one by name, then the probability of each."""
    import numpy as np
    import pandas as pd

    dataset = prepared.dataset
    if prepared.task == "regression":
        flat = answers.reshape(len(answers), -1)
        names = (
            dataset.targets if len(dataset.targets) == flat.shape[1] else [f"y{i + 1}" for i in range(flat.shape[1])]
        )
        return pd.DataFrame(flat, columns=list(names))
    classes = np.array(dataset.classes)
    picked = classes[chosen(prepared.task, answers)]
    if answers.ndim > 2:
        # A class at every step of a sequence: a column per step.
        return pd.DataFrame(picked, columns=[f"{dataset.targets[0]} {step + 1}" for step in range(picked.shape[1])])
    probabilities = np.concatenate([1 - answers, answers], axis=1) if prepared.task == "binary" else answers
    table = pd.DataFrame(probabilities, columns=[f"p({name})" for name in classes])
    table.insert(0, dataset.targets[0], picked)
    return table
