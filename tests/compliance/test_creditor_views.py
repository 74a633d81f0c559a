"""The pages of creditors: who sees them, who decides, and what is refused."""

from datetime import date

import pytest
from sqlalchemy import select

from collector_app.compliance.models import CreditorProfile
from collector_app.core.actor import Role
from collector_app.portfolio.models import Creditor, CreditorWord
from tests.compliance.factories import give_credits, make_creditor
from tests.factories import make_client

URL = "/cumplimiento/acreedores"


def test_the_page_says_that_all_is_the_houses_until_somebody_adds_one(client_as):
    page = client_as(Role.SUPERVISOR).get(URL).text

    assert "Todos los créditos son de la casa" in page
    assert "México, crédito financiero (prudente)" in page
    assert "Agregar acreedor" not in page


def test_an_admin_adds_a_creditor_with_a_law_and_everybody_reads_it(client_as, session):
    form = {"name": "Tiendas del Norte", "profile_id": "mx_commercial", "reason": "contrato 7"}

    added = client_as(Role.ADMIN).post(URL, data=form, follow_redirects=True)

    assert added.status_code == 200
    page = client_as(Role.DISPATCHER).get(added.request.path).text
    assert "Tiendas del Norte" in page
    assert "México, crédito comercial (Profeco)" in page
    assert "El despacho no recibe pagos directamente." in page
    assert "contrato 7" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Escribe el nombre."),
        ({"name": "banco AUSTRAL"}, "Ya hay un acreedor con ese nombre: Banco Austral."),
        ({"reason": ""}, "Escribe por qué lo decides."),
        ({"reason": "   "}, "Escribe por qué lo decides"),
        ({"profile_id": "xx"}, "Ley del acreedor</a>: "),
    ],
)
def test_what_makes_no_creditor_is_told_beside_its_field(client_as, session, changed, said):
    make_creditor(session, "cl", "Banco Austral")
    session.commit()
    form = {"name": "Otro", "profile_id": "", "reason": "contrato"} | changed

    answer = client_as(Role.ADMIN).post(URL, data=form)

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(Creditor.name)).all() == ["Banco Austral"]


def test_another_law_is_chosen_from_a_day_on_and_not_for_the_past(client_as, session):
    creditor = make_creditor(session, "cl", "Banco Austral")
    session.commit()
    admin = client_as(Role.ADMIN)
    form = {"profile_id": "pe", "from_on": "2026-03-09", "reason": "se mudó"}

    early = admin.post(f"{URL}/{creditor.id}", data=form)
    assert early.status_code == 422
    assert "Elige hoy o un día que viene" in early.text

    done = admin.post(f"{URL}/{creditor.id}", data=form | {"from_on": "2026-03-12"})
    assert done.status_code == 303
    newest = session.scalars(select(CreditorProfile).order_by(CreditorProfile.id.desc())).first()
    assert (newest.profile_id, newest.from_on) == ("pe", date(2026, 3, 12))
    assert admin.get(f"{URL}/{creditor.id + 1}").status_code == 404


def test_the_desk_tells_whose_a_credit_is(client_as, session):
    creditor = make_creditor(session, "cl", "Banco Austral")
    number = make_client(session).credits[0].external_id
    session.commit()
    desk = client_as(Role.DISPATCHER)

    def tell(number, owner):
        form = {"credit_number": number, "creditor_id": owner}
        return desk.post(f"{URL}/credito", data=form).status_code

    assert tell("CR-nadie", str(creditor.id)) == 422
    assert tell(number, str(creditor.id)) == 303
    assert tell(number, "") == 303
    owners = session.scalars(select(CreditorWord.creditor_id).order_by(CreditorWord.id)).all()
    assert owners == [creditor.id, None]


def test_the_list_counts_credits_and_clients_by_the_newest_word(client_as, session):
    bank, shop = (make_creditor(session, None, name) for name in ("Banco Austral", "Tiendas"))
    sold = make_client(session)
    for client in (sold, make_client(session)):
        give_credits(session, client, bank)
    give_credits(session, sold, shop)
    session.commit()

    page = " ".join(client_as(Role.SUPERVISOR).get(URL).text.split())

    for name in ("Banco Austral", "Tiendas"):
        row = page.split(f">{name}</a>")[1].split("</tr>")[0]
        assert row.count('<td class="number">1</td>') == 2


HOURS = "/cumplimiento"


def hours_of(page: str) -> str:
    """Return the table of the coming days."""
    return page.partition("Se puede visitar</th>")[2].partition("</table>")[0]


def test_the_calendar_is_the_houses_until_a_creditor_is_asked_for(client_as, session):
    bank = make_creditor(session, "cl", "Banco Austral")
    shop = make_creditor(session, None, "Tiendas")
    session.commit()
    desk = client_as(Role.SUPERVISOR)

    house, of_bank, of_shop, of_nobody = (
        hours_of(desk.get(HOURS + asked).text)
        for asked in ("", f"?creditor={bank.id}", f"?creditor={shop.id}", "?creditor=999999")
    )

    assert "7:00–22:00" in house
    assert "8:00–20:00" in of_bank
    assert "22:00" not in of_bank
    assert "acreedor: Banco Austral" in of_bank  # why Sunday is none
    assert of_shop == of_nobody == house


def test_the_calendar_turns_on_the_day_on_which_the_law_of_the_creditor_begins(client_as, session):
    bank = make_creditor(session, "cl", "Banco Austral", from_on=date(2026, 3, 12))
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"{HOURS}?creditor={bank.id}").text

    days = [one.partition("</tr>")[0] for one in hours_of(page).split("<tr>")[1:]]
    assert ["22:00" in one for one in days[:4]] == [True, True, False, False]
    assert "La ley de la casa y la de Banco Austral juntas" in page


def test_the_page_of_a_creditor_leads_to_their_calendar(client_as, session):
    bank = make_creditor(session, "cl", "Banco Austral")
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"{URL}/{bank.id}").text

    assert f"{HOURS}?creditor={bank.id}#hours" in page
