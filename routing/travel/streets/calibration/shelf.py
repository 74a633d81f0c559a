"""Keeps the speeds that were in use before, so that learnt ones can be taken back."""

import json
from pathlib import Path

from routing.travel.streets.speeds import SPEEDS_FILE, Factors, write_factors

SHELF = "speeds_before"
NOTHING = json.dumps({"source": "assumption", "factors": {}})


def put_into_use(pack: Path, factors: Factors, source: str) -> None:
    """Write factors into a pack; those in use so far go onto the shelf.

    Raises
    ------
    ValueError
        If a factor is out of range; nothing changes then.
    OSError
        If the pack can't be written to.
    """
    shelf = pack / SHELF
    shelf.mkdir(exist_ok=True)
    in_use = pack / SPEEDS_FILE
    kept = shelf / f"{len(_kept(pack)):04d}.json"
    kept.write_text(in_use.read_text("utf-8") if in_use.is_file() else NOTHING, "utf-8")
    try:
        write_factors(pack, factors, source)
    except (ValueError, OSError):
        kept.unlink()
        raise


def put_back(pack: Path) -> bool:
    """Put the last speeds from the shelf into use again; False when the shelf is empty."""
    kept = _kept(pack)
    if not kept:
        return False
    kept[-1].replace(pack / SPEEDS_FILE)
    return True


def _kept(pack: Path) -> list[Path]:
    return sorted((pack / SHELF).glob("*.json"))
