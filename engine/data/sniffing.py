"""Guessing how a text file holds a table: encoding, separator, quotes, decimal mark, header."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from engine.errors import DataError

SAMPLE = 262_144  # bytes of the beginning that are looked at
LINES = 400
# Where several would cut every line alike, the earlier wins: a comma between semicolons is a decimal comma.
SEPARATORS = ("\t", ";", "|", ",", " ")
MISSING = (
    "",
    "NA",
    "N/A",
    "n/a",
    "na",
    "NaN",
    "nan",
    "NAN",
    "null",
    "NULL",
    "None",
    "?",
    "-",
    "--",
    ".",
    "#N/A",
    "#NA",
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
OTHER_FILES = (
    (b"PK\x03\x04", "is a zip file, perhaps an Excel workbook", "Save the sheet as CSV and open that."),
    (b"\xd0\xcf\x11\xe0", "is an Excel workbook", "Save the sheet as CSV and open that."),
    (b"\x1f\x8b", "is compressed", "Unpack it first."),
    (b"%PDF", "is a PDF", "Give the table as CSV."),
)
POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?")
GROUPED = {
    ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+|[+-]?\d{1,3}(,\d{3}){2,}"),
    ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d{1,3}(\.\d{3}){2,}"),
}
SINGLE = re.compile(r"(?:^|[,;\t|])\s*'([^'\n]*)'\s*(?=[,;\t|\r\n]|$)", re.MULTILINE)
NUMBERED = re.compile(r"column \d+")  # the name that a nameless column gets
NOT_A_NUMBER = ("inf", "-inf", "+inf", "infinity", "-infinity")


@dataclass(frozen=True)
class Format:
    """How a file holds its table.

    Attributes:
        names: of the columns, each different.
        text: names of the columns whose sampled values are all words.
        thousands: the mark that groups digits, empty for none.
    """

    encoding: str
    separator: str
    quote: str
    decimal: str
    thousands: str
    header: bool
    names: tuple[str, ...]
    text: tuple[str, ...]


def detect_encoding(name: str, sample: bytes) -> str:
    """The encoding of a text that begins with ``sample``.

    Raises:
        DataError: it is no text.
    """
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return encoding
    for magic, reason, remedy in OTHER_FILES:
        if sample.startswith(magic):
            raise DataError(name, reason, remedy)
    zeros = sample.count(0)
    if zeros:
        # Western text in UTF-16 without a mark has a zero in every second byte.
        if sample[1::2].count(0) > 0.9 * (len(sample) // 2):
            return "utf-16-le"
        if sample[0::2].count(0) > 0.9 * (len(sample) // 2):
            return "utf-16-be"
    control = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\r\f\x1a")
    if control > len(sample) / 1000:
        raise DataError(name, "is not a text file", "Give a table as CSV or TSV.")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # a character cut at the end is no fault
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def rows_of(text: str, separator: str, quote: str) -> list[list[str]]:
    """The first rows of a text, as fields; blank lines are left out."""
    if separator == " ":
        lines = (line.split() for line in text.splitlines()[:LINES])
        return [fields for fields in lines if fields]
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, quotechar=quote, skipinitialspace=True)
    rows: list[list[str]] = []
    try:
        for fields in reader:
            if fields:
                rows.append([field.strip() for field in fields])
            if len(rows) == LINES:
                break
    except csv.Error:
        return rows
    return rows


def detect_quote(text: str) -> str:
    """The character around fields: a double quote, unless single ones do its work.

    They do where there is no double one and they stand around a separator, or around a field in most lines; a single
    word may have them as part of itself.
    """
    if '"' in text:
        return '"'
    fields = SINGLE.findall(text)
    around = any(separator in field for field in fields for separator in ",;\t|")
    return "'" if around or len(fields) > text.count("\n") / 2 > 0 else '"'


def detect_separator(text: str, quote: str) -> str:
    """The separator that cuts the most lines into the same number of fields, more than one."""
    best, best_share = ",", 0.0
    for separator in SEPARATORS:
        counts = Counter(len(fields) for fields in rows_of(text, separator, quote))
        if not counts:
            continue
        width, lines = counts.most_common(1)[0]
        share = lines / counts.total()
        if width > 1 and share > best_share + 0.05:
            best, best_share = separator, share
    return best


def detect_decimal(rows: Sequence[Sequence[str]], separator: str) -> str:
    """A comma where more numbers are written with one than with a point."""
    commas = points = 0
    for fields in rows:
        for field in fields:
            if COMMA.fullmatch(field) or GROUPED[","].fullmatch(field):
                commas += 1
            elif "." in field and (POINT.fullmatch(field) or GROUPED["."].fullmatch(field)):
                points += 1
    return "," if commas > points else "."


def is_number(field: str, decimal: str, thousands: str = "") -> bool:
    """Whether a field is written as a number."""
    plain = field.replace(thousands, "") if thousands else field
    plain = plain.replace(",", ".") if decimal == "," and "." not in plain else plain
    return POINT.fullmatch(plain) is not None or plain.lower() in NOT_A_NUMBER


def detect_header(rows: Sequence[Sequence[str]], decimal: str, missing: Sequence[str]) -> bool:
    """Whether the first row names the columns: it holds no number, and no name comes back as a value below it."""
    first, rest = rows[0], rows[1:]
    if any(is_number(field, decimal) for field in first):
        return False
    for column in range(len(first)):
        values = [fields[column] for fields in rest if column < len(fields) and fields[column] not in missing]
        if any(is_number(value, decimal) for value in values):
            return True
    return not any(
        fields[column] == name and name not in missing
        for column, name in enumerate(first)
        for fields in rest
        if column < len(fields)
    )


def name_columns(first: Sequence[str], width: int, body: Sequence[Sequence[str]] = ()) -> tuple[str, ...]:
    """A different name for each column; nameless ones are called by their number."""
    # Tables written by R have no name over their column of row names; other programs end each row, but not the
    # names, with a separator.
    ended = all(fields[-1] == "" for fields in body if len(fields) == width)
    unnamed = len(first) == width - 1 and first and not ended
    given = ["", *first] if unnamed else list(first) + [""] * (width - len(first))
    names: list[str] = []
    for number, name in enumerate(given, start=1):
        name = name.strip() or f"column {number}"
        copy, unique = 1, name
        while unique in names:
            copy += 1
            unique = f"{name} ({copy})"
        names.append(unique)
    return tuple(names)


def sniff(
    name: str,
    sample: bytes,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    quote: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
    missing: Sequence[str] = MISSING,
) -> Format:
    """How the file that begins with ``sample`` holds its table; what is given is taken, the rest is guessed.

    Raises:
        DataError: the file is empty, no text, or not in the encoding that was given.
    """
    if not sample.strip(b" \t\r\n\xef\xbb\xbf"):
        raise DataError(name, "is empty", "Give a table with a row of names and at least two rows of data.")
    encoding = encoding or detect_encoding(name, sample)
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(sample)
    except LookupError:
        raise DataError(
            name, f"there is no encoding called {encoding!r}", "Common ones: utf-8, cp1252, utf-16."
        ) from None
    except UnicodeDecodeError as error:
        raise DataError(
            name,
            f"is not written in {encoding}: byte {error.start + 1} does not fit",
            "Leave the encoding to be detected.",
        ) from None
    if len(sample) >= SAMPLE:
        text = text[: text.rfind("\n") + 1] or text
    quote = quote or detect_quote(text)
    separator = separator or detect_separator(text, quote)
    rows = rows_of(text, separator, quote)
    if not rows:
        raise DataError(name, "holds no rows", "Give a table with a row of names and at least two rows of data.")
    decimal = decimal or detect_decimal(rows, separator)
    header = detect_header(rows, decimal, missing) if header is None else header
    body = rows[1:] if header else rows
    width = max(len(rows[0]), Counter(map(len, body)).most_common(1)[0][0] if body else 0)
    names = name_columns(rows[0] if header else [], width, body)
    grouped = any(GROUPED[decimal].fullmatch(field) for fields in body for field in fields)
    thousands = {".": ",", ",": "."}[decimal] if grouped else ""
    values = [
        [fields[column] for fields in body if column < len(fields) and fields[column] not in missing]
        for column in range(width)
    ]
    words = tuple(
        names[column]
        for column in range(width)
        if values[column] and not any(is_number(value, decimal, thousands) for value in values[column])
    )
    return Format(encoding, separator, quote, decimal, thousands, header, names, words)
