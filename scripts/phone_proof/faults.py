"""What goes wrong: each fault is done to one phone while it saves and sends."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from scripts.phone_proof.network import Network, Weather
from scripts.phone_proof.office import Office
from scripts.phone_proof.phone import Phone

KIB = 1024


class Fault(StrEnum):
    """Kinds of faults, and which share of all they are (`SHARES`)."""

    BROWSER_KILLED = "browser killed"
    SERVER_KILLED = "server killed"
    NET_CUT = "net cut"
    ANSWER_LOST = "answer lost"
    BROKEN = "500s"
    CAPTIVE_PORTAL = "captive portal"
    FULL_DISK = "full disk"
    CLOCK_OFF = "clock ±3 days"
    TWO_TABS = "two tabs"
    CLONED = "cloned device"
    RESTORED = "database restored"


# Those that need processes to start are rarer, so that two hundred fit into some minutes.
SHARES: dict[Fault, int] = {
    Fault.BROWSER_KILLED: 24,
    Fault.SERVER_KILLED: 14,
    Fault.NET_CUT: 30,
    Fault.ANSWER_LOST: 32,
    Fault.BROKEN: 26,
    Fault.CAPTIVE_PORTAL: 22,
    Fault.FULL_DISK: 14,
    Fault.CLOCK_OFF: 14,
    Fault.TWO_TABS: 16,
    Fault.CLONED: 10,
    Fault.RESTORED: 10,
}


@dataclass(frozen=True)
class World:
    """What a fault can touch; ``adopt`` is told of phones that come into being."""

    office: Office
    network: Network
    dice: random.Random
    adopt: Callable[[Phone], None]


def suffer(fault: Fault, world: World, phone: Phone, visits: int) -> None:
    """Save so many visits on a phone while a fault happens, and leave everything working."""
    _FAULTS[fault](world, phone, visits)


def _browser_killed(world: World, phone: Phone, visits: int) -> None:
    phone.record(visits, is_awaited=False)
    if world.dice.random() < 0.5:
        phone.send(is_awaited=False)
    phone.page.wait_for_timeout(world.dice.uniform(20, 120 * visits))
    phone.kill()
    phone.open()


def _server_killed(world: World, phone: Phone, visits: int) -> None:
    phone.record(visits)
    phone.send(is_awaited=False)
    phone.page.wait_for_timeout(world.dice.uniform(0, 250))
    world.office.kill()
    phone.send()
    world.office.start()


def _weather(*kinds: Weather) -> Callable[[World, Phone, int], None]:
    def happen(world: World, phone: Phone, visits: int) -> None:
        before = world.dice.randint(0, visits)
        phone.record(before)
        phone.send(is_awaited=False)  # the change of the weather meets it on its way
        phone.page.wait_for_timeout(world.dice.uniform(0, 60))
        world.network.weather[phone.name] = world.dice.choice(kinds)
        phone.record(visits - before)
        phone.send()
        world.network.weather[phone.name] = Weather.FAIR

    return happen


def _full_disk(world: World, phone: Phone, visits: int) -> None:
    """Leave the browser a few kilobytes; it looks at this when it opens the database anew."""
    assert phone.context is not None  # noqa: S101 - it is open
    tools = phone.context.new_cdp_session(phone.page)
    origin = {"origin": world.network.address}
    used = tools.send("Storage.getUsageAndQuota", origin)["usage"]
    room = world.dice.randint(20, 500) * KIB
    tools.send("Storage.overrideQuotaForOrigin", {**origin, "quotaSize": used + room})
    phone.show()
    phone.record(visits)
    phone.send()
    tools.send("Storage.overrideQuotaForOrigin", origin)
    phone.show()


def _clock_off(world: World, phone: Phone, visits: int) -> None:
    tab = phone.tab_with_clock(world.dice.choice((-3, 3)))
    phone.record(visits, tab)
    phone.send(tab)
    tab.close()


def _two_tabs(_world: World, phone: Phone, visits: int) -> None:
    first = phone.page
    second = phone.tab_with_clock(0)
    phone.record(visits // 2, first, is_awaited=False)
    phone.record(visits - visits // 2, second, is_awaited=False)
    phone.send(first, is_awaited=False)
    phone.send(second)
    first.wait_for_timeout(100 * visits)
    second.close()


def _cloned(world: World, phone: Phone, visits: int) -> None:
    if world.dice.random() < 0.5:
        phone.record(1)  # lies on both, unsent
    clone = phone.copied(f"{phone.name}-copy{len(list(phone.profile.parent.iterdir()))}")
    world.adopt(clone)
    clone.open()
    phone.open()
    for one, count in ((phone, visits // 2), (clone, visits - visits // 2)):
        one.record(count)
    for one in world.dice.sample((phone, clone), 2):
        one.send()
    clone.put_away()


def _restored(world: World, phone: Phone, visits: int) -> None:
    phone.record(visits)
    phone.send()
    world.office.restore()


_FAULTS: dict[Fault, Callable[[World, Phone, int], None]] = {
    Fault.BROWSER_KILLED: _browser_killed,
    Fault.SERVER_KILLED: _server_killed,
    Fault.NET_CUT: _weather(Weather.CUT),
    Fault.ANSWER_LOST: _weather(Weather.ANSWER_LOST),
    Fault.BROKEN: _weather(Weather.BROKEN),
    Fault.CAPTIVE_PORTAL: _weather(Weather.PORTAL_PAGE, Weather.PORTAL_REDIRECT),
    Fault.FULL_DISK: _full_disk,
    Fault.CLOCK_OFF: _clock_off,
    Fault.TWO_TABS: _two_tabs,
    Fault.CLONED: _cloned,
    Fault.RESTORED: _restored,
}
