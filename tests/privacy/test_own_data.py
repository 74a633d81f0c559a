"""What people take away of their own data: words, photos and papers, and nobody else's."""

import json
import re
import zipfile
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import inspect, select

from collector_app.agreements.services import sign
from collector_app.audit.models import AuditEntry
from collector_app.core.actor import Actor, Role
from collector_app.payments.services import record_payment
from collector_app.portfolio.models import Client
from collector_app.privacy.own_data import words
from collector_app.privacy.queries import OF_CLIENT, OF_CREDIT
from tests.agreements.factories import make_agreement
from tests.backing.factories import make_document
from tests.client_file.test_pictures import JPEG, ZONE, sha, told
from tests.conventions.pdf import pdf_text
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.sync.conftest import nobody_home, phone, phone_of, route

__all__ = ["phone", "phone_of", "route"]

TABLES = (Client, *OF_CLIENT, *OF_CREDIT)
# What ties rows together, proves that they are unchanged, or stands in a file beside the page.
TIES = {
    *("id", "uuid", "client_id", "stop_id", "visit_id", "fact_id", "ban_id", "pause_id"),
    *("seen_visit_id", "sha256", "signature", "signature_sha256", "size_bytes", "media_type"),
    *("content", "blocks", "rule_id", "ground", "profile_id", "profile_version"),
}
SYSTEM = Actor.system("test")


@pytest.fixture
def rosa(session, route, phone):
    """A client with a visit and its photo, a payment, an agreement that was signed, and a paper."""
    client = session.merge(route.clients[0])
    visit = nobody_home(client.id, route.stops[0].id, photos=[told(JPEG)])
    assert phone.states(phone.event(visit)) == ["applied"]
    assert phone.upload(sha(JPEG), JPEG).status_code < 300
    boss = actor_of(make_user(session, Role.SUPERVISOR, full_name="Luz Paredes"))
    made = make_agreement(session, boss, client)
    session.flush()
    drawn = BytesIO()
    Image.new("L", (60, 20), 255).save(drawn, "PNG")
    sign(session, boss, made.id, "Rosa", drawn.getvalue())
    record_payment(session, boss, payment_fact(client, amount_cents=20_000), zone=ZONE)
    session.commit()
    return client


def taken(client_as, client) -> zipfile.ZipFile:
    answer = client_as(Role.SUPERVISOR).get(f"/datos/{client.id}.zip")
    assert answer.headers["Cache-Control"] == "no-store"
    return zipfile.ZipFile(BytesIO(answer.data))


def test_every_column_of_every_table_has_its_word():
    columns = {one.key for table in TABLES for one in inspect(table).column_attrs}

    assert set(words()["tables"]) == {table.__tablename__ for table in TABLES}
    assert set(words()["columns"]) == columns - TIES


def test_the_page_is_in_words_and_photos_and_papers_lie_beside_it(client_as, session, rosa):
    archive = taken(client_as, rosa)

    page = archive.read("datos.htm").decode()
    assert rosa.name in page
    for word in ("Visitas", "Resultado", "No estaba", "Pagos", "$200.00", "Efectivo"):
        assert word in page
    assert "Luz Paredes" in page
    assert not re.search(r">\w+_(cents|at|on|by|id)<|datetime|None", page)
    [photo] = [name for name in archive.namelist() if name.startswith("fotos/")]
    assert archive.read(photo) == JPEG
    [receipt] = [name for name in archive.namelist() if name.startswith("recibos/")]
    assert "$200.00" in pdf_text(archive.read(receipt))
    [agreement] = [name for name in archive.namelist() if name.startswith("convenios/")]
    assert "Rosa" in pdf_text(archive.read(agreement))
    assert f'href="{photo}"' in page
    assert json.loads(archive.read("datos.json"))["client"][0]["name"] == rosa.name


def test_papers_of_the_credit_come_with_it(client_as, session, rosa):
    make_document(session, rosa, b"%PDF-1.4 a contract")
    session.commit()

    archive = taken(client_as, rosa)

    [paper] = [name for name in archive.namelist() if name.startswith("documentos/")]
    assert archive.read(paper).startswith(b"%PDF")


def test_of_others_there_is_nothing_and_the_log_says_who_took_it(client_as, session, rosa):
    archive = taken(client_as, make_client(session, name="Otro Cliente"))

    assert set(archive.namelist()) == {"datos.htm", "datos.json"}
    assert rosa.name not in archive.read("datos.htm").decode()
    handed = select(AuditEntry).where(AuditEntry.event == "client.data_handed_out")
    assert [one.role for one in session.scalars(handed)] == [Role.SUPERVISOR]
