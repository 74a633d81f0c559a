"""Other countries use other words: their catalogues replace words of the Mexican source."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask

from collector_app.app import create_app
from collector_app.core.actor import Role
from collector_app.visits.rules import Outcome
from collector_app.web.words import label
from config import TestConfig

ROOT = Path(__file__).parent.parent
CATALOGUES = sorted(ROOT.glob("translations/*/LC_MESSAGES/messages.po"))


def application(folder: Path, locale: str) -> Flask:
    config = TestConfig(folder, "sqlite://")
    config.LOCALE = locale
    return create_app(config)


@pytest.mark.parametrize(
    ("locale", "collector", "paid_in_part"),
    [
        ("es_MX", "Gestor", "Dio un abono"),
        ("es_CL", "Ejecutivo de terreno", "Hizo un pago parcial"),
    ],
)
def test_each_country_reads_its_own_words(tmp_path, locale, collector, paid_in_part):
    app = application(tmp_path, locale)

    with app.test_request_context():
        words = label(Role.COLLECTOR), label(Outcome.PAID_IN_PART)

    assert words == (collector, paid_in_part), "translations are compiled by `make setup`"


def test_a_word_that_a_country_shares_is_taken_from_the_source(tmp_path):
    app = application(tmp_path, "es_CL")

    with app.test_request_context():
        assert label(Role.SUPERVISOR) == "Supervisor"


def words_on_screens() -> set[str]:
    """Return every text that the code, the templates and the tables of words show."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(ROOT, methods, options, keywords)
    texts = (message for _file, _line, message, _comments, _context in found)
    return {text for one in texts for text in ([one] if isinstance(one, str) else one)}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_translates_only_what_screens_say(path):
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    ours = {
        one
        for message in catalogue
        if message.id
        for one in ([message.id] if isinstance(message.id, str) else message.id)
    }

    assert ours - words_on_screens() == set(), "run `make words`"
