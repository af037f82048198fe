"""Guessing the form of a table, and reading it back whatever its form."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.data.parsing import read
from engine.data.sniffing import MISSING, sniff
from engine.errors import DataError


def has_letter(word: str) -> bool:
    return any(character.isalpha() for character in word)


# A word between single quotes may be a quoted word: nobody can tell.
words = st.text("abcdefgäöéß ,;'\"|", min_size=1, max_size=8).map(lambda word: word.strip(" '")).filter(has_letter)
numbers = st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda number: round(number, 4))


def written(number: float | None, decimal: str, marker: str) -> str:
    return marker if number is None else repr(number).replace(".", decimal)


@given(
    st.lists(st.tuples(st.none() | numbers, numbers, words), min_size=3, max_size=40),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["NA", "", "?", "NaN"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_that_a_table_is_read_back_whatever_its_form(
    rows: list[tuple[float | None, float, str]],
    separator: str,
    decimal: str,
    encoding: str,
    marker: str,
    newline: str,
    quoted: bool,
) -> None:
    assume(any(row[0] is not None for row in rows))
    text = StringIO()
    writer = csv.writer(
        text, delimiter=separator, lineterminator=newline, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    writer.writerow(["first", "second", "Straße"])
    for first, second, word in rows:
        writer.writerow([written(first, decimal, marker), written(second, decimal, marker), word])
    frame, form = read("t.csv", text.getvalue().encode(encoding))
    assert (form.separator, form.header, form.names) == (separator, True, ("first", "second", "Straße"))
    np.testing.assert_allclose(
        frame["first"].to_numpy(float), [np.nan if r[0] is None else r[0] for r in rows], rtol=1e-14
    )
    np.testing.assert_allclose(frame["second"].to_numpy(float), [row[1] for row in rows], rtol=1e-14)
    assert frame["Straße"].tolist() == [row[2] for row in rows]


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20), st.sampled_from([",", ";", "\t", " "]))
def test_that_numbers_without_names_are_read_from_the_first_row_on(
    rows: list[tuple[float, float]], separator: str
) -> None:
    text = "\n".join(separator.join(map(repr, row)) for row in rows)
    frame, form = read("t.csv", text.encode())
    assert form.names == ("column 1", "column 2")
    np.testing.assert_allclose(frame.to_numpy(float), rows, rtol=1e-14)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A comma between semicolons is a decimal comma.
        ("a;b\n1,5;2,5\n2,5;3\n", {"a": [1.5, 2.5], "b": [2.5, 3.0]}),
        ("1,5;2,5\n2,5;3\n", {"column 1": [1.5, 2.5], "column 2": [2.5, 3.0]}),
        ('a,b\n"1,5","2,25"\n"3,5",4\n', {"a": [1.5, 3.5], "b": [2.25, 4.0]}),
        # Groups of three digits.
        ("a\tb\n1.234,5\tx\n1.000,25\ty\n", {"a": [1234.5, 1000.25], "b": ["x", "y"]}),
        ('a;b\n"1,234.5";1\n"1,000.25";2\n', {"a": [1234.5, 1000.25], "b": [1, 2]}),
        # Aligned with blanks.
        ("a b   c\n1 2   3\n4 5   6\n", {"a": [1, 4], "b": [2, 5], "c": [3, 6]}),
        # Row names without a name on top, as R writes them; rows that end with a separator.
        ('"a","b"\n"r1",1,2\n"r2",3,4\n', {"column 1": ["r1", "r2"], "a": [1, 3], "b": [2, 4]}),
        ("a,b\n1,2,\n3,4,\n", {"a": [1, 3], "b": [2, 4], "column 3": [None, None]}),
        # Names that come twice or not at all; blanks around them; blank lines.
        ("\n a ,a,\n\n1,2,3\n4,5,6\n", {"a": [1, 4], "a (2)": [2, 5], "column 3": [3, 6]}),
        # A quoted line break and a quoted quote.
        ('n,s\n1,"two\nlines"\n2,"a ""b"""\n', {"n": [1, 2], "s": ["two\nlines", 'a "b"']}),
        ("n,s\n'1','a,b'\n'2','c'\n", {"n": [1, 2], "s": ["a,b", "c"]}),
        ("n,s\n1,a\n2,'b'\n3,c\n", {"n": [1, 2, 3], "s": ["a", "'b'", "c"]}),
        # Truth values stay the words they are.
        ("n,s\n1,TRUE\n2,false\n", {"n": [1, 2], "s": ["TRUE", "false"]}),
        # A row that is too short misses values.
        ("a,b\n1,2\n3\n", {"a": [1, 3], "b": [2, None]}),
        ("a, b\n1, 2\n3, 4\n", {"a": [1, 3], "b": [2, 4]}),
        # Words only: the first row is names when none of them comes back below.
        ("size,colour\nbig,red\nsmall,blue\n", {"size": ["big", "small"], "colour": ["red", "blue"]}),
        ("big,red\nsmall,blue\nbig,blue\n", {"column 1": ["big", "small", "big"], "column 2": ["red", "blue", "blue"]}),
    ],
)
def test_that_tables_as_people_write_them_are_understood(text: str, expected: dict[str, list[object]]) -> None:
    frame, _ = read("t.csv", text.encode())
    assert list(frame.columns) == list(expected)
    for name, values in expected.items():
        assert [
            None if missing else value for value, missing in zip(frame[name], frame[name].isna(), strict=True)
        ] == values


