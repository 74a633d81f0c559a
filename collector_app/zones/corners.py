"""Lines and borders that people write or draw: corners as "lat,lon lat,lon ..."."""

from flask_babel import lazy_gettext as _

from collector_app.core.errors import InvalidInput

MOST_CORNERS = 5_000


def corners_of(text: str, least: int, what: str | None = None) -> tuple[tuple[float, float], ...]:
    """Read corners, latitude and longitude in degrees.

    Parameters
    ----------
    least : int
        Distinct corners that there must be.
    what : str, optional
        How a refusal calls the line; "el borde" unless told.

    Raises
    ------
    InvalidInput
        With the corner that can't be read, or when there are too few or too many.
    """
    name = what or str(_("el borde"))
    written = text.replace(";", " ").split()
    if len(written) > MOST_CORNERS:
        wanted = _("a lo más %(most)s esquinas", most=MOST_CORNERS)
        raise InvalidInput(name, str(wanted))
    corners = tuple(_corner(one, number, name) for number, one in enumerate(written, start=1))
    if len(set(corners)) < least:
        wanted = _("al menos %(least)s esquinas distintas", least=least)
        raise InvalidInput(name, str(wanted))
    return corners


def _corner(text: str, number: int, what: str) -> tuple[float, float]:
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        lat = lon = 999.0
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        wanted = _(
            "latitud,longitud en grados en la esquina %(number)s, no «%(text)s»",
            number=number,
            text=text[:40],
        )
        raise InvalidInput(what, str(wanted))
    return lat, lon
