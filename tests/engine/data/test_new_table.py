"""Rows that a network meets after it has learnt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.data import Table
from engine.data.columns import Column
from engine.data.table import encode, encode_answers
from engine.errors import DataError
from tests.engine.data.flowers import FLOWERS


class TestANewTable:
    """Prediction: the columns of a new file become what the columns of the old one became."""

    columns = Table(text=FLOWERS, most_categories=4).load(0).columns

    def test_that_it_is_encoded_in_the_same_way(self) -> None:
        new = "colour;width;length;more\nblue;3,5;5,0;x\nred;2,5;6,5;y\n"
        np.testing.assert_array_equal(encode(Table(text=new), self.columns), [[5, 3.5, 1, 0], [6.5, 2.5, 0, 1]])

    def test_that_it_may_be_a_file_or_a_frame(self, tmp_path: Path) -> None:
        import pandas as pd

        frame = pd.DataFrame({"colour": ["red"], "length": [1], "width": [2.5], "species": ["virginica"]})
        frame.to_csv(tmp_path / "new.csv", index=False)
        for data in (frame, tmp_path / "new.csv", str(tmp_path / "new.csv")):
            np.testing.assert_array_equal(encode(data, self.columns), [[1, 2.5, 0, 1]])
            np.testing.assert_array_equal(encode_answers(data, self.columns), [[1]])

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("length,colour\n1,red\n", "there is no column 'width'"),
            ("length,widht,colour\n1,2,red\n", "there is no column 'width'. Near: widht"),
            ("length,width,colour\n1,2,red\n1,2,pink\n", "row 2, column 'colour': 'pink' is not one of the categories"),
            ("length,width,colour\n1,2,red\nlong,2,red\n", "row 2, column 'length': 'long' is not a number"),
            ("length,width,colour\n1,2,red\n2,NA,red\n", "row 2, column 'width': there is no value"),
            ("length,width,colour\n1,2,NA\n2,1,red\n", "row 1, column 'colour': there is no value"),
        ],
    )
    def test_that_what_does_not_fit_is_refused_in_words(self, text: str, words: str) -> None:
        with pytest.raises(DataError) as caught:
            encode(Table(text=text), self.columns)
        assert words in str(caught.value)
        assert caught.value.remedy

    def test_that_missing_values_are_filled_as_in_training(self) -> None:
        columns = Table(text="a,c,y\n1,red,1.5\n3,blue,2.5\n8,red,4.5\n", missing="mean").load(0).columns
        new = encode(Table(text="a,c\nNA,red\n2,NA\n"), columns)
        np.testing.assert_allclose(new, [[4, 0, 1], [2, 1 / 3, 2 / 3]])

    def test_that_names_on_top_are_expected_where_there_were_some(self) -> None:
        columns = (
            Table(text="a,b,y\nred,big,1.5\nblue,small,2.5\nred,small,3.5\n", categories=("a", "b")).load(0).columns
        )
        new = encode(Table(text="a,b\nred,big\nred,big\n"), columns)
        np.testing.assert_array_equal(new, [[0, 1, 1, 0]] * 2)
        # A category that is called like its column: without that knowledge the names would be a row of data.
        columns = Table(text="a,b,y\na,big,1.5\nc,small,2.5\n", categories=("a", "b"), header=True).load(0).columns
        np.testing.assert_array_equal(encode(Table(text="a,b\na,big\na,big\n"), columns), [[1, 0, 1, 0]] * 2)
        nameless = Table(text="1.5,red,2.5\n2.5,blue,3.5\n3.5,red,1.5\n").load(0).columns
        np.testing.assert_array_equal(encode(Table(text="7,blue\n8,red\n"), nameless), [[7, 1, 0], [8, 0, 1]])

    def test_that_numbers_as_categories_are_known_however_they_are_written(self) -> None:
        text = "code,y\n" + "".join(f"{row % 3},{row * 1.5}\n" for row in range(9))
        columns = Table(text=text, categories="code").load(0).columns
        for new in ("code,b\n2,1\n0,1\n", "code,b\n2.0,1\n0.0,1\n"):
            np.testing.assert_array_equal(encode(Table(text=new), columns), [[0, 0, 1], [1, 0, 0]])

    def test_that_columns_survive_being_written_down(self) -> None:
        for column in self.columns:
            assert Column(**column.model_dump(mode="json")) == column
