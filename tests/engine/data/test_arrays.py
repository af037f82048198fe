"""Arrays from .npz files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.data import Arrays
from engine.errors import DataError


def saved(folder: Path, **arrays: object) -> str:
    file = folder / "set.npz"
    np.savez(file, **arrays)
    return str(file)


@pytest.mark.parametrize(
    ("y", "task", "classes"),
    [
        (np.arange(20) % 2, "binary", ("0", "1")),
        (np.arange(20) % 3, "multiclass", ("0", "1", "2")),
        (np.arange(20) / 3, "regression", ()),
        (np.arange(40).reshape(20, 2), "regression", ()),
        (np.arange(20), "regression", ()),
        (np.arange(20) % 2 == 1, "binary", ("0", "1")),
        (np.arange(20) % 2 * 2 - 1, "binary", ("-1", "1")),
        (np.arange(20) % 2 + 1.0, "binary", ("1", "2")),
        (np.arange(60) % 30 * 1.0, "regression", ()),
        (np.arange(60) % 30, "multiclass", tuple(map(str, range(30)))),
        (np.array(["cat", "dog", "ant", "dog"] * 5), "multiclass", ("ant", "cat", "dog")),
    ],
)
def test_that_the_task_is_guessed(tmp_path: Path, y: np.ndarray, task: str, classes: tuple[str, ...]) -> None:
    dataset = Arrays(path=saved(tmp_path, x=np.ones((len(y), 3)), y=y)).load(0)
    assert (dataset.task, dataset.classes) == (task, classes)
    assert dataset.y.shape == (len(y), 2 if y.ndim == 2 else 1)
    if classes and y.dtype.kind != "b":
        named = [classes[int(index)] for index in dataset.y[:, 0]]
        assert named == [str(label).removesuffix(".0") for label in y]


def test_that_the_type_of_large_inputs_is_kept(tmp_path: Path) -> None:
    x = np.zeros((20, 784), np.uint8)
    dataset = Arrays(
        path=saved(tmp_path, images=x, labels=np.arange(20) % 10), x="images", y="labels", shape=(28, 28, 1)
    )
    assert dataset.load(0).x.shape == (20, 28, 28, 1)
    assert dataset.load(0).x.dtype == np.uint8


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"x": "inputs"}, "has no array 'inputs'. It has: x, y"),
        ({"shape": (2, 2)}, "an example holds 3 numbers, which are not 2×2"),
        ({"path": "/no/such.npz"}, "there is no such file"),
        ({"path": ""}, "no file is chosen"),
        ({"task": "binary"}, "has 20 classes. Choose the task multiclass"),
    ],
)
def test_that_what_does_not_fit_is_refused_in_words(tmp_path: Path, fields: dict[str, object], words: str) -> None:
    path = saved(tmp_path, x=np.ones((20, 3)), y=np.arange(20))
    with pytest.raises(DataError) as caught:
        Arrays(**{"path": path, **fields}).load(0)
    assert words in str(caught.value)
    assert caught.value.remedy


def test_that_broken_and_foreign_files_are_refused(tmp_path: Path) -> None:
    whole = Path(saved(tmp_path, x=np.ones((200, 3)), y=np.arange(200))).read_bytes()
    file = tmp_path / "broken.npz"
    for content in (b"", b"a,b\n1,2\n", whole[:300], whole[: len(whole) // 2], whole[:200] + b"x" * 50 + whole[250:]):
        file.write_bytes(content)
        with pytest.raises(DataError, match="broken"):
            Arrays(path=str(file)).load(0)
    np.save(tmp_path / "single.npy", np.ones(3))
    with pytest.raises(DataError, match=r"is not an \.npz file"):
        Arrays(path=str(tmp_path / "single.npy")).load(0)
    with pytest.raises(DataError, match="cannot be read"):
        Arrays(path=str(tmp_path)).load(0)


def test_that_objects_are_never_unpickled(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no plain numbers"):
        Arrays(path=saved(tmp_path, x=np.array([{}, {}], object), y=np.arange(2))).load(0)
