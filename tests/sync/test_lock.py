"""A login on a phone with a PIN is answered only while the phone proves that it is unlocked."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient

from collector_app.accounts.access import ANYBODY
from collector_app.core import clock
from collector_app.core.actor import Role
from tests.factories import PASSWORD, make_user
from tests.sync.conftest import nobody_home

LOCK = "/phone/llave"
DAY = "/phone/api/v1/day"


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def data(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


@dataclass
class Vault:
    """The browser of a collector with the key pair behind its PIN."""

    browser: FlaskClient
    pair: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def key(self) -> str:
        public = self.pair.public_key()
        return text(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def bind(self):
        return self.browser.put(LOCK, json={"key": self.key})

    def proof(self, told: dict) -> str:
        """Prove as docs/phone-security.md says, written anew here."""
        office = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data(told["office"]))
        shared = self.pair.exchange(ec.ECDH(), office)
        secret = HKDF(hashes.SHA256(), 32, salt=b"", info=b"ruta phone unlock").derive(shared)
        mac = hmac.HMAC(secret, hashes.SHA256())
        mac.update(told["challenge"].encode())
        return text(mac.finalize())

    def unlock(self, told: dict | None = None):
        told = told or self.browser.get(LOCK).json
        answer = {"challenge": told["challenge"], "proof": self.proof(told)}
        return self.browser.post(f"{LOCK}/abrir", json=answer)


@pytest.fixture
def browser(route, client_as) -> FlaskClient:
    """Where the collector of the route is logged in."""
    return client_as(route.collector)


@pytest.fixture
def vault(browser) -> Vault:
    """A phone whose login belongs to its key, and which nobody unlocked."""
    found = Vault(browser)
    assert found.bind().status_code == 204
    return found


def test_a_login_without_a_pin_is_answered_as_ever(browser, route):
    assert route.clients[0].name in browser.get("/phone/").text
    assert browser.get(LOCK).json["key"] is None


def test_a_locked_phone_gets_the_page_that_asks_for_the_pin_and_nothing_of_anybody(vault, route):
    answer = vault.browser.get("/phone/")

    assert answer.status_code == 403
    assert "PIN de este teléfono" in answer.text
    assert all(client.name not in answer.text for client in route.clients)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_locked_phone_that_asks_by_script_is_told_why_not(vault):
    answer = vault.browser.get("/phone/copias", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json["error"]["code"]) == (403, "phone_locked")


def test_an_unlocked_phone_is_answered_for_ten_minutes(vault, route, stopped_clock, monkeypatch):
    assert vault.unlock().json == {"open_for_s": 600}
    assert route.clients[0].name in vault.browser.get("/phone/").text

    later = clock.now() + timedelta(seconds=599)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert vault.browser.get("/phone/").status_code == 200
    too_late = later + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: too_late)
    assert vault.browser.get("/phone/").status_code == 403


def test_a_phone_that_was_locked_is_answered_no_more(vault):
    vault.unlock()

    vault.browser.post(f"{LOCK}/cerrar")

    assert vault.browser.get("/phone/").status_code == 403


def test_everything_that_a_collector_may_open_is_shut_while_the_phone_is_locked(app, vault):
    shut, told = [], {"stop_id": 1, "client_id": 1, "uuid": "x", "sha256": "0" * 64}
    for rule in app.url_map.iter_rules():
        roles = getattr(app.view_functions[rule.endpoint], "allowed_roles", ())
        is_plain = "GET" in rule.methods and rule.arguments <= set(told)
        if Role.COLLECTOR in roles and ANYBODY not in roles and is_plain:
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **{n: told[n] for n in rule.arguments})
            if address != LOCK:
                shut.append((address, vault.browser.get(address).status_code))

    assert len(shut) > 15
    assert [one for one in shut if one[1] != 403] == []


def test_what_was_recorded_is_sent_while_the_phone_is_locked_and_the_day_is_not_given(
    phone, browser, route
):
    Vault(browser).bind()

    assert phone.states(phone.event(nobody_home(route.clients[0].id))) == ["applied"]
    assert browser.get(DAY, headers=phone.headers).status_code == 403


def test_the_token_of_a_phone_gives_nobody_the_day_without_its_open_login(
    app, phone, browser, client_as, route, session
):
    nobody, other = app.test_client(), client_as(make_user(session))
    assert nobody.get(DAY, headers=phone.headers).json["code"] == "phone_locked"
    assert other.get(DAY, headers=phone.headers).json["code"] == "phone_locked"

    vault = Vault(browser)
    vault.bind()
    vault.unlock()

    assert route.clients[0].name in browser.get(DAY, headers=phone.headers).text


def test_no_new_phone_is_registered_with_the_login_of_a_locked_one(vault):
    body = {"name": "Otro", "installed": True, "build": "b1"}

    answer = vault.browser.post("/phone/api/v1/devices", json=body)

    assert (answer.status_code, answer.json["code"]) == (403, "phone_locked")


def test_a_login_takes_no_second_key_and_the_same_key_again(vault):
    assert vault.bind().status_code == 204
    other = Vault(vault.browser)

    assert other.bind().json["code"] == "phone_locked"
    assert other.unlock().status_code == 403
    assert vault.browser.get(LOCK).json["key"] == vault.key


def test_a_challenge_is_of_its_login_and_of_now(vault, client_as, session, monkeypatch):
    other = Vault(client_as(make_user(session)))
    other.bind()
    assert vault.unlock(other.browser.get(LOCK).json).status_code == 403
    told = vault.browser.get(LOCK).json

    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert vault.unlock(told).status_code == 403


def test_a_challenge_is_good_for_one_answer(vault):
    told = vault.browser.get(LOCK).json
    assert vault.unlock(told).status_code == 200
    assert vault.browser.post(f"{LOCK}/cerrar").status_code == 204

    assert vault.unlock(told).json["code"] == "phone_locked"
    assert vault.browser.get("/phone/").status_code == 403
    assert vault.unlock().status_code == 200  # of the next challenge, asked for in the same moment


def test_a_wrong_answer_leaves_the_challenge_to_who_has_the_key(vault):
    told = vault.browser.get(LOCK).json
    stranger = Vault(vault.browser)
    assert stranger.unlock(told).status_code == 403

    assert vault.unlock(told).status_code == 200


def test_what_unlocks_one_login_unlocks_no_other(vault, client_as, session):
    other = Vault(client_as(make_user(session)))
    other.bind()
    other.unlock()
    cookie = other.browser.get_cookie("phone_unlocked").value

    vault.browser.set_cookie("phone_unlocked", cookie)

    assert vault.browser.get("/phone/").status_code == 403


@pytest.mark.parametrize("cookie", ["", "x", "WyJvcGVuIl0.firma", "null"])
def test_a_cookie_that_was_made_up_opens_nothing(vault, cookie):
    vault.browser.set_cookie("phone_unlocked", cookie)

    assert vault.browser.get("/phone/").status_code == 403


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {},
        {"key": 7},
        {"key": "ñ"},
        {"key": text(b"\x04" + b"\x01" * 64)},
        {"key": "A" * 2000},
    ],
)
def test_what_is_no_key_is_refused_by_name(browser, told):
    answer = browser.put(LOCK, json=told)

    assert (answer.status_code, answer.json["code"]) == (422, "bad_envelope")
    assert browser.get(LOCK).json["key"] is None


@pytest.mark.parametrize("told", [{}, {"challenge": "x", "proof": "x"}, {"challenge": 1}])
def test_what_is_no_proof_opens_nothing(vault, told):
    assert vault.browser.post(f"{LOCK}/abrir", json=told).status_code in (403, 422)
    assert vault.browser.get("/phone/").status_code == 403


def test_who_cannot_unlock_the_phone_may_leave_and_enter_with_the_password(vault, route):
    vault.browser.post("/salir")
    answer = vault.browser.post(
        "/entrar", data={"username": route.collector.username, "password": PASSWORD}
    )

    assert answer.status_code in (302, 303)
    assert route.clients[0].name in vault.browser.get("/phone/").text
