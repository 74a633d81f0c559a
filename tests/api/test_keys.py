"""The page where keys are given out and taken back."""

import re

from sqlalchemy import select

from collector_app.api.models import ApiKey
from collector_app.core.actor import Role


def test_a_key_is_shown_once_and_works(client_as, session, anonymous, stopped_clock):
    admin = client_as(Role.ADMIN)
    page = admin.post("/claves", data={"name": "ERP", "scopes": ["clients:read"]}).text
    key = re.search(r"ruta_[\w-]{20,}", page)[0]

    answer = anonymous.get("/api/v1/clients", headers={"Authorization": f"Bearer {key}"})

    assert answer.status_code == 200
    again = admin.get("/claves").text
    assert key not in again
    assert "ERP" in again
    session.expire_all()
    assert key not in str(vars(session.scalars(select(ApiKey)).one()))


def test_a_key_that_may_read_nothing_is_refused(client_as, stopped_clock):
    answer = client_as(Role.ADMIN).post("/claves", data={"name": "ERP"})

    assert answer.status_code == 422
    assert "Elige al menos una cosa" in answer.text


def test_a_key_is_taken_back(client_as, session, stopped_clock):
    admin = client_as(Role.ADMIN)
    admin.post("/claves", data={"name": "ERP", "scopes": ["visits:read"]})
    key_id = session.scalars(select(ApiKey.id)).one()

    assert admin.post(f"/claves/{key_id}/retirar").status_code == 303
    assert "retirada" in admin.get("/claves").text
