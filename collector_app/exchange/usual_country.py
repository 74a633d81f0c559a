"""In which country a cartera is before anybody says so: where the last one was, or our city is."""

from pathlib import Path

from sqlalchemy.orm import Session

from collector_app.city.packs import centre_in_use
from collector_app.compliance.rules import country_at
from collector_app.exchange.queries import latest_country, latest_currency
from collector_app.exchange.rules import CURRENCY_OF


def usual_country(session: Session, instance: Path, city: str, locale: str) -> str:
    """Return the country of the latest import, of the city in use, or of the pages' language.

    Credits that no import brought say in which currency we lend: where the city's country or that
    of the language has another, one that has it comes before them.

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
    likely = [one for one in (here, locale[-2:]) if one in CURRENCY_OF]
    lent = latest_currency(session)
    same = [one for one in (*likely, *CURRENCY_OF) if CURRENCY_OF[one] == lent]
    return next(iter((*same, *likely)), locale[-2:])
