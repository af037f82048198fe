"""Tables as sources: what becomes of their columns, what is asked, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import Source, Table
from engine.data.prepare import prepare
from engine.data.table import encode, encode_answers
from engine.errors import DataError
from engine.training.spec import DataSplit
from tests.engine.data.flowers import FLOWERS, roles

PENGUINS = Path(__file__).parents[4] / "shared" / "data"
needs_penguins = pytest.mark.skipif(
    not PENGUINS.is_dir(), reason="the folder shared/data with penguins.csv is not there"
)


def test_that_columns_become_inputs_and_the_target() -> None:
    dataset = Table(text=FLOWERS, most_categories=4).load(0)
    assert roles(dataset.columns) == {
        "id": "left out",
        "length": "number",
        "width": "number",
        "colour": "category",
        "day": "left out",
        "note": "left out",
        "species": "target",
    }
    reasons = {column.name: column.reason for column in dataset.columns if column.reason}
    assert reasons["id"] == "it only numbers the rows"
    assert "dates" in reasons["day"]
    assert "another text in nearly every row" in reasons["note"]
    assert dataset.features == ("length", "width", "colour = blue", "colour = red")
    assert dataset.task == "binary"
    assert dataset.classes == ("setosa", "virginica")
    # The second row misses its width and is dropped.
    np.testing.assert_array_equal(dataset.x, [[5.1, 3.5, 0, 1], [7, 3.2, 1, 0], [6.3, 3.3, 1, 0], [5.8, 2.7, 0, 1]])
    np.testing.assert_array_equal(dataset.y, [[0], [1], [1], [0]])


def test_that_missing_values_can_be_filled_in() -> None:
    text = "a,c,y\n1,red,1.5\nNA,red,2.5\n3,?,3.5\n8,blue,NA\n"
    dataset = Table(text=text, missing="mean").load(0)
    assert dataset.features == ("a", "c = blue", "c = red")
    # Mean of 1, 3, 8; shares of one blue and two red; the row without its target is left out all the same.
    np.testing.assert_allclose(dataset.x, [[1, 0, 1], [4, 0, 1], [3, 1 / 3, 2 / 3]])
    np.testing.assert_allclose(dataset.y[:, 0], [1.5, 2.5, 3.5])


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("a", "b", "c"), "c"),
        (("Target", "b", "c"), "Target"),
        (("a", "class", "c"), "class"),
        (("species", "b", "label"), "label"),
        (("species", "b", "c"), "species"),
    ],
)
def test_that_a_sensible_target_is_guessed(names: tuple[str, ...], expected: str) -> None:
    text = ",".join(names) + "\n1.5,2.5,3.5\n2.5,3.5,1.5\n3.5,1.5,2.5\n"
    assert Table(text=text).load(0).targets == (expected,)


def column_table(values: list[object], target: str = "y") -> str:
    return f"x,{target}\n" + "".join(f"{row + 0.5},{value}\n" for row, value in enumerate(values))


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["no", "yes"] * 5, "binary", ("no", "yes")),
        (["a", "b", "c"] * 5, "multiclass", ("a", "b", "c")),
        ([0, 1] * 5, "binary", ("0", "1")),
        ([10, 2] * 5, "binary", ("2", "10")),
        ([1.0, 2.0, 3.0] * 7, "multiclass", ("1", "2", "3")),
        (list(range(30)), "regression", ()),
        ([0.5, 1.5] * 10, "regression", ()),
        ([1, 100_000] * 10, "regression", ()),
        (["True", "False"] * 5, "binary", ("False", "True")),
    ],
)
def test_that_the_task_is_guessed_from_the_target(values: list[object], task: str, classes: tuple[str, ...]) -> None:
    dataset = Table(text=column_table(values)).load(0)
    assert (dataset.task, dataset.classes) == (task, classes)


def test_that_the_task_can_be_set() -> None:
    dataset = Table(text=column_table([1, 2, 3] * 7), task="regression").load(0)
    assert (dataset.task, dataset.y[:3, 0].tolist()) == ("regression", [1, 2, 3])
    dataset = Table(text=column_table([0.5, 1.5] * 10), task="binary").load(0)
    assert dataset.classes == ("0.5", "1.5")


def test_that_several_targets_are_a_regression_with_as_many_answers() -> None:
    dataset = Table(text="a,b,c\n1,2,3\n2,3,5\n3,1,6\n", target=("c", "a")).load(0)
    assert dataset.task == "regression"
    assert dataset.targets == ("a", "c")
    assert dataset.features == ("b",)
    np.testing.assert_array_equal(dataset.y, [[1, 3], [2, 5], [3, 6]])


def test_that_types_can_be_overridden_by_name() -> None:
    text = "id,code,size,y\n" + "".join(f"{row},{row % 3},{row % 7},{row * 1.5}\n" for row in range(20))
    plain = Table(text=text).load(0)
    assert plain.features == ("code", "size")
    changed = Table(text=text, numbers=("id",), categories="code", ignored=("size",)).load(0)
    assert changed.features == ("id", "code = 0", "code = 1", "code = 2")
    assert roles(changed.columns)["size"] == "left out"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "no file is chosen. Choose a CSV file or paste a table"),
        ({"text": "a,b\n1,2\n", "path": "x.csv"}, "a file and a pasted text are given"),
        ({"path": "/no/such/file.csv"}, "file.csv: there is no such file"),
        ({"text": "  \n"}, "is empty"),
        ({"text": "a\n1\n2\n"}, "has one column, 'a'"),
        ({"text": "a,b\n"}, "has no rows of data"),
        ({"text": "a,b\n1,2\n"}, "has one row of data"),
        ({"text": "a,label\n1,x\n2,x\n"}, "target 'label': has one class, 'x'"),
        ({"text": "a,b\n1,x\n2,x\n"}, "target 'b': has one class, 'x'"),
        ({"text": FLOWERS, "target": "specie"}, "there is no column 'specie'. Near: species"),
        ({"text": FLOWERS, "ignored": "collar"}, "there is no column 'collar'. Near: colour"),
        ({"text": column_table([*range(20), "abc"], "age")}, "row 21, column 'age': 'abc' is not a number"),
        ({"text": "a,b\n1.5,2\nabc,3\n3.5,4\n"}, "row 2, column 'a': 'abc' is not a number"),
        ({"text": column_table([1, 2, "abc", 4, 5, 6])}, "row 3, column 'y': 'abc' is not a number"),
        ({"text": FLOWERS, "numbers": "colour"}, "row 1, column 'colour': 'red' is not a number"),
        ({"text": FLOWERS, "target": "colour", "task": "regression"}, "row 1, column 'colour': 'red' is not a number"),
        ({"text": column_table([1, "inf", 3])}, "row 2, column 'y': inf is not a finite number"),
        ({"text": column_table([1, "inf", "inf"])}, "row 2, column 'y': inf is not a finite number"),
        ({"text": "a,b,c\n1,-inf,2\n2,3,4\n"}, "row 1, column 'b': -inf is not a finite number"),
        ({"text": "a,b,y\n1,NA,2\n2,NA,4\nNA,4,3\nNA,5,1\n"}, "every row misses a value, most often 'a'"),
        ({"text": "a,y\n1,NA\n2,NA\n", "target": "y"}, "target 'y': is empty"),
        ({"text": column_table(["p", "q", "r", "s"])}, "4 different values in 4 rows, so hardly any class comes twice"),
        (
            {"text": column_table(["p", "q", "r"] * 3), "task": "binary"},
            "has 3 classes (p, q, r). Choose the task multi",
        ),
        ({"text": "a,y\n1,p\nNA,q\n2,p\n"}, "only the class 'p' is left"),
        (
            {"text": "name,y\nBob,1\nAl,2\nCy,2\n", "most_categories": 2},
            "no column is left to learn from ('name': it has",
        ),
        ({"text": FLOWERS, "target": ("length", "width"), "task": "binary"}, "2 targets are named"),
    ],
)
def test_that_what_cannot_be_learnt_from_is_refused_in_words(fields: dict[str, object], words: str) -> None:
    with pytest.raises(DataError) as caught:
        Table(**fields).load(0)
    assert words in str(caught.value)
    assert caught.value.remedy


def test_that_a_table_is_called_by_the_name_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "flowers of may.csv"
    file.write_text(FLOWERS.replace("5.8", "wide"))
    with pytest.raises(DataError, match=r"flowers of may\.csv, row 5, column 'length': 'wide' is not a number"):
        Table(path=str(file), numbers=("length",)).load(0)


def test_that_its_dump_is_read_back() -> None:
    table = Table(text=FLOWERS, target="species", separator=",", missing_markers=("NA", "x"), header=True)
    assert Source.parse(table.dump()) == table


@given(
    st.lists(
        st.tuples(
            st.floats(-1e3, 1e3).map(lambda v: round(v, 3)), st.sampled_from("pqr"), st.sampled_from(["yes", "no"])
        ),
        min_size=6,
        max_size=40,
    ).filter(lambda rows: all(len({row[place] for row in rows}) > 1 for place in range(3)))
)
def test_that_encoding_the_table_itself_gives_the_inputs_back(rows: list[tuple[float, str, str]]) -> None:
    table = Table(text="a,b,y\n" + "".join(f"{a},{b},{y}\n" for a, b, y in rows), categories="b", numbers="a")
    dataset = table.load(0)
    np.testing.assert_array_equal(encode(table, dataset.columns), dataset.x)
    np.testing.assert_array_equal(encode_answers(table, dataset.columns), dataset.y)
    np.testing.assert_array_equal(dataset.x[:, 0], [row[0] for row in rows])
    assert (dataset.x[:, 1:].sum(1) == 1).all()


pieces = st.sampled_from(
    ["1", "2.5", "-3", "1,5", "1e400", "NA", "inf", "red", "blue", "2024-01-01", "ä", "True", "9" * 20, "id", "1_000"]
) | st.sampled_from(["", " ", "\t", "\n", "\r\n", "\x00", "\u2028", '"', "'", ";", ",", "|"])
cells = st.sampled_from(["1", "2", "0.5", "-7.25", "NA", "red", "blue", "inf", "", "2024-01-01"])


@given(
    st.lists(pieces, max_size=60).map("".join)
    | st.lists(st.tuples(cells, cells, cells).map(",".join), min_size=1, max_size=12).map("\n".join),
    st.sampled_from([None, "regression", "binary", "multiclass"]),
    st.sampled_from(["drop", "mean"]),
)
def test_that_any_text_is_either_learnt_from_or_refused_in_words(text: str, task: str | None, missing: str) -> None:
    try:
        dataset = Table(text=text, task=task, missing=missing).load(0)
    except DataError as error:
        assert error.reason
        assert error.remedy
    else:
        assert np.isfinite(dataset.x).all()
        assert np.isfinite(dataset.y).all()
        assert dataset.x.shape == (dataset.rows, len(dataset.features))


@needs_penguins
class TestPenguins:
    def test_that_the_tidy_table_is_understood(self) -> None:
        dataset = Table(path=str(PENGUINS / "penguins.csv")).load(0)
        assert dataset.targets == ("species",)
        assert dataset.classes == ("Adelie", "Chinstrap", "Gentoo")
        assert dataset.x.shape == (333, 10)  # 11 of the 344 rows miss a value
        assert np.bincount(dataset.y[:, 0].astype(int)).tolist() == [146, 68, 119]
        assert Table(path=str(PENGUINS / "penguins.csv"), missing="mean").load(0).rows == 344

    def test_that_the_messy_table_is_understood(self) -> None:
        dataset = Table(path=str(PENGUINS / "penguins_raw.csv"), missing="mean").load(0)
        assert dataset.targets == ("Species",)
        assert dataset.rows == 344
        left = {column.name for column in dataset.columns if column.role == "left out"}
        assert left == {"Region", "Stage", "Individual ID", "Date Egg", "Comments"}

    def test_that_a_weight_is_predicted_in_grams(self) -> None:
        source = Table(path=str(PENGUINS / "penguins.csv"), target="body_mass_g")
        prepared = prepare(source, DataSplit(test=0.1), np.float64)
        assert prepared.task == "regression"
        answers = prepared.unscale_y(prepared.y)
        assert (answers.min(), answers.max()) == pytest.approx((2700, 6300))


def test_that_a_file_is_called_by_its_name() -> None:
    assert Table(path="/home/ann/houses.csv").label == Table(path=r"C:\Users\Ann\houses.csv").label == "houses.csv"
    assert Table(text="a,b\n1,2\n").label == "Table (CSV)"
