"""Lists that people take away as files: safe to open, and each written to the log."""

from collections.abc import Iterable, Mapping, Sequence

from flask import Response

from collector_app.audit.services import log
from collector_app.core.actor import Actor
from collector_app.core.geojson import MEDIA_TYPE, Feature, geojson_lines
from collector_app.core.spreadsheets import write_csv, write_xlsx
from collector_app.web.downloads import XLSX, download
from collector_app.web.extensions import transaction


def hand_out(
    actor: Actor,
    name: str,
    kind: str,
    columns: Mapping[str, str],
    rows: Sequence[object],
    features: Iterable[Feature] = (),
) -> Response:
    """Answer with a list as a file, and write down who took it away.

    Parameters
    ----------
    name : str
        Of the file, without its ending: ``cartera-2026-11-28``.
    kind : str
        Its ending: ``csv``, ``xlsx`` or ``geojson``.
    columns, rows
        As `core.spreadsheets.csv_lines` takes them.
    features
        The rows as they lie on a map, for GeoJSON.
    """
    with transaction() as session:
        log(session, actor, "list.downloaded", f"list:{name}", format=kind, rows=len(rows))
    file = f"{name}.{kind}"
    match kind:
        case "geojson":
            return download(b"".join(geojson_lines(features)), file, MEDIA_TYPE)
        case "csv":
            return download(write_csv(columns, rows), file, "text/csv")
        case _:
            return download(write_xlsx(columns, rows), file, XLSX)
