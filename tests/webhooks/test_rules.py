"""Signatures, addresses and pauses of webhooks."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.webhooks.rules import (
    MOST_FAILURES,
    REPLAY_WINDOW_S,
    WrongAddress,
    checked_url,
    chosen_address,
    is_given_up,
    is_signed,
    pause_after,
    secret_of,
    signature,
)

SECRET = "whsec_0123"
BODY = b'{"event":"payment.recorded"}'
NOW_S = 1_764_000_000


def test_the_signature_is_the_hmac_of_moment_and_body():
    # printf '1764000000.{"event":"payment.recorded"}' | openssl dgst -sha256 -hmac whsec_0123
    assert signature(SECRET, BODY, NOW_S) == (
        "t=1764000000,v1=c510634117bea9e2c8eedc8ea4a83890a74fe7f4279d067b7dd7163f346b075e"
    )


@given(body=st.binary(max_size=300), other=st.binary(max_size=300))
def test_only_the_body_that_was_signed_passes(body, other):
    header = signature(SECRET, body, NOW_S)

    assert is_signed(SECRET, body, header, NOW_S)
    assert is_signed(SECRET, other, header, NOW_S) is (body == other)
    assert not is_signed("another", body, header, NOW_S)


def test_what_was_signed_too_long_ago_or_in_the_future_is_refused():
    header = signature(SECRET, BODY, NOW_S)

    assert is_signed(SECRET, BODY, header, NOW_S + REPLAY_WINDOW_S)
    assert not is_signed(SECRET, BODY, header, NOW_S + REPLAY_WINDOW_S + 1)
    assert not is_signed(SECRET, BODY, header, NOW_S - REPLAY_WINDOW_S - 1)


@pytest.mark.parametrize("header", ["", "t=,v1=", "v1=abc", "t=x,v1=abc", "t=²,v1=abc"])
def test_a_header_that_is_none_is_refused(header):
    assert not is_signed(SECRET, BODY, header, NOW_S)


def test_each_webhook_has_a_secret_of_its_own():
    assert secret_of("app", "salt") != secret_of("app", "other")
    assert secret_of("app", "salt") != secret_of("other", "salt")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https:///path",
        "https://user:word@example.org/",
        "https://example.org:99999/",
        "https://[::1",
        "javascript:alert(1)",
        "https://example.org/" + "x" * 500,
        "https://127.0.0.1/x",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
    ],
)
def test_an_address_is_public_https_without_secrets(url):
    with pytest.raises(WrongAddress):
        checked_url(url, may_be_private=False)


def test_a_good_address_is_taken_without_space_around_it():
    url = " https://example.org:8443/hook?x=1 "

    assert checked_url(url, may_be_private=False) == url.strip()
    assert checked_url("http://receiver/", may_be_private=True) == "http://receiver/"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
    ],
)
def test_a_name_that_stands_for_a_private_address_is_refused_even_beside_a_public_one(address):
    with pytest.raises(WrongAddress):
        chosen_address([address], may_be_private=False)
    with pytest.raises(WrongAddress):
        chosen_address(["93.184.215.14", address], may_be_private=False)
    assert chosen_address([address], may_be_private=True) == address


def test_a_public_address_is_chosen_and_none_is_refused():
    assert chosen_address(["93.184.215.14"], may_be_private=False) == "93.184.215.14"
    with pytest.raises(WrongAddress):
        chosen_address([], may_be_private=True)


def test_pauses_double_up_to_two_hours_and_end():
    assert [pause_after(n).total_seconds() for n in (1, 2, 3)] == [30, 60, 120]
    assert pause_after(1000) == timedelta(hours=2)
    assert not is_given_up(MOST_FAILURES - 1)
    assert is_given_up(MOST_FAILURES)
