"""The check of a signature in docs/api.md, run as it stands there."""

import re
import textwrap
from pathlib import Path

import pytest

from collector_app.webhooks.rules import REPLAY_WINDOW_S, SIGNATURE_HEADER, signature

TEXT = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
(EXAMPLE,) = (textwrap.dedent(one) for one in re.findall(r"```python\n(.*?)```", TEXT, re.S))
BODY, NOW_S = b'{"event":"payment.recorded"}', 1_764_342_000
PROLOGUE = "import hashlib, hmac, time\n"


def is_ours(header: str, body: bytes = BODY) -> bool:
    known = {"secret": "whsec_1", "body": body, "header": header}
    exec(PROLOGUE + EXAMPLE, known)  # noqa: S102 - our own documentation
    return known["is_ours"]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("time.time", lambda: float(NOW_S))


def test_the_example_knows_what_we_signed():
    assert is_ours(signature("whsec_1", BODY, NOW_S))
    assert is_ours(signature("whsec_1", BODY, NOW_S - REPLAY_WINDOW_S))


def test_the_example_refuses_what_is_changed_old_or_of_another_secret():
    assert not is_ours(signature("whsec_1", BODY, NOW_S), b"{}")
    assert not is_ours(signature("whsec_2", BODY, NOW_S))
    assert not is_ours(signature("whsec_1", BODY, NOW_S - REPLAY_WINDOW_S - 1))
    assert not is_ours(signature("whsec_1", BODY, NOW_S + REPLAY_WINDOW_S + 1))


def test_the_header_has_its_documented_name():
    assert f"\n{SIGNATURE_HEADER}: t=" in TEXT
