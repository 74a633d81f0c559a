"""In which country a cartera is before anybody says so: that of the last one, or of our city."""

from pathlib import Path

from sqlalchemy.orm import Session

from collector_app.city.packs import centre_in_use
from collector_app.compliance.rules import country_at
from collector_app.exchange.queries import latest_country
from collector_app.exchange.rules import CURRENCY_OF


def usual_country(session: Session, instance: Path, city: str, locale: str) -> str:
    """Return the country of the latest import, of the city in use, or of the pages' language.

    Parameters
    ----------
    instance : Path
        Where the city packs are.
    city : str
        The configured one; empty for the one that was chosen.
    locale : str
        ``es_MX``.

    Returns
    -------
    str
        ISO 3166; a city in a country where we don't work says nothing.
    """
    before = latest_country(session)
    if before is not None:
        return before
    centre = centre_in_use(instance, city)
    here = None if centre is None else country_at(*centre)
    return here if here in CURRENCY_OF else locale[-2:]