def test_that_what_is_given_wins_over_the_guess() -> None:
    text = b"1,5;2,5\n3,5;4,5\n"
    frame, _ = read("t.csv", text, separator=",", decimal=".", header=True)
    assert list(frame.columns) == ["1", "5;2", "5"]
    frame, _ = read("t.csv", "a\n\u00e4\n".encode("cp1252"), encoding="latin-1")
    assert frame["a"].tolist() == ["ä"]


def test_that_a_late_byte_that_is_not_utf_8_is_taken_for_what_windows_writes() -> None:
    text = "n,s\n" + "1,abcdefgh\n" * 40_000 + "2,Gr\u00f6\u00dfe\n"
    frame, form = read("t.csv", text.encode("cp1252"))
    assert form.encoding == "utf-8"
    assert frame["s"].iloc[-1] == "Größe"


def test_that_a_character_cut_by_the_end_of_the_sample_is_no_fault() -> None:
    sample = ("n,s\n1," + "ä" * 20).encode()[:-1]
    assert sniff("t.csv", sample).encoding == "utf-8"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "t.csv: is empty"),
        (b" \r\n\n", "t.csv: is empty"),
        (b"\xef\xbb\xbf", "t.csv: is empty"),
        (bytes(range(256)) * 4, "is not a text file"),
        (b"PK\x03\x04" + bytes(50), "perhaps an Excel workbook. Save the sheet as CSV"),
        (b"\x1f\x8b" + bytes(50), "is compressed"),
        (b"a,b\n1,2\n1,2,3,4\n", "t.csv, line 3: has 4 fields where the lines before have 2"),
        (b'a,b\n1,"2\n3,4\n', "a quote is opened and never closed"),
    ],
)
def test_that_what_is_no_table_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(DataError) as caught:
        read("t.csv", content)
    assert words in str(caught.value)
    assert caught.value.remedy


def test_that_encodings_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DataError, match="no encoding called 'utf-9'"):
        read("t.csv", b"a,b\n1,2\n", encoding="utf-9")
    with pytest.raises(DataError, match="is not written in ascii: byte 5 does not fit"):
        read("t.csv", "a,b\nä,2\n".encode(), encoding="ascii")
    late = "n,s\n" + "1,abcdefgh\n" * 40_000 + "2,Gr\u00f6\u00dfe\n"
    with pytest.raises(DataError, match="is not written in ascii throughout"):
        read("t.csv", late.encode(), encoding="ascii")


def test_that_files_that_cannot_be_opened_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.csv: there is no such file"):
        read("t.csv", tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="is a folder"):
        read("t.csv", tmp_path)


def test_that_every_missing_marker_is_missing_in_both_kinds_of_columns() -> None:
    rows = "".join(f"{marker},{marker},1\n" for marker in MISSING)
    frame, _ = read("t.csv", f"number,word,full\n1.5,red,1\n{rows}".encode())
    assert frame["number"].notna().sum() == 1
    assert frame["word"].notna().sum() == 1
    assert frame["full"].notna().all()
