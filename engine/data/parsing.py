"""Reading a table of text into named columns, at the speed of pandas' C parser."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from engine.data.sniffing import MISSING, SAMPLE, Format, sniff
from engine.errors import DataError

if TYPE_CHECKING:
    import pandas as pd


def beginning(name: str, source: Path | bytes) -> bytes:
    """The first bytes of a file, or of a pasted text.

    Raises:
        DataError: the file cannot be read.
    """
    if isinstance(source, bytes):
        return source[:SAMPLE]
    try:
        with source.open("rb") as file:
            return file.read(SAMPLE)
    except FileNotFoundError:
        raise DataError(str(source), "there is no such file", "Check the name and the folder.") from None
    except IsADirectoryError:
        raise DataError(str(source), "is a folder", "Name a file in it.") from None
    except OSError as error:
        raise DataError(str(source), f"cannot be read ({error.strerror or error})", "Check its permissions.") from None


def parse(
    name: str, source: Path | bytes, form: Format, missing: Sequence[str] = MISSING, text: Collection[str] = ()
) -> pd.DataFrame:
    """The table: numbers as float64 or int64, the columns ``text`` and what is no number as text, missing as NaN.

    Raises:
        DataError: a line has too many fields, or the bytes do not fit the encoding.
    """
    import pandas as pd

    try:
        with warnings.catch_warnings():
            # A line with too few fields is a row with missing values, which is said later by column.
            warnings.simplefilter("ignore", pd.errors.ParserWarning)
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            return pd.read_csv(
                BytesIO(source) if isinstance(source, bytes) else source,
                sep=r"\s+" if form.separator == " " else form.separator,
                quotechar=form.quote,
                decimal=form.decimal,
                thousands=form.thousands or None,
                encoding=form.encoding,
                header=0 if form.header else None,
                names=list(form.names),
                index_col=False,
                dtype=dict.fromkeys(set(form.text).union(text).intersection(form.names), str),
                na_values=list(missing),
                keep_default_na=False,
                skipinitialspace=True,
                low_memory=False,
            )
    except pd.errors.EmptyDataError:
        raise DataError(name, "is empty", "Give a table with a row of names and at least two rows of data.") from None
    except pd.errors.ParserError as error:
        refuse_line(name, str(error))
    except UnicodeDecodeError as error:
        if form.encoding != "utf-8":
            raise DataError(
                name, f"is not written in {form.encoding} throughout ({error.reason})", "Choose another encoding."
            ) from None
    from dataclasses import replace

    # The beginning was plain ASCII and a later byte is not UTF-8: what Windows programs write.
    return parse(name, source, replace(form, encoding="cp1252"), missing, text)


def refuse_line(name: str, message: str) -> NoReturn:
    """pandas' words for a broken line, in ours."""
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if found:
        expected, line, saw = found.groups()
        raise DataError(
            f"{name}, line {line}",
            f"has {saw} fields where the lines before have {expected}",
            "Put quotes around a field that holds the separator, or choose another separator.",
        )
    if "EOF inside string" in message:
        raise DataError(name, "a quote is opened and never closed", "Close it, or choose another quote character.")
    raise DataError(name, f"cannot be read as a table ({message.strip()})", "Check its separator and quotes.")


def read(
    name: str,
    source: Path | bytes,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    quote: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
    missing: Sequence[str] = MISSING,
    text: Collection[str] = (),
) -> tuple[pd.DataFrame, Format]:
    """A table and how its file holds it; what is None is detected.

    Raises:
        DataError: see `sniff` and `parse`.
    """
    form = sniff(
        name,
        beginning(name, source),
        encoding=encoding,
        separator=separator,
        quote=quote,
        decimal=decimal,
        header=header,
        missing=missing,
    )
    return parse(name, source, form, missing, text), form
