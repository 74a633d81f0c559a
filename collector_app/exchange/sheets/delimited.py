"""CSV to a sheet: which characters the bytes mean and what stands between the cells."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from collector_app.exchange.rules import FileProblem, UnreadableFile
from collector_app.exchange.sheets.grids import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Cell, Grid, Opened

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_RECORDS = 40
_MARKS = (  # the longer first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a Spanish text holds besides ASCII, for telling one old character set from another.
_SPANISH = frozenset("áéíóúüñÁÉÍÓÚÜÑ¿¡°ºª")
# Letters of no Spanish text: what "Ñ°" of Windows would be as UTF-8.
_FOREIGN = re.compile("[\u0180-\u1fff\u2e80-\U0010ffff]")
# Windows of today, DOS programs, old Macintosh: Windows first, it wins where nothing tells.
_OLD_SETS = ("cp1252", "cp850", "mac_roman")
_DOS_END = "\x1a"
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how exports keep the zeros of ="00123"
_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # tells Excel the delimiter

Score = Callable[[Sequence[Sequence[Cell]]], int]


def read_delimited(data: bytes, name: str, score: Score) -> Opened:
    """Return the one sheet of a text file.

    Parameters
    ----------
    data
        The whole file.
    name
        What to call the sheet.
    score
        How many headings of ours the first rows hold; decides between delimiters.

    Raises
    ------
    UnreadableFile
        When it is no text, when a quotation never ends, or when there is too much of it.
    """
    text, encoding = decode(data)
    text = text.rstrip(_DOS_END)
    if _BINARY.search(text):
        raise UnreadableFile(FileProblem.NO_SPREADSHEET)
    hint = _HINT.match(text)
    if hint:
        delimiter = hint[1]
        text = "\n" + text[hint.end() :]  # the row of the hint stays a row, an empty one
    else:
        delimiter = _best_delimiter(text, score)
    rows: list[list[Cell]] = [list(map(_unwrapped, record)) for record in _records(text, delimiter)]
    return Opened((Grid(name, rows),), encoding, delimiter)


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of the character set it is in.

    Raises
    ------
    UnreadableFile
        When the bytes are not what their own mark says.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise UnreadableFile(FileProblem.DAMAGED) from error
    wide = _unmarked_utf16(data)
    if wide:
        return data.decode(wide, errors="replace"), wide
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        encoding = _old_set(data)
        return data.decode(encoding, errors="replace"), encoding
    if _FOREIGN.search(text) and _is_spanish(data, "cp1252"):
        return data.decode("cp1252"), "cp1252"
    return text, "utf-8"


def _unmarked_utf16(data: bytes) -> str | None:
    """Tell UTF-16 by its zeros: every other byte of a Western text is one."""
    sample = data[:4000]
    if len(sample) < 4:
        return None
    zeros = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if zeros[1] > 0.7 * half and zeros[0] < 0.1 * half:
        return "utf-16-le"
    if zeros[0] > 0.7 * half and zeros[1] < 0.1 * half:
        return "utf-16-be"
    return None


def _is_spanish(data: bytes, encoding: str) -> bool:
    """Tell whether all that stands beyond ASCII is Spanish in a character set."""
    beyond = bytes(byte for byte in data if byte >= 0x80)
    return _SPANISH.issuperset(beyond.decode(encoding, errors="replace"))


def _old_set(data: bytes) -> str:
    """Return the character set that makes the most Spanish of the bytes beyond ASCII."""
    beyond = bytes(byte for byte in data if byte >= 0x80)
    return max(
        _OLD_SETS,
        key=lambda name: sum(one in _SPANISH for one in beyond.decode(name, errors="replace")),
    )


def _best_delimiter(text: str, score: Score) -> str:
    """Return the delimiter that makes our headings appear; without any, the one that cuts most."""

    def merit(delimiter: str) -> tuple[int, int]:
        sample = [
            record
            for _, record in zip(range(_SAMPLE_RECORDS), _reader(text, delimiter), strict=False)
        ]
        return score(sample), max((len(record) for record in sample), default=0)

    return max(DELIMITERS, key=merit)


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:  # a field beyond the csv module's limit: a quotation that never ends
        return


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    cells = width = 0
    is_well_quoted: bool | None = None  # asked of the whole text, once and only on suspicion
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number in range(1, MAX_ROWS + 2):
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise UnreadableFile(FileProblem.OPEN_QUOTES, row=number) from error
        if record is None:
            return
        cells += len(record)
        if number > MAX_ROWS or len(record) > MAX_COLUMNS or cells > MAX_CELLS:
            raise UnreadableFile(
                FileProblem.TOO_MANY_ROWS,
                rows=number,
                columns=len(record),
                max_rows=MAX_ROWS,
                max_columns=MAX_COLUMNS,
            )
        width = max(width, len(record))
        if _holds_rows(record, delimiter, width):
            if is_well_quoted is None:
                is_well_quoted = _is_well_quoted(text, delimiter)
            if not is_well_quoted:
                raise UnreadableFile(FileProblem.OPEN_QUOTES, row=number)
        yield record


def _holds_rows(record: list[str], delimiter: str, width: int) -> bool:
    """Tell a cell that may have swallowed the rows after it, as its quotation has no end."""
    for cell in record:
        lines = cell.count("\n")
        if lines > 1 and width > 2 and cell.count(delimiter) >= (lines - 1) * (width - 1):
            return True
    return False


def _is_well_quoted(text: str, delimiter: str) -> bool:
    """Tell whether every quotation ends, and at the end of its cell."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _unwrapped(cell: str) -> str:
    """Take away what only tells Excel that a cell is text, also our own mark against formulas."""
    match = _EXCEL_TEXT.fullmatch(cell)
    if match:
        return match[1].replace('""', '"')
    if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r\n0123456789"):
        return cell[1:]
    return cell
