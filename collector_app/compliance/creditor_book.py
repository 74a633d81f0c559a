"""Whose the credits of clients are and under which law, read at once for some days and clients."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from collector_app.compliance.models import CreditorProfile
from collector_app.compliance.profile_files import law_profile
from collector_app.compliance.rules import CreditorLaw, creditor_law, had_begun
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.portfolio.models import Credit, Creditor, CreditorWord, Invoice

Choice = tuple[date, datetime, str | None]
Held = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """Whose a credit is by somebody's word, and since when its creditor says that it is paid."""

    credit_id: int
    creditor_id: int | None
    told_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class CreditorBook:
    """What is known of the creditors of some clients, and of the law of each creditor.

    A credit is open until its creditor says that nothing is owed on it; money taken in the field
    and not confirmed yet ends no protection.

    Attributes
    ----------
    words : mapping of int to sequence of _Told
        By client, oldest first.
    chosen : mapping of int to sequence of Choice
        By creditor: from which day on which profile, and when that was decided; newest first.
    """

    zone: ZoneInfo
    names: Mapping[int, str]
    words: Mapping[int, Sequence[_Told]]
    chosen: Mapping[int, Sequence[Choice]]
    laws: dict[tuple[date, Held], CreditorLaw] = field(default_factory=dict)

    def law(
        self,
        client_id: int,
        day: date,
        at: datetime | None = None,
        known_at: datetime | None = None,
        *,
        also_paid: bool = False,
    ) -> CreditorLaw | None:
        """Return the law of those to whom a client owes; None where they have none of their own.

        Parameters
        ----------
        at : datetime, optional
            An instant of that day: what was told or decided after it did not hold yet.
        known_at : datetime, optional
            Only what had been told and decided by then.
        also_paid : bool
            Also the law of those to whom nothing is owed any more: what they know of a client, and
            what the client may ask of them, outlasts the debt.
        """
        told = self.words.get(client_id)
        if not told:
            return None
        start, end = clock.local_day(day, self.zone)
        heard = [
            one
            for one in told
            if one.told_at < end
            and (at is None or one.told_at <= at)
            and (known_at is None or one.told_at < known_at)
        ]
        creditors = _creditors_of(heard, None if also_paid else at or start)
        by_profile: defaultdict[str, list[str]] = defaultdict(list)
        for creditor_id in creditors:
            profile_id = self._profile_id(creditor_id, day, at, known_at)
            if profile_id is not None:
                by_profile[profile_id].append(self.names[creditor_id])
        if not by_profile:
            return None
        held = tuple((one, tuple(sorted(names))) for one, names in sorted(by_profile.items()))
        if (day, held) not in self.laws:
            self.laws[day, held] = creditor_law(
                tuple((law_profile(one, day), names) for one, names in held)
            )
        return self.laws[day, held]

    def _profile_id(
        self, creditor_id: int, day: date, at: datetime | None, known_at: datetime | None
    ) -> str | None:
        begun = (
            profile_id
            for from_on, chosen_at, profile_id in self.chosen.get(creditor_id, ())
            if from_on <= day
            and (at is None or had_begun(from_on, chosen_at, at, self.zone))
            and (known_at is None or chosen_at < known_at)
        )
        return next(begun, None)


def read_creditors(
    session: Session,
    last: date,
    zone: ZoneInfo,
    client_ids: Collection[int] | None = None,
) -> CreditorBook:
    """Read the creditors of some clients until a day: four statements, one where there are none.

    Parameters
    ----------
    client_ids : collection of int, optional
        All clients when it is left out.
    """
    names = {number: name for number, name in session.execute(select(Creditor.id, Creditor.name))}  # noqa: C416 - rows are no pairs to mypy
    if not names:
        return CreditorBook(zone, {}, {}, {})
    chosen: defaultdict[int, list[Choice]] = defaultdict(list)
    choices = select(CreditorProfile).where(CreditorProfile.from_on <= last)
    for one in session.scalars(choices.order_by(CreditorProfile.id.desc())):
        chosen[one.creditor_id].append((one.from_on, one.chosen_at, one.profile_id))
    paid = _paid_at(session, client_ids)
    words: defaultdict[int, list[_Told]] = defaultdict(list)
    found = session.execute(
        select(
            Credit.client_id,
            CreditorWord.credit_id,
            CreditorWord.creditor_id,
            CreditorWord.told_at,
        )
        .join(Credit, Credit.id == CreditorWord.credit_id)
        .where(
            CreditorWord.told_at < clock.local_day(last, zone)[1],
            among(Credit.client_id, client_ids),
        )
        .order_by(CreditorWord.id)
    )
    for client_id, credit_id, creditor_id, told_at in found:
        words[client_id].append(_Told(credit_id, creditor_id, told_at, paid.get(credit_id)))
    return CreditorBook(zone, names, dict(words), dict(chosen))


def creditor_laws(
    session: Session,
    day: date,
    zone: ZoneInfo,
    client_ids: Collection[int] | None = None,
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> dict[int, CreditorLaw]:
    """Return the law of those to whom clients owe on a day; most clients are absent.

    See `CreditorBook.law` for the instants.
    """
    book = read_creditors(session, day, zone, client_ids)
    found = ((one, book.law(one, day, at, known_at)) for one in book.words)
    return {client_id: law for client_id, law in found if law is not None}


def _creditors_of(told: Sequence[_Told], open_at: datetime | None) -> list[int]:
    """Return whose the credits are, by what was told; of an instant only of the unpaid ones."""
    newest: dict[int, int | None] = {}
    for one in told:
        if open_at is None or one.paid_at is None or one.paid_at > open_at:
            newest[one.credit_id] = one.creditor_id
    return sorted({one for one in newest.values() if one is not None})


def _paid_at(session: Session, client_ids: Collection[int] | None) -> dict[int, datetime]:
    """Return since when nothing is owed on credits of which somebody said whose they are."""
    found = session.execute(
        select(Invoice.credit_id, func.max(Invoice.balance_at))
        .join(Credit, Credit.id == Invoice.credit_id)
        .where(
            exists().where(CreditorWord.credit_id == Credit.id),
            among(Credit.client_id, client_ids),
        )
        .group_by(Invoice.credit_id)
        .having(func.max(Invoice.balance_cents) == 0)
    )
    return {credit_id: at for credit_id, at in found}  # noqa: C416 - rows are no pairs to mypy
