"""What is counted over a period, by group, in a fixed number of statements whatever the size."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

from sqlalchemy import BigInteger, case, cast, extract, func, select
from sqlalchemy.orm import Session

from collector_app.indicators.queries.cash import cash
from collector_app.indicators.queries.clusters import by_client, workdays
from collector_app.indicators.queries.conduct import complaints, faults
from collector_app.indicators.queries.cost_shares import costs
from collector_app.indicators.queries.counting import GROUP, Tallies, made_visit, named
from collector_app.indicators.queries.field import first_contacts, rides
from collector_app.indicators.queries.grouping import Grouping
from collector_app.indicators.queries.movement import movement
from collector_app.indicators.queries.owing import cartera
from collector_app.indicators.queries.placing import place
from collector_app.indicators.queries.promised import promises_due, promises_made
from collector_app.indicators.queries.receiving import payments
from collector_app.indicators.queries.routes import plans
from collector_app.indicators.rules import Count, Section, Tally
from collector_app.payments.queries import OneCurrency, one_currency
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition
from collector_app.visits.rules import Outcome

# Nobody lives there who owes us, as far as we know.
UNLOCATABLE = (Outcome.MOVED, Outcome.UNKNOWN_THERE, Outcome.ADDRESS_NOT_FOUND)
_MOST_DAYS = 1024  # more than a period can have


def tallies(
    session: Session, grouping: Grouping, section: Section | None = None
) -> Mapping[int, Tally]:
    """Return every count of the catalogue by group; groups without anything are absent.

    Counts of the cartera describe it as it stands today; they are absent when split by week.

    Parameters
    ----------
    section : Section, optional
        Only what the indicators of one section are made of, which is a small part of the work.
    """
    grouping = place(session, grouping)
    found: Tallies = defaultdict(Counter)
    money = one_currency(session, grouping.currency)
    for part in (
        *(source(session, grouping) for source in _COUNTED if _is_for(source, section)),
        *(source(session, grouping, money) for source in _ADDED_UP if _is_for(source, section)),
    ):
        for group, tally in part.items():
            found[group].update(tally)
    return dict(found)


def _visits(session: Session, grouping: Grouping) -> Tallies:
    day = grouping.day_of(Visit.started_at)
    group = grouping.group_of(Visit.collector_id, Visit.client_id, day).label(GROUP)
    reached = contact_condition()
    seconds = cast(extract("epoch", Visit.ended_at), BigInteger) - cast(
        extract("epoch", Visit.started_at), BigInteger
    )
    rows = session.execute(
        select(
            group,
            func.count(),
            func.count(case((reached, 1))),
            func.count(Visit.client_id.distinct()),
            func.count(case((reached, Visit.client_id)).distinct()),
            func.count(case((Visit.outcome.in_(UNLOCATABLE), Visit.client_id)).distinct()),
            func.count((Visit.collector_id * _MOST_DAYS + day).distinct()),
            cast(func.sum(seconds), BigInteger),
            cast(func.sum(seconds * seconds), BigInteger),
        )
        .where(grouping.holds(Visit.started_at), made_visit())
        .group_by(GROUP)
    )
    names = (
        Count.VISITS,
        Count.CONTACTS,
        Count.CLIENTS_ATTEMPTED,
        Count.CLIENTS_CONTACTED,
        Count.CLIENTS_UNLOCATABLE,
        Count.WORKDAYS,
        Count.VISIT_S,
        Count.VISIT_SQUARES,
    )
    return named(rows, names)


_COUNTED: tuple[Callable[[Session, Grouping], Tallies], ...] = (
    _visits,
    promises_made,
    plans,
    rides,
    first_contacts,
    complaints,
    faults,
    cash,
)
_ADDED_UP: tuple[Callable[[Session, Grouping, OneCurrency], Tallies], ...] = (
    promises_due,
    payments,
    cartera,
    by_client,
    workdays,
    costs,
    movement,
)
# What the indicators of each section are made of.
_OF_SECTION: dict[Section, tuple[Callable[..., Tallies], ...]] = {
    Section.CONTACT: (_visits, first_contacts),
    Section.PROMISES: (_visits, promises_made, promises_due),
    Section.ROUTE: (_visits, plans, rides, workdays),
    Section.RECOVERY: (_visits, payments, by_client, workdays),
    Section.COST: (_visits, payments, costs),
    Section.CASH: (cash,),
    Section.CONDUCT: (_visits, complaints, faults),
    Section.MOVEMENT: (movement,),
    Section.PORTFOLIO: (cartera,),
}


def _is_for(source: Callable[..., Tallies], section: Section | None) -> bool:
    return section is None or source in _OF_SECTION[section]
