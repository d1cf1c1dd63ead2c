"""Catalogues as CSV: bytes to rows with their line numbers and what is wrong with each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.spreadsheets import as_meant

LARGEST_FILE, MOST_ROWS, LONGEST_CELL = 2 * 1024 * 1024, 2_000, 3_000
COLUMNS = ("sku", "name", "price", "currency", "link", "aliases", "about", "active")
# What people and other programs call the columns, in lower case.
CALLED = {
    "sku": ("sku", "article number", "货号", "商品编号", "貨號"),
    "name": ("name", "product", "名称", "商品名称", "名稱"),
    "price": ("price", "价格", "單價", "价钱"),
    "currency": ("currency", "币种", "货币", "幣種"),
    "link": ("link", "url", "链接", "連結"),
    "aliases": ("aliases", "other names", "别名", "別名"),
    "about": ("about", "description", "简介", "描述", "簡介"),
    "active": ("active", "offered", "在售", "上架"),
}
COLUMN_OF = {word: column for column, words in CALLED.items() for word in words}
NO = {"no", "n", "false", "0", "否", "下架"}
YES = {"", "yes", "y", "true", "1", "是", "在售"}
ENCODINGS = ("utf-8-sig", "gb18030")


class FileRefused(ValueError):
    """The file as a whole cannot be read; `code` is a key of wording.FILE_REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: where it ends (the first line is 1; where it begins, if it never does),
    its cells by column, and the code of what is wrong with its form, if anything (a key of
    wording.LINE_REFUSALS)."""

    number: int
    cells: dict[str, str]
    fault: str = ""


def decoded(raw: bytes) -> str:
    """The text of a file in UTF-8, with or without its mark, or in GB18030. Raises FileRefused."""
    if len(raw) > LARGEST_FILE:
        raise FileRefused("too_large")
    if raw.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused("not_csv")
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("encoding")


def lines_of(text: str) -> Iterator[Line]:
    """Rows in order, empty ones passed over; rows beyond MOST_ROWS end in one with the fault
    `too_many`. Raises FileRefused for a file without a column of names."""
    dialect, taken = _dialect(text), list[str]()
    reader = csv.reader(_noting(io.StringIO(text, newline=""), taken), dialect)
    try:
        header = next(reader, [])
    except csv.Error:
        raise FileRefused("not_csv") from None
    columns = [COLUMN_OF.get(as_meant(cell).casefold()) for cell in header]
    if "name" not in columns:
        raise FileRefused("no_names")
    count = 0
    while True:
        taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Line(reader.line_num, {}, "unreadable")
            continue
        if not any(cell.strip() for cell in row):
            continue
        if _never_ends(taken, dialect):  # named by where it begins: all the rest is in it
            yield Line(reader.line_num - len(taken) + 1, {}, "unreadable")
            return
        count += 1
        if count > MOST_ROWS:
            yield Line(reader.line_num, {}, "too_many")
            return
        yield _line(reader.line_num, row, columns)


def _noting(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    """The lines, each noted in `taken` as it is read."""
    for line in lines:
        taken.append(line)
        yield line


def _never_ends(row: list[str], dialect: type[csv.Dialect]) -> bool:
    """Whether a quotation mark of this row is never closed, as where the file was cut off."""
    if not any('"' in line for line in row):
        return False
    try:
        list(csv.reader(row, dialect, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _line(number: int, row: list[str], columns: list[str | None]) -> Line:
    if any("\0" in cell for cell in row):
        return Line(number, {}, "characters")
    if any(len(cell) > LONGEST_CELL for cell in row):
        return Line(number, {}, "too_long")
    if any(cell.strip() for cell in row[len(columns) :]):
        return Line(number, {}, "more_cells")
    cells = {
        column: as_meant(cell)
        for column, cell in zip(columns, row, strict=False)
        if column is not None
    }
    if cells.get("active", "").casefold() not in NO | YES:
        return Line(number, cells, "active")
    return Line(number, cells)


def says_no(cell: str) -> bool:
    return cell.casefold() in NO


def _dialect(text: str) -> type[csv.Dialect]:
    """Commas, or what stands more often in the first line: semicolons, tabs."""
    first = text.partition("\n")[0]
    best = max(",;\t", key=first.count)

    class Found(csv.excel):
        delimiter = best
        strict = False

    return Found
