"""A gestor's day on a real phone screen: few taps, nothing twice, nothing lost."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from collector_app.core.money import parse_pesos
from collector_app.payments.models import Payment
from collector_app.portfolio.models import Client, Credit
from collector_app.promises.models import Promise
from collector_app.visits.models import Visit
from collector_app.visits.rules import Objection
from tests.browser.badge import badge
from tests.browser.conftest import PHONE
from tests.factories import make_client, make_user
from tests.payments.factories import make_payment
from tests.phone.factories import make_route
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

LEAST_TARGET_PX = 48
FIRST_FORM_MS = 20_000  # the first of a process reads the law

# What can be touched and is seen. A radio button lies under its tile; links within sentences and
# those that a map must show are not buttons (WCAG 2.5.8, exception "inline").
SMALL_TARGETS = """(least) => [...document.querySelectorAll(
    "a, button, summary, input:not([type=hidden]):not([type=radio]), textarea, .option")]
  .filter((one) => one.getClientRects().length)
  .filter((one) => !one.matches(".skip, .map a, [data-errors] a"))
  .map((one) => [one.textContent.trim() || one.name, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least)
  .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""


class Thumb:
    """Taps, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def on(self, selector: str, text: str) -> None:
        self.page.locator(selector).get_by_text(text, exact=True).tap()
        self.taps += 1

    def tile(self, text: str) -> None:
        self.page.locator(".option:visible").filter(
            has=self.page.get_by_text(text, exact=True)
        ).tap()
        self.taps += 1


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Luis Gestor")


@pytest.fixture
def stops(session, collector):
    names = ("María Guadalupe Hernández Contreras", "Beto Cortés", "Carla Díaz")
    clients = [
        make_client(session, name=name, lat=-29.9027 + n / 250) for n, name in enumerate(names)
    ]
    make_zone(session, clients, collector)
    return make_route(session, collector, clients)


@pytest.fixture
def page(phone, collector, stops) -> Page:
    """Today's list on the collector's phone."""
    page = phone(collector)
    page.goto("/phone/")
    return page


def count(session, table) -> int:
    session.rollback()  # see what the server wrote
    return session.scalar(select(func.count()).select_from(table))


def expect_saved(page: Page, text: str) -> None:
    """Saved on the phone, and the office has it."""
    expect(page.get_by_text(text)).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")


def wait_for_copies(page: Page) -> None:
    """Until this phone has its pages; before it has that of receipts, money leads to the list."""
    page.locator("#signal[data-ready=yes]").wait_for(state="attached")


def open_form(page: Page) -> Thumb:
    thumb = Thumb(page)
    thumb.on(".dock", "Registrar visita")
    expect(page.get_by_text("Ubicación tomada")).to_be_visible(timeout=FIRST_FORM_MS)
    return thumb


def test_nobody_home_takes_four_taps_and_the_next_stop_follows(page, session):
    thumb = open_form(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    thumb.on(".dock", "Guardar visita")

    expect_saved(page, "Guardado: No estaba.")
    card = page.locator(".stop-card")
    expect(card.locator(".name")).to_have_text("Beto Cortés")
    expect(card).to_contain_text("Siguiente parada · 2 de 3")
    expect(card.get_by_role("link", name="Cómo llegar")).to_be_visible()
    assert thumb.taps <= 4
    assert count(session, Visit) == 1
    visit = session.scalars(select(Visit)).one()
    assert (visit.lat, visit.lon, visit.accuracy_m) == (-29.9027, -71.2519, 12)


def test_a_visit_taken_back_after_the_office_had_it_is_the_next_stop_again(page, stops):
    thumb = open_form(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    thumb.on(".dock", "Guardar visita")
    expect_saved(page, "Guardado: No estaba.")
    page.context.route("**/phone/api/v1/events*", lambda _route: None)  # no answer

    page.get_by_role("button", name="Deshacer").tap()

    # The list comes from the office, which has the visit and does not yet know that it was undone.
    card = page.locator(".stop-card")
    expect(card.locator(".name")).to_have_text("María Guadalupe Hernández Contreras")
    expect(card).to_contain_text("$1,500.00")
    first = page.locator(".stops li").first
    expect(first).to_contain_text("María Guadalupe Hernández Contreras")
    expect(first).to_contain_text("Deshecha")
    first.get_by_role("link").tap()
    expect(page).to_have_url(re.compile(rf"/phone/parada/{stops[0].id}$"))


def test_a_promise_takes_chips_alone(page, session):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Prometió pagar")
    thumb.tile("Todo · $1,500.00")
    thumb.tile("Viernes 13")
    thumb.on(".dock", "Guardar visita")

    expect_saved(page, "Guardado: prometió $1,500.00 para el vie 13 mar.")
    assert count(session, Promise) == 1
    assert session.scalars(select(Promise.amount_cents)).one() == 150_000


def test_a_payment_is_read_back_before_it_is_stored(page, session):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Otra cantidad")
    page.get_by_label("Cantidad que recibiste").fill("1,350.50")

    expect(page.get_by_text("Recibiste $1,350.50")).to_be_visible()
    thumb.on(".dock", "Guardar visita")

    expect_saved(page, "Guardado: recibiste $1,350.50.")
    assert count(session, Payment) == 1
    assert session.scalars(select(Payment.amount_cents)).one() == 135_050


def test_who_paid_all_finds_what_is_owed_chosen_and_read_back(page, session):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Pagó todo")

    chosen = page.locator("[name=payment_choice]:checked")
    expect(chosen).to_have_value("150000")
    expect(page.locator("output")).to_have_text("Recibiste $1,500.00")
    thumb.tile("Dio un abono")  # what was not chosen by a person is not kept for another answer
    expect(chosen).to_have_count(0)
    thumb.tile("Pagó todo")
    thumb.tile("Efectivo")
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text("Guardado: recibiste $1,500.00.")).to_be_visible()
    expect(badge(page)).to_have_text("Todo enviado")
    assert count(session, Payment) == 1
    assert session.scalars(select(Payment.amount_cents)).one() == 150_000


def test_an_amount_that_a_person_chose_stays_when_all_was_paid(page):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Otra cantidad")
    page.get_by_label("Cantidad que recibiste").fill("1400")
    thumb.tile("Pagó todo")

    expect(page.locator("[name=payment_choice]:checked")).to_have_value("other")
    expect(page.locator("output")).to_have_text("Recibiste $1,400.00")


def test_amounts_are_in_the_currency_of_the_clients_credit(page, session, stops):
    session.rollback()
    session.execute(update(Credit).values(currency="USD"))
    session.commit()
    page.goto("/phone/")
    expect(page.locator(".stop-card .amount")).to_have_text("USD1,500.00")
    expect(page.locator(".stop-card")).to_contain_text("Debe USD1,500.00, 40 días de atraso")
    expect(page.locator("#collected")).to_have_text(re.compile(r"USD.?0\.00"))

    wait_for_copies(page)
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Otra cantidad")
    page.get_by_label("Cantidad que recibiste").fill("350")
    expect(page.locator("output")).to_have_text(re.compile(r"Recibiste USD.350\.00"))
    thumb.tile("Efectivo")
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text(re.compile(r"Guardado: recibiste USD.350\.00\."))).to_be_visible()
    expect(page.locator("#receipt [data-sum]")).to_have_text(re.compile(r"USD.350\.00"))
    page.get_by_role("link", name="Seguir con mi ruta").tap()
    expect(page.locator("#collected")).to_have_text(re.compile(r"USD.?350\.00"))


def test_a_payment_and_a_promise_for_the_rest_are_one_visit(page, session):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Promete pagar el resto")
    for group, sum_ in (("payment", "350"), ("promise", "1150")):
        part = page.locator(f"[data-group={group}]")
        part.locator(".option", has_text="Otra cantidad").tap()
        part.locator(f"#{group}_amount").fill(sum_)
    thumb.tile("Hoy")
    thumb.on(".dock", "Guardar visita")

    expect_saved(page, "Guardado: recibiste $350.00 y prometió $1,150.00 para el")
    assert count(session, Visit) == 1
    assert session.scalars(select(Payment.amount_cents)).all() == [35_000]
    assert session.scalars(select(Promise.amount_cents)).all() == [115_000]


def test_a_sum_far_above_the_debt_is_asked_about_and_taken(page, session):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Otra cantidad")
    page.locator("#payment_amount").fill("15000")
    thumb.on(".dock", "Guardar visita")
    asked = page.get_by_role("dialog", name="¿Seguro?")
    expect(asked).to_contain_text("Recibiste mucho más de lo que debe")

    asked.get_by_role("button", name="Revisar").tap()
    expect(asked).to_be_hidden()
    expect(page.locator("#payment_amount")).to_have_value("15000")
    thumb.on(".dock", "Guardar visita")
    asked.get_by_role("button", name="Sí, guardar así").tap()

    expect_saved(page, "Guardado: recibiste $15,000.00")
    session.rollback()
    assert session.scalars(select(Payment.amount_cents)).all() == [1_500_000]


def test_errors_at_the_door_are_listed_before_saving_and_block_nothing(page, session, complaints):
    complaints.forgive(r"net::ERR")
    wait_for_copies(page)
    page.context.set_offline(True)
    thumb = Thumb(page)
    thumb.on(".dock", "Registrar visita")
    checks = page.get_by_role("region", name="Antes de guardar")
    thumb.tile("Titular")
    thumb.tile("Prometió pagar")
    expect(checks.get_by_text("Día e importe exactos")).to_be_visible()
    expect(checks.locator("li:visible.met")).to_have_count(0)
    thumb.tile("Todo · $1,500.00")
    thumb.tile("Viernes 13")
    expect(checks.locator("li:visible.met")).to_have_text(
        ["Día e importe exactos", "Dentro de lo que acepta la casa"]
    )
    thumb.tile("Repetiste lo acordado y lo confirmó")
    expect(checks.locator("li:visible.met")).to_have_count(3)

    page.reload()  # the draft comes back, with what was ticked off
    expect(checks.locator("li:visible.met")).to_have_count(3)
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text("Guardado: prometió $1,500.00")).to_be_visible()  # one was left open
    page.context.set_offline(False)
    page.get_by_role("link", name="Envíos").or_(page.locator("#outbox a")).first.tap()
    page.get_by_role("button", name="Enviar ahora").tap()
    expect(page.get_by_text("Recibida", exact=True)).to_be_visible()
    assert count(session, Promise) == 1


def test_a_discount_before_the_whole_was_asked_for_is_asked_about_once_more(page, session):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Pide descuento")
    page.get_by_label("Nota").fill("Le ofrecí 30 % de quita")
    thumb.on(".dock", "Guardar visita")
    asked = page.get_by_role("dialog", name="¿Seguro?")
    expect(asked).to_contain_text("preguntaste cuánto puede pagar")
    expect(asked).to_contain_text("mayor que el tuyo (10 %)")

    asked.get_by_role("button", name="Sí, guardar así").tap()

    expect_saved(page, "Guardado: Pide descuento.")
    assert count(session, Visit) == 1


def test_what_is_owed_is_shown_to_the_debtor_and_not_to_a_relative(page):
    thumb = open_form(page)
    thumb.tile("Familiar")
    thumb.tile("Dio un abono")
    payment = page.locator("[data-group=payment]")
    expect(payment.get_by_text("Todo")).to_be_visible()
    assert "$" not in payment.locator(".chips").first.inner_text()
    expect(page.get_by_text("Promete pagar el resto")).to_be_hidden()

    thumb.tile("Titular")

    expect(payment.get_by_text("Todo · $1,500.00")).to_be_visible()


def test_a_refusal_keeps_the_objection_and_the_note(page, session):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Sin acuerdo")
    thumb.tile("Me cobran de más")
    page.get_by_label("Nota").fill("Quiere ver su estado de cuenta")
    thumb.on(".dock", "Guardar visita")

    expect_saved(page, "Guardado: Sin acuerdo.")
    assert count(session, Visit) == 1
    visit = session.scalars(select(Visit)).one()
    assert (visit.objection, visit.note) == (
        Objection.WRONG_AMOUNT,
        "Quiere ver su estado de cuenta",
    )


def test_only_what_fits_is_offered(page):
    thumb = open_form(page)
    outcomes = page.locator("#outcome .option:visible")
    expect(outcomes).to_have_count(0)

    thumb.tile("Menor de edad")

    expect(outcomes).to_have_text(["Atendió un menor", "No se visitó"])


def test_an_answer_that_no_longer_fits_is_taken_back(page):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Prometió pagar")
    expect(page.locator("[data-group=promise]")).to_be_visible()

    thumb.tile("Nadie")

    expect(page.locator("[data-group=promise]")).to_be_hidden()
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)


def test_a_double_tap_stores_once(page, session):
    thumb = open_form(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")

    page.get_by_role("button", name="Guardar visita").dblclick()

    expect_saved(page, "Guardado: No estaba.")
    assert count(session, Visit) == 1


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_second_tap_of_two_opens_nothing_on_the_page_that_follows(page, session, motion):
    page.emulate_media(reduced_motion=motion)
    wait_for_copies(page)
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Pagó todo")
    thumb.tile("Efectivo")
    # A thumb that taps on where the button is, until the receipt is there and a moment longer.
    middle = page.get_by_role("button", name="Guardar visita").bounding_box()
    at = (middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)

    page.touchscreen.tap(*at)
    page.wait_for_url("**/phone/recibos*", wait_until="commit")
    page.touchscreen.tap(*at)

    expect(page.locator("#receipt")).to_be_visible()
    expect(page).to_have_url(re.compile("/phone/recibos#"))
    page.wait_for_timeout(600)  # a tap that is meant works
    page.touchscreen.tap(*at)
    expect(page).to_have_url(re.compile("/phone/$"))
    assert count(session, Visit) == 1


def test_going_back_after_saving_warns_and_stores_nothing(page, session):
    thumb = open_form(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    thumb.on(".dock", "Guardar visita")
    expect_saved(page, "Guardado: No estaba.")

    page.go_back()
    page.reload()

    expect(page.get_by_text("Esta parada ya se registró")).to_be_visible()
    assert count(session, Visit) == 1


def test_without_permission_for_gps_the_visit_is_stored_with_the_reason(page, session):
    page.context.clear_permissions()
    thumb = Thumb(page)
    thumb.on(".dock", "Registrar visita")
    expect(page.get_by_text("Sin permiso para tu ubicación. Puedes guardar así.")).to_be_visible()
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    thumb.on(".dock", "Guardar visita")

    expect_saved(page, "Guardado: No estaba.")
    assert count(session, Visit) == 1
    visit = session.scalars(select(Visit)).one()
    assert (visit.lat, visit.no_gps_reason) == (None, "denied")


def test_without_a_fix_the_form_goes_on_after_ten_seconds(page, session):
    page.add_init_script("navigator.geolocation.watchPosition = () => 1")
    page.clock.install()
    thumb = Thumb(page)
    thumb.on(".dock", "Registrar visita")
    expect(page.get_by_text("Buscando tu ubicación… puedes seguir.")).to_be_visible()

    page.clock.run_for(10_000)

    expect(page.get_by_text("No se pudo tomar tu ubicación. Puedes guardar así.")).to_be_visible()
    assert page.locator("[name=no_gps_reason]").input_value() == "timeout"


def test_all_works_without_scripts(open_page, session, collector, stops):
    page = open_page({**PHONE, "java_script_enabled": False}, collector)
    page.goto("/phone/")
    thumb = Thumb(page)
    thumb.on(".dock", "Registrar visita")
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Todo · $1,500.00")
    thumb.on(".dock", "Guardar visita")

    expect(page.get_by_text("Guardado: recibiste $1,500.00.")).to_be_visible()
    assert count(session, Payment) == 1
    assert session.scalars(select(Visit.no_gps_reason)).one() == "no_script"


def test_a_mistake_takes_the_focus_and_keeps_what_was_typed(page, session):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Otra cantidad")
    page.get_by_label("Cantidad que recibiste").fill("trescientos")
    page.get_by_label("Nota").fill("Pagó en dos partes")
    thumb.on(".dock", "Guardar visita")

    expect(page.locator("[data-errors]")).to_be_focused()
    expect(page.locator("#payment_amount-error")).to_contain_text("Escribe la cantidad con números")
    expect(page.get_by_label("Cantidad que recibiste")).to_have_value("trescientos")
    expect(page.get_by_label("Nota")).to_have_value("Pagó en dos partes")
    assert count(session, Visit) == 0


def test_what_was_mended_is_no_longer_said_to_be_wrong(page):
    thumb = open_form(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Otra cantidad")
    page.get_by_label("Cantidad que recibiste").fill("trescientos")
    thumb.on(".dock", "Guardar visita")
    wrong = page.locator("[data-errors] li")
    expect(wrong).to_have_count(1)
    page.get_by_label("Cantidad que recibiste").fill("trescientos y")
    expect(wrong).to_have_count(1)

    page.get_by_label("Cantidad que recibiste").fill("300")

    expect(page.locator("[data-errors]")).to_have_count(0)
    expect(page.locator("#payment_amount-error")).to_have_count(0)
    expect(page.locator("#payment_amount[aria-invalid]")).to_have_count(0)
    expect(page.get_by_label("Cantidad que recibiste")).to_be_focused()


@pytest.mark.parametrize("path", ["/phone/", "/phone/parada/{}", "/phone/parada/{}/registrar"])
def test_with_letters_of_twice_the_size_words_stay_whole_and_nothing_is_beyond_the_screen(
    page, stops, path
):
    page.goto(path.format(stops[0].id))
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    apart = r"""() => [...document.querySelectorAll(".stops .name")].map((one) => {
      const words = one.firstChild; const range = document.createRange();
      return words.data.trim().split(/\s+/).filter((word) => {
        const at = words.data.indexOf(word);
        range.setStart(words, at); range.setEnd(words, at + word.length);
        return range.getClientRects().length > 1; // one word on two lines
      });
    }).flat()"""
    assert page.evaluate(apart) == []


def test_the_phone_reads_amounts_as_the_server_does(page):
    texts = ["350", "$1,234.50", "1.234,50", "1.234", "1 234", "12,5", "1,23,4", "abc", "", "1.2.3"]
    open_form(page)

    source = "/static/phone/visit/money.js"
    read = page.evaluate(
        "async ([source, texts]) => texts.map((await import(source)).cents)", [source, texts]
    )

    assert read == [cents_or_none(text) for text in texts]


def cents_or_none(text: str) -> int | None:
    try:
        return parse_pesos(text)
    except ValueError:
        return None


# --- every page of the phone


def show_list(page: Page, stop_id: int) -> None:
    page.goto("/phone/?ver=all")


def show_stop(page: Page, stop_id: int) -> None:
    page.goto(f"/phone/parada/{stop_id}")


def show_menu(page: Page, stop_id: int) -> None:
    page.goto("/phone/")
    page.get_by_label("Menú").tap()


def show_map(page: Page, stop_id: int) -> None:
    page.goto("/phone/mapa")
    page.locator(".mark.next span").wait_for()


def show_promise(page: Page, stop_id: int) -> None:
    page.goto(f"/phone/parada/{stop_id}/registrar")
    thumb = Thumb(page)
    thumb.tile("Titular")
    thumb.tile("Prometió pagar")
    thumb.tile("Otra cantidad")
    thumb.tile("Otro día")


def show_payment(page: Page, stop_id: int) -> None:
    page.goto(f"/phone/parada/{stop_id}/registrar")
    thumb = Thumb(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Todo · $1,500.00")


def show_mistake(page: Page, stop_id: int) -> None:
    page.goto(f"/phone/parada/{stop_id}/registrar")
    Thumb(page).on(".dock", "Guardar visita")
    page.locator("[data-errors]").wait_for()


def show_clients(page: Page, stop_id: int) -> None:
    page.goto("/phone/clientes?q=beto")


def show_outbox(page: Page, stop_id: int) -> None:
    page.goto(f"/phone/parada/{stop_id}/registrar")
    thumb = Thumb(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    thumb.on(".dock", "Guardar visita")
    page.get_by_text("Guardado").wait_for()
    page.goto("/phone/pendientes")
    page.get_by_text("Si algo anda mal").tap()


def show_undo(page: Page, stop_id: int) -> None:
    page.goto(f"/phone/parada/{stop_id}/registrar")
    thumb = Thumb(page)
    thumb.tile("Nadie")
    thumb.tile("No estaba")
    thumb.on(".dock", "Guardar visita")
    page.get_by_role("button", name="Deshacer").wait_for()


def show_receipt(page: Page, stop_id: int) -> None:
    wait_for_copies(page)
    page.goto(f"/phone/parada/{stop_id}/registrar")
    thumb = Thumb(page)
    thumb.tile("Titular")
    thumb.tile("Dio un abono")
    thumb.tile("Todo · $1,500.00")
    thumb.tile("Efectivo")
    thumb.on(".dock", "Guardar visita")
    page.locator("#receipt .qr path").wait_for(state="attached")


def show_contact(page: Page, stop_id: int) -> None:
    wait_for_copies(page)
    page.goto(f"/phone/parada/{stop_id}")
    page.get_by_role("link", name="Registrar llamada o mensaje").tap()
    page.locator("#contact [data-open]:visible, #contact [data-closed]:visible").first.wait_for()
    page.get_by_text("Prometió pagar").tap()


def show_script(page: Page, stop_id: int) -> None:
    wait_for_copies(page)
    page.goto(f"/phone/parada/{stop_id}")
    page.get_by_role("link", name="Qué decir y qué ofrecer").tap()
    page.get_by_text("Calcular una oferta").tap()
    page.get_by_text("Lo puedes ofrecer tú.").wait_for()


def show_signature(page: Page, stop_id: int) -> None:
    show_payment(page, stop_id)
    page.get_by_role("button", name="Firma").tap()
    page.get_by_role("dialog").wait_for()


SCREENS = [
    show_list,
    show_stop,
    show_menu,
    show_map,
    show_promise,
    show_payment,
    show_mistake,
    show_clients,
    show_outbox,
    show_undo,
    show_signature,
    show_receipt,
    show_contact,
    show_script,
]


@pytest.fixture
def history(session, collector, stops):
    """The first stop was visited, so that every kind of row is on the pages."""
    client = session.get(Client, stops[0].client_id)
    make_visit(session, client, collector, stop_id=stops[0].id, note="Vuelve a las 6")
    make_promise_row(session, client)
    make_payment(session, collector, client)


# A colour that a link inherits begins to change only when that of its box has: one round of
# waiting for transitions is not enough.
COLOURS_AT_REST = """async () => {
    do {
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
        await Promise.allSettled(document.getAnimations().map((one) => one.finished))
    } while (document.getAnimations().length)
}"""


@pytest.mark.parametrize("show", SCREENS, ids=lambda one: one.__name__)
def test_no_screen_has_a_barrier(history, page, complaints, stops, show):
    """All questions at one opening of each screen: opening it is what takes time."""
    complaints.forgive("422")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    show(page, stops[0].id)

    by_day = Axe().run(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.evaluate(COLOURS_AT_REST)
    by_night = Axe().run(page, options={"runOnly": ["color-contrast"]})

    assert by_day.violations_count == 0, by_day.generate_report()
    assert by_night.violations_count == 0, by_night.generate_report()
    assert page.evaluate(SMALL_TARGETS, LEAST_TARGET_PX) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def test_the_map_shows_what_is_done_and_what_is_next(history, page):
    page.goto("/phone/mapa")

    expect(page.locator(".mark.done")).to_have_text("1")
    expect(page.locator(".mark.next")).to_have_text("2")
    expect(page.locator(".mark.pending")).to_have_text("3")
    expect(page.locator("path.line")).to_have_count(1)
    for button in page.locator(".leaflet-control-zoom a").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= LEAST_TARGET_PX
    page.get_by_role("button", name="Siguiente").tap()
    expect(page.locator(".leaflet-popup")).to_contain_text("Beto Cortés")


def test_the_map_is_loaded_only_when_asked_for(page):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.reload()
    assert not any("leaflet" in url or "/maps/" in url for url in asked)

    page.get_by_role("link", name="Mapa de la ruta").tap()
    page.locator(".mark.next span").wait_for()
    assert any("leaflet" in url for url in asked)
    assert not any(word in url for url in asked for word in ("jquery", "bootstrap", "font"))
