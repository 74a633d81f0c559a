"""What a quiet day and a bad network cost, on one phone where nothing fails."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserType

from scripts.phone_proof.ledger import Ledger
from scripts.phone_proof.network import API, Network, Traffic
from scripts.phone_proof.office import Office
from scripts.phone_proof.phone import Maker, Phone

QUEUE = 200  # events that wait in the evening
DAY = 30  # visits, with a photo each
# What developers' tools of browsers call slow 3G: round trip, and 400 kbit/s each way.
SLOW_3G = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
# Of a radio in LTE, Huang et al., "A close examination of performance and power characteristics of
# 4G LTE networks", MobiSys 2012, table 4: watts while it promotes, and in its tail of 11.6 s.
PROMOTION_J, TAIL_J = 0.26 * 1.21, 11.576 * 1.06
# The same, table 5: watts for each Mbit/s, up and down, and the base while it sends.
UP_W_PER_MBPS, DOWN_W_PER_MBPS, BASE_W = 0.438, 0.052, 1.288
UP_MBPS, DOWN_MBPS = 5.6, 12.7  # medians of that measurement
BATTERY_J = 4_000 * 3.6 * 3.85  # 4,000 mAh at 3.85 V, a cheap phone of today


@dataclass(frozen=True, slots=True)
class Day:
    """The cost of a day: bytes, requests, and how often the radio woke for them."""

    first_load: Traffic
    visits: Traffic
    wake_ups: int

    @property
    def joules(self) -> float:
        """Estimate the energy of the radio: each wake-up with its tail, and the bytes."""
        up_s = self.visits.sent * 8 / 1e6 / UP_MBPS
        down_s = self.visits.received * 8 / 1e6 / DOWN_MBPS
        moving = up_s * (BASE_W + UP_W_PER_MBPS * UP_MBPS) + down_s * (
            BASE_W + DOWN_W_PER_MBPS * DOWN_MBPS
        )
        return self.wake_ups * (PROMOTION_J + TAIL_J) + moving

    @property
    def battery_share(self) -> float:
        """Return the part of a battery that this takes."""
        return self.joules / BATTERY_J


def day_and_queue(
    office: Office,
    stops: Sequence[tuple[int, int]],
    folder: Path,
    browser: BrowserType,
    executable: str,
) -> tuple[Day, float]:
    """Live through a day of a phone with signal, then send a queue over slow 3G.

    Each visit is a wake-up: the list, the stop and the form are opened, a visit with a photo is
    saved, and it is sent.

    Returns
    -------
    tuple of (Day, float)
        The cost of the day, and the seconds until all of the queue was acknowledged.
    """
    dice = random.Random(0)
    office.start()
    network = Network(office.port, dice)
    maker = Maker(browser, executable, network.address, Ledger())
    phone = Phone("phone0", "gestor1", stops, folder / "phone0", maker, dice)
    try:
        phone.open()
        phone.page.wait_for_timeout(5_000)  # what is fetched in advance
        first = network.traffic.pop(phone.name)
        for stop_id, _client_id in stops[:DAY]:
            _visit(phone, stop_id)
        day = Day(first, network.traffic.pop(phone.name), DAY)
        return day, _slow_queue(phone)
    finally:
        phone.kill()
        network.close()
        office.stop()


def calls_to_the_api(traffic: Traffic) -> int:
    """Return how many requests were no pages and no files."""
    return sum(path.startswith(API) for path in traffic.calls)


def _visit(phone: Phone, stop_id: int) -> None:
    for path in ("/phone/", f"/phone/parada/{stop_id}", f"/phone/parada/{stop_id}/registrar"):
        phone.page.goto(path)
    phone.show()
    phone.record(1)
    phone.send()


def _slow_queue(phone: Phone) -> float:
    assert phone.context is not None  # noqa: S101 - it is open
    phone.record(QUEUE, has_photos=False)
    tools = phone.context.new_cdp_session(phone.page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_3G})
    began = time.monotonic()
    why = phone.send()
    took = time.monotonic() - began
    if why or any(one["state"] != "delivered" for one in phone.stores()["events"]):
        message = f"the queue did not go: {why}"
        raise RuntimeError(message)
    return took
