"""User names, passwords, and what attempts are counted under."""

from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.accounts.passwords import hash_password, is_outdated, is_password
from collector_app.accounts.rules import (
    MAX_PASSWORD_LENGTH,
    account_key,
    check_new_password,
    clean_username,
    network_of,
    one_time_password,
)
from collector_app.core.errors import InvalidInput
from tests.factories import _HASH, PASSWORD


@pytest.mark.parametrize(
    ("typed", "stored"), [(" Rosa.Luna ", "rosa.luna"), ("ANA", "ana"), ("ｊuan3", "juan3")]
)
def test_a_user_name_is_stored_in_one_form(typed, stored):
    assert clean_username(typed) == stored


@pytest.mark.parametrize("typed", ["ab", "a" * 33, "ñandu", "rosa luna", "-rosa", "", "rosa'"])
def test_a_user_name_that_keyboards_disagree_on_is_refused(typed):
    with pytest.raises(InvalidInput, match="username"):
        clean_username(typed)


@pytest.mark.parametrize("password", ["a1b2c3d4e5f6", "x" * 7 + "abcde" * 24 + "z"])
def test_passwords_of_12_to_128_letters_are_accepted(password):
    check_new_password(password, "rosa")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("a1b2c3d4e5f", "length"),
        ("abcde" * 26, "length"),
        ("abababababcd", "repeats"),
        ("mi-clave-ROSA-1", "username"),
    ],
)
def test_passwords_that_are_guessed_first_are_refused(password, reason):
    with pytest.raises(InvalidInput) as refused:
        check_new_password(password, "rosa")

    assert refused.value.facts["reason"] == reason


def test_one_time_passwords_are_good_passwords_and_differ():
    made = {one_time_password() for _ in range(50)}

    assert len(made) == 50
    for password in made:
        check_new_password(password, "rosa")


def test_attempts_on_a_name_are_counted_together_however_it_is_typed():
    assert account_key(" Rosa ") == account_key("rosa")
    assert account_key("rosa") != account_key("rosb")
    assert "rosa" not in account_key("rosa")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_customer_is_one_address(address, network):
    assert network_of(address) == network


def test_a_hash_says_argon2id_with_owasps_parameters():
    hashed = hash_password("calle-larga-42")

    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not is_outdated(hashed)
    assert is_outdated(_HASH)


def test_the_right_password_is_recognised_and_others_are_not():
    assert is_password(PASSWORD, _HASH)
    assert not is_password(PASSWORD + "x", _HASH)
    assert not is_password(PASSWORD, "not a hash")
    assert not is_password(PASSWORD, None)


def test_both_ways_of_writing_an_accent_are_the_same_password():
    assert is_password("contrasen\u0303a-larga", hash_password("contrase\u00f1a-larga"))


@given(st.text(min_size=12, max_size=MAX_PASSWORD_LENGTH))
def test_of_long_texts_only_repeats_and_the_user_name_are_refused(text):
    is_dull = len(set(text)) < 5 or "rosa" in text.lower()

    with pytest.raises(InvalidInput) if is_dull else nullcontext():
        check_new_password(text, "rosa")
