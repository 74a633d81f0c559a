"""Looks for all that was said to be saved: in the office by SQL of its own, and on the phones.

A visit is accounted for when it counts, when the review page shows it, or when its phone lists it
as waiting or as a problem. Nothing of the product is asked.
"""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.phone_proof.ledger import Ledger

Stores = Mapping[str, dict[str, Any]]  # of phones, by their names


@dataclass
class Verdict:
    """Where everything is, and what is not where it should be; ids of visits, hashes of photos."""

    applied: int = 0
    on_review: int = 0
    on_phones: int = 0
    photos_here: int = 0
    photos_on_phones: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    invisible: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is lost, doubled or invisible."""
        return not (self.lost or self.doubled or self.invisible)


@dataclass(frozen=True)
class _Office:
    """What the database says: marks of visits with their number, and ids by where they are."""

    visits: Counter[str]  # by their id
    marks: Counter[str]  # by their note
    paid_cents: Counter[str]  # of payments, by the note of their visit
    events: set[str]  # that were stored, whatever became of them
    review: set[str]  # that wait, or contradict another, and nobody decided
    photos: set[str]  # that are noted as here, and whose bytes are


def judge(ledger: Ledger, stores: Stores, database: Path, evidence: Path) -> Verdict:
    """Compare what people were told with the office's database and folder, and with the phones."""
    office = _read(database, evidence)
    waiting = {
        one["id"]
        for store in stores.values()
        for one in store["events"]
        if one["state"] in ("kept", "refused")
    }
    photos_waiting = {
        one["sha256"]
        for store in stores.values()
        for one in store["photos"]
        if one["state"] in ("kept", "refused")
    }
    verdict = Verdict()
    for said in ledger.said.values():
        counts, on_review = office.visits[said.uuid], said.uuid in office.review
        verdict.applied += bool(counts)
        verdict.on_review += on_review and not counts
        verdict.on_phones += said.uuid in waiting and not counts and not on_review
        if not (counts or on_review or said.uuid in waiting):
            known = said.uuid in office.events
            (verdict.invisible if known else verdict.lost).append(said.uuid)
        if counts > 1 or office.marks[said.mark] > 1:
            verdict.doubled.append(said.uuid)
        if counts and office.paid_cents[said.mark] != said.paid_cents:
            wrong = office.paid_cents[said.mark] < said.paid_cents
            (verdict.lost if wrong else verdict.doubled).append(f"{said.uuid} (money)")
        for sha256 in said.photos:
            verdict.photos_here += sha256 in office.photos
            verdict.photos_on_phones += sha256 in photos_waiting - office.photos
            if sha256 not in office.photos | photos_waiting:
                verdict.lost.append(f"{said.uuid} (photo {sha256[:8]})")
    return verdict


def whereabouts(uuid: str, ledger: Ledger, stores: Stores) -> list[str]:
    """Return a line for each phone that holds a visit, to find out what became of it."""
    mark = ledger.said[uuid].mark
    return [
        f"{mark}: on {name} event {one['seq']} is {one['state']} ({one['verdict']}), photos are "
        f"{[photo['state'] for photo in store['photos'] if photo['visit'] == uuid]}; the last "
        f"attempt to send: {store['why'] or 'all went out'}"
        for name, store in stores.items()
        for one in store["events"]
        if one["id"] == uuid
    ] or [f"{mark}: on no phone"]


def _read(database: Path, evidence: Path) -> _Office:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as link:
        visits = link.execute("SELECT uuid, note FROM visit").fetchall()
        paid = link.execute(
            "SELECT v.note, sum(p.amount_cents) FROM payment p"
            " JOIN visit v ON v.id = p.visit_id GROUP BY v.note"
        ).fetchall()
        events = link.execute("SELECT uuid, state FROM sync_event").fetchall()
        others = link.execute(
            "SELECT uuid, statement FROM sync_conflict WHERE settled_at IS NULL"
        ).fetchall()
        noted = link.execute("SELECT sha256 FROM evidence WHERE stored_at IS NOT NULL").fetchall()
    told = [json.loads(statement)["body"] for _uuid, statement in others]
    asked = {one for (one,) in noted} | {
        photo["sha256"] for body in told for photo in body.get("photos", [])
    }
    return _Office(
        visits=Counter(uuid for uuid, _note in visits),
        marks=Counter(note for _uuid, note in visits),
        paid_cents=Counter(dict(paid)),
        events={uuid for uuid, _state in events},
        review={uuid for uuid, state in events if state == "waiting"}
        | {uuid for uuid, _statement in others},
        photos={one for one in asked if _is_whole(evidence, one)},
    )


def _is_whole(evidence: Path, sha256: str) -> bool:
    path = evidence / sha256[:2] / sha256
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
