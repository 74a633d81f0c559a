"""The course of a proof: phones come in waves, save, suffer, and send the rest in the evening."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserType

from scripts.phone_proof.faults import SHARES, Fault, World, suffer
from scripts.phone_proof.ledger import Ledger
from scripts.phone_proof.network import Network
from scripts.phone_proof.office import Office
from scripts.phone_proof.phone import Maker, Phone
from scripts.sync.company import Routes

AT_ONCE = 4  # phones whose browsers run, on two cores
_BACKUP_EVERY = 7  # acts
_EVENING_TRIES = 12
_EVENING_PAUSE_MS = 400


@dataclass(frozen=True)
class Scale:
    """How much happens; the same seed gives the same faults to the same phones.

    After ``minutes`` nothing new begins, whatever is still wanted: what was saved until then is
    sent and judged.
    """

    phones: int
    visits: int
    faults: int
    seed: int
    minutes: float = inf


@dataclass
class Evening:
    """What is left at the end: the ledger, and what each phone still holds, by its name."""

    ledger: Ledger
    stores: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0
    is_cut_short: bool = False


def run(
    scale: Scale,
    office: Office,
    routes: Routes,
    folder: Path,
    browser: BrowserType,
    executable: str,
    tell: Callable[[str], None] = lambda _line: None,
) -> Evening:
    """Let everything happen, with the office started and stopped here.

    Parameters
    ----------
    routes : Routes
        The stops of as many collectors as there are phones.
    folder : Path
        Where the profiles of the phones lie.
    tell : callable
        Is told of each act, one line.
    """
    began = time.monotonic()
    ends = began + 60 * scale.minutes
    dice = random.Random(scale.seed)
    evening = Evening(Ledger())
    office.start()
    network = Network(office.port, random.Random(scale.seed))
    phones: list[Phone] = []
    try:
        maker = Maker(browser, executable, network.address, evening.ledger)
        world = World(office, network, dice, phones.append)
        office.back_up()
        for wave in _waves(_phones(scale, routes, folder, maker, dice)):
            evening.is_cut_short = time.monotonic() > ends
            if evening.is_cut_short:
                break
            phones += wave
            evening.is_cut_short = not _wave(wave, scale, world, evening.ledger, tell, ends)
        for phone in phones:
            evening.stores[phone.name] = _send_the_rest(phone)
    finally:
        for phone in phones:
            if phone.context is not None:
                phone.kill()
        network.close()
        office.stop()
    evening.seconds = time.monotonic() - began
    return evening


def _phones(
    scale: Scale, routes: Routes, folder: Path, maker: Maker, dice: random.Random
) -> list[Phone]:
    names = sorted(routes)[: scale.phones]
    return [
        Phone(f"phone{n}", name, routes[name], folder / f"phone{n}", maker, dice)
        for n, name in enumerate(names, start=1)
    ]


def _waves(phones: list[Phone]) -> Iterator[list[Phone]]:
    for at in range(0, len(phones), AT_ONCE):
        yield phones[at : at + AT_ONCE]


def planned(count: int, dice: random.Random) -> list[Fault]:
    """Return so many faults by their shares, each kind at least once, in random order."""
    kinds = list(Fault)
    rest = dice.choices(kinds, weights=[SHARES[kind] for kind in kinds], k=count)
    faults = (kinds + rest)[:count] if count >= len(kinds) else rest
    dice.shuffle(faults)
    return faults


def _wave(
    wave: list[Phone],
    scale: Scale,
    world: World,
    ledger: Ledger,
    tell: Callable[[str], None],
    ends: float,
) -> bool:
    """Let some phones save their share of the visits, with a fault each few of them.

    Returns
    -------
    bool
        Whether all of it happened before `ends`, seconds of the monotonic clock.
    """
    share = len(wave) / scale.phones
    faults = planned(round(scale.faults * share), world.dice)
    wanted = round(scale.visits * share)
    before = len(ledger.said)
    for phone in wave:
        phone.open()
    for done, fault in enumerate(faults):
        if time.monotonic() > ends:
            break
        phone = world.dice.choice(wave)
        left = wanted - (len(ledger.said) - before)
        visits = max(1, round(left / (len(faults) - done)))
        suffer(fault, world, phone, visits)
        ledger.faults[fault] += 1
        tell(f"{time.strftime('%X')} {fault.value}: {phone.name}, {len(ledger.said)} visits")
        if world.dice.random() < 0.5:
            phone.send()
        if done % _BACKUP_EVERY == 0:
            world.office.back_up()
    while (left := wanted - (len(ledger.said) - before)) > 0 and time.monotonic() <= ends:
        world.dice.choice(wave).record(min(5, left))
    for phone in wave:
        phone.put_away()
    return left <= 0


def _send_the_rest(phone: Phone) -> dict[str, Any]:
    """Open a phone with signal and tap until nothing waits, as people do; return what is left."""
    phone.open()
    for _ in range(_EVENING_TRIES):
        phone.page.locator("[data-send]").click()
        phone.page.wait_for_timeout(_EVENING_PAUSE_MS)
        why = phone.send()
        if why is None and not _waits(phone.stores()):
            break
        phone.show()
    found = phone.stores() | {"why": why}  # why the last attempt failed, if it did
    phone.put_away()
    return found


def _waits(stores: dict[str, Any]) -> bool:
    gone = {one["id"] for one in stores["events"] if one["state"] != "delivered"}
    return any(one["state"] == "kept" for one in stores["events"]) or any(
        one["state"] == "kept" and one["visit"] not in gone for one in stores["photos"]
    )
