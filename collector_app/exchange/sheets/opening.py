"""Which kind of file this is, told by its first bytes and never by its name."""

import re
from pathlib import Path

from collector_app.exchange.rules import FileProblem, UnreadableFile
from collector_app.exchange.sheets.delimited import Score, read_delimited
from collector_app.exchange.sheets.grids import Opened
from collector_app.exchange.sheets.workbooks import read_workbook

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Excel, and the wrapping of protected new ones
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE = re.compile(rb"\s*<(!doctype\s+html|html|table|\?xml|head|meta)", re.IGNORECASE)
_OTHER = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def open_sheets(path: Path, name: str, score: Score) -> Opened:
    """Read a file into sheets.

    Parameters
    ----------
    path
        Where the file lies.
    name
        What people call the file; the one sheet of a text file is called so.
    score
        How many headings of ours some rows hold; see `read_delimited`.

    Raises
    ------
    UnreadableFile
        Says what the file is instead of a spreadsheet.
    """
    data = path.read_bytes()
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile(FileProblem.EMPTY)
    if data.startswith(_ZIP):
        return Opened(read_workbook(path))
    if data.startswith(_OLE):
        is_protected = _PROTECTED in data
        raise UnreadableFile(FileProblem.PROTECTED if is_protected else FileProblem.OLD_EXCEL)
    if data.startswith(_OTHER):
        raise UnreadableFile(FileProblem.NO_SPREADSHEET)
    if _WEB_PAGE.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise UnreadableFile(FileProblem.WEB_PAGE)
    return read_delimited(data, name, score)
