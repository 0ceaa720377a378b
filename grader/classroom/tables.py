"""Tables as other programs export them: CSV of any delimiter and encoding, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.archives import why
from grader.classroom.entries import ClassError

MAX_TABLE_BYTES = 32 << 20
DELIMITERS = (",", ";", "\t")
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Table:
    """A header and rows of the same width; `lines` are where the rows stand in the file."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    delimiter: str = ","
    encoding: str = "utf-8"

    def render(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
        """Write a table as this one was written: the same delimiter, encoding and mark."""
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=self.delimiter).writerows([header, *rows])
        return file.getvalue().encode(self.encoding, "replace")


def read_table(path: Path) -> Table:
    """Read a CSV file; empty lines are passed over, short rows filled up.

    UTF-8 is expected, or what a mark at the beginning says; other bytes are taken for
    Windows-1252, in which spreadsheets save.

    Raises: ClassError if there is no such file, or it is no table.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_TABLE_BYTES + 1)
    except OSError as error:
        raise ClassError(f"{path} cannot be read: {why(error)}") from error
    if len(data) > MAX_TABLE_BYTES:
        raise ClassError(f"{path} is larger than {MAX_TABLE_BYTES >> 20} MiB: give a CSV file")
    text, encoding = _decoded(path, data)
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        read = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise ClassError(f"{path} is not a CSV file: {error}") from error
    filled = [(line, row) for line, row in read if any(cell.strip() for cell in row)]
    if not filled:
        raise ClassError(f"{path} is empty: give a CSV file with a header")
    (_, header), *rest = filled
    return Table(
        path.name,
        header,
        [(row + [""] * len(header))[: max(len(header), len(row))] for _, row in rest],
        [line for line, _ in rest],
        delimiter,
        encoding,
    )


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    marked = [name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)]
    for encoding in marked or ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise ClassError(f"{path} is no text: give a CSV file, as a spreadsheet saves it")
