"""The package as JSON: instants are epoch seconds, sentences stand once and are named by a key."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from collector_app.agreements.queries import AskedOffer
from collector_app.compliance.rules import DAY_S, Block, Channel, ForbiddenWords
from collector_app.compliance.sentences import door_sentence
from collector_app.core import clock
from collector_app.day_package.queries import PackedDay, PackedStop
from collector_app.day_package.rules import LIVES_S, ClientLaw, CreditorDuties, Span
from collector_app.strategy.queries import AppliedTreatment

KEY_LETTERS = 8  # hexadecimal; a package holds some dozens of sentences
Json = dict[str, Any]
Rides = Sequence[Sequence[int]]


class LawTexts:
    """The sentences that a package needs, each once, with rule and article."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: dict[str, Json] = {}

    def keys(self, blocks: Iterable[Block]) -> list[str]:
        """Return the keys under which the sentences of some rules stand."""
        return [self._key(one) for one in blocks]

    def _key(self, block: Block) -> str:
        """Return a key that comes from the rule itself, so that one more moves no other."""
        told = json.dumps(asdict(block), sort_keys=True)
        key = hashlib.sha256(told.encode()).hexdigest()[:KEY_LETTERS]
        if key not in self.rows:
            self.rows[key] = {
                "rule": block.rule_id,
                "article": block.article,
                "sentence": door_sentence(block),
            }
        return key


def package_of(days: Iterable[tuple[PackedDay, Rides]], collector_id: int, zone: ZoneInfo) -> Json:
    """Return what a phone carries; without the hour at which it was made (see `stamped`)."""
    texts = LawTexts()
    told = [_day(day, rides, texts, zone) for day, rides in days]
    return {"version": 1, "collector": collector_id, "days": told, "law_texts": texts.rows}


def tag_of(package: Json) -> str:
    """Return a name that changes whenever anything in a package does."""
    return hashlib.sha256(json.dumps(package, sort_keys=True).encode()).hexdigest()[:20]


def stamped(package: Json, made_at: datetime) -> Json:
    """Return a package with its hours: when it was made, and until when the phone may keep it."""
    made_s = int(made_at.timestamp())
    return {"made_at": made_s, "expires_at": made_s + LIVES_S, "lives_s": LIVES_S, **package}


def _day(day: PackedDay, rides: Rides, texts: LawTexts, zone: ZoneInfo) -> Json:
    route = day.route

    def at(second_s: int) -> int:
        return int(clock.at_second(day.day, second_s, zone).timestamp())

    return {
        "day": day.day.isoformat(),
        "from": at(0),
        "until": at(DAY_S),
        "is_estimate": day.is_estimate,
        "vehicle": day.vehicle.value,
        "route": route.id,
        "start": [route.start_lat, route.start_lon],
        "end": [route.end_lat, route.end_lon],
        "leaves_at": at(route.leaves_s),
        "returns_at": at(route.returns_s),
        "ends_at": at(day.ends_s),
        "travel_cents_per_hour": day.travel_cents_per_hour,
        "cash": texts.keys(day.cash),
        "words": _words(day.words),
        "stops": [_stop(one, texts, at(one.stop.arrives_s)) for one in day.stops if one.stop],
        "extras": [_client(one, texts) for one in day.extras],
        "matrix": rides,
    }


def _stop(one: PackedStop, texts: LawTexts, arrives_at: int) -> Json:
    assert one.stop is not None  # noqa: S101 - the caller has looked
    visit = one.stop.visit
    told = {
        "id": one.stop.id,
        "sequence": one.stop.position,
        "arrives_at": arrives_at,
        "visited_at": int(visit.started_at.timestamp()) if visit else None,
    }
    return told | _client(one, texts)


def _client(one: PackedStop, texts: LawTexts) -> Json:
    card, promise = one.client, one.promise
    later = (
        {"due_on": promise.due_on.isoformat(), "cents": promise.amount_cents} if promise else None
    )
    return {
        "client": card.id,
        "name": card.name,
        "number": card.external_id,
        "phone": card.phone,
        "stage": one.stage.value,
        "days_past_due": one.debt.days_past_due,
        "address": card.address,
        "lat": card.lat,
        "lon": card.lon,
        "overdue_cents": one.debt.overdue_cents,
        "balance_cents": one.debt.balance_cents,
        "currency": one.debt.currency,
        "service_s": one.service_s,
        "prize_cents": one.prize_cents,
        **_law(one.law, texts),
        "remote": _remote(one, texts),
        "agreed": [
            [int(a.starts_at.timestamp()), int(a.ends_at.timestamp())] for a in one.appointments
        ],
        "treatment": _treatment(one.applied),
        "asked": _asked(one.asked),
        "is_banned": one.is_banned,
        "promise": later,
        "creditors": _creditors(one.creditors, texts),
    }


def _words(words: Iterable[ForbiddenWords]) -> list[Json]:
    return [{"term": one.term, "article": one.article, "pattern": one.pattern} for one in words]


def _creditors(told: CreditorDuties | None, texts: LawTexts) -> Json | None:
    """Return what the creditors of a client ask for beside the house; None without any."""
    if told is None:
        return None
    return {
        "names": list(told.names),
        "cash": texts.keys(told.cash),
        "reason": texts.keys(told.reason),
        "words": _words(told.words),
        "duties": list(told.duties),
    }


def _treatment(applied: AppliedTreatment | None) -> Json | None:
    """Return what may be offered and said to clients of a segment; None without a segment."""
    if applied is None:
        return None
    return {
        "segment": applied.segment,
        "percent": applied.treatment.most_discount_percent,
        "instalments": applied.treatment.most_instalments,
        "script": applied.treatment.script.value,
        "opening": applied.treatment.opening,
    }


def _asked(offer: AskedOffer | None) -> Json | None:
    """Return what was asked of the office for a client, and what it said; None for nothing."""
    if offer is None:
        return None
    terms = offer.terms
    return {
        "state": offer.state.value,
        "discount_basis": terms.discount_basis,
        "count": terms.count,
        "total_cents": terms.total_cents,
        "because": offer.because,
    }


def _law(law: ClientLaw, texts: LawTexts) -> Json:
    return {
        "windows": [[span.from_s, span.to_s] for span in law.windows],
        "closed": [_closed(span, texts) for span in law.closed],
        "contacts_left": [
            {
                "counts": cap.rule.counts.value,
                "channels": sorted(cap.rule.channels),
                "most": cap.rule.most,
                "left": cap.left,
                "text": texts.keys([cap.spent])[0],
            }
            for cap in law.caps
        ],
    }


def _remote(one: PackedStop, texts: LawTexts) -> Json:
    """Return the law of each channel; one that has the law of another names it."""
    told: Json = {}
    known = [(Channel.VISIT, one.law)]
    for channel, law in one.remote.items():
        same = next((other for other, its_law in known if its_law == law), None)
        told[channel.value] = same.value if same else _law(law, texts)
        known.append((channel, law))
    return told


def _closed(span: Span, texts: LawTexts) -> list[Any]:
    return [span.from_s, span.to_s, texts.keys(span.blocks)]
