"""The desk pages of law, money and words: by keyboard alone, in both themes, all in Spanish."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from collector_app.agreements.settlements import issue_letter
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.models import Receipt
from collector_app.payments.services import annul_payment, record_payment
from tests.agreements.factories import make_agreement
from tests.browser.conftest import DESK
from tests.compliance.factories import give_credits, make_creditor
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.stages.factories import make_pause
from tests.strategy.factories import make_segment
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
MOST_TABS = 250
# Everything that the keyboard should reach on the page, and the word by which a fault names it.
REACHABLE = """() => {
  const isChosenBeside = ({ name }) => document.querySelector(`[name="${name}"]:checked`);
  return [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
    .filter((one) => !one.disabled && one.checkVisibility() && one.tabIndex >= 0)
    .filter((one) => !(one.type === "radio" && !one.checked && isChosenBeside(one)))
    .map((one, n) => { one.dataset.reached = n; return one.outerHTML.slice(0, 120); });
}"""
# What has the focus; a mark of the map and a hidden box show it around what stands for them.
WHERE = """() => {
  const one = document.activeElement;
  const isOutlined = (part) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(part);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const shown = [one, ...one.children, ...(one.nextElementSibling ? [one.nextElementSibling] : [])];
  return { number: one.dataset.reached ?? null, html: one.outerHTML.slice(0, 120),
    isSeen: shown.some(isOutlined) };
}"""
# Words that a page in Spanish never has; names of products and units are not among them.
ENGLISH = re.compile(
    r"\b(the|and|with|from|your|this|save|delete|cancel|edit|new|search|submit|yes|next|previous|"
    r"error|required|invalid|amount|client|payment|promise|agreement|stage|none|true|false|null|"
    r"pending|active|kept|broken|approved|proposed|visit|call|letter|collector|holder|reason)\b",
    re.IGNORECASE,
)
SPANISH_TOO = {"error"}  # the same word in both


@pytest.fixture
def addresses(session):
    """The desk pages with something on each of them."""
    collector = make_user(session, full_name="Luis Gestor")
    debtor = make_client(session, name="Rosa Muñoz", days=40)
    settled = make_client(session, name="Juan Pérez", overdue_cents=50_000)
    make_zone(session, [debtor, settled], collector)
    boss = actor_of(make_user(session, Role.SUPERVISOR))
    today = clock.today(ZONE)
    record_payment(session, actor_of(collector), payment_fact(debtor, amount_cents=100), zone=ZONE)
    paid = payment_fact(settled, amount_cents=50_000)
    payment = record_payment(session, actor_of(collector), paid, zone=ZONE)
    session.flush()
    issue_letter(session, boss, settled.id, today=today, zone=ZONE)
    annul_payment(session, boss, payment.id, "el cheque no tenía fondos", zone=ZONE)
    agreement = make_agreement(session, actor_of(collector), debtor, discount_basis=2_000)
    make_pause(session, debtor, today - timedelta(days=2))
    segment = make_segment(session, name="Los grandes")
    shop = make_creditor(session, "mx_commercial", "Tiendas del Norte")
    give_credits(session, debtor, shop)
    receipt = session.query(Receipt).first()
    session.commit()
    return (
        *("/cumplimiento", "/faltas", "/quejas", "/quejas/nueva", "/recibos", "/caja/cierres"),
        *("/convenios", "/guion", "/promesas", "/estrategia", "/estrategia/experimentos"),
        *("/conciliacion", "/datos", f"/datos/{debtor.id}"),
        *("/cumplimiento/acreedores", f"/cumplimiento/acreedores/{shop.id}"),
        f"/recibos/{receipt.id}",
        f"/convenios/{agreement.id}",
        f"/convenios/nuevo/{debtor.id}",
        f"/cartera/{settled.id}/expediente",
        f"/etapas/{debtor.id}",
        f"/estrategia/segmentos/{segment.id}/early",
    )


def assert_is_spanish(page: Page) -> None:
    said = page.evaluate("document.body.innerText") + " " + page.title()
    found = {one.lower() for one in ENGLISH.findall(said)} - SPANISH_TOO
    assert not found, f"{page.url} says {sorted(found)}"


def assert_the_keyboard_gets_everywhere(page: Page) -> None:
    """Tab through the page: each control once, seen where it is, and out again at the end."""
    controls = page.evaluate(REACHABLE)
    reached: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        at = page.evaluate(WHERE)
        if reached and at["number"] == reached[-1]:
            continue  # the parts of a date
        if at["html"].startswith("<body") or at["number"] in reached:
            break
        assert at["isSeen"], f"{page.url}: nothing shows the focus on {at['html']}"
        reached.append(at["number"])
    missed = [html for n, html in enumerate(controls) if str(n) not in reached]
    assert not missed, f"{page.url}: Tab never reaches {missed}"


def assert_dialogs_give_the_focus_back(page: Page) -> None:
    for opener in page.locator("[data-opens]:visible").all():
        opener.focus()
        page.keyboard.press("Enter")
        dialog = page.locator(f"dialog#{opener.get_attribute('data-opens')}")
        expect(dialog).to_be_visible()
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
        found = Axe().run(page).response["violations"]
        assert found == [], (page.url, [(one["id"], one["nodes"][0]["html"]) for one in found])
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_gets_everywhere_by_keyboard_and_reads_spanish(open_page, addresses, scheme):
    page = open_page({**DESK, "color_scheme": scheme}, Role.ADMIN)

    for address in addresses:
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert found == [], (address, [(one["id"], one["nodes"][0]["html"]) for one in found])
        assert_is_spanish(page)
        if scheme == "light":
            assert_the_keyboard_gets_everywhere(page)
            assert_dialogs_give_the_focus_back(page)
