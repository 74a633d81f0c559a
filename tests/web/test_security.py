"""The headers that tell the browser what to trust."""

import re

import pytest
from flask import Flask, request

from collector_app.core.actor import Role
from collector_app.web.security import register_security


def test_scripts_need_the_nonce_of_their_answer(anonymous):
    policies = [anonymous.get("/entrar").headers["Content-Security-Policy"] for _ in range(2)]
    nonces = [
        re.search(r"script-src 'self' 'nonce-([\w-]{20,})'", policy)[1] for policy in policies
    ]

    assert nonces[0] != nonces[1]
    assert "unsafe" not in policies[0]
    assert "frame-ancestors 'none'" in policies[0]


def test_pages_with_personal_data_are_not_kept(client_as):
    assert client_as(Role.ADMIN).get("/usuarios").headers["Cache-Control"] == "no-store"


def test_only_tls_is_remembered_as_tls(anonymous):
    assert "Strict-Transport-Security" not in anonymous.get("/entrar").headers
    secure = anonymous.get("/entrar", base_url="https://localhost")
    assert "Strict-Transport-Security" in secure.headers


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client_as):
    cookie = client_as(Role.ADMIN).get_cookie("session")

    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_the_address_behind_a_proxy_is_believed_only_when_told(proxies, seen):
    app = Flask(__name__)
    app.config["TRUSTED_PROXIES"] = proxies
    register_security(app)
    app.add_url_rule("/ip", view_func=lambda: request.remote_addr, endpoint="ip")

    answer = app.test_client().get("/ip", headers={"X-Forwarded-For": "10.9.9.9, 203.0.113.7"})

    assert answer.text == seen
