"""The conventions that no other tool knows, held by tests; each guard is also shown a violation."""

import inspect
import re
import tomllib
from pathlib import Path
from textwrap import dedent

import click
import pytest
from flask import Flask

from collector_app.worker import worker
from tests.conventions import code, files, pages, scripts

ROOT = Path(__file__).parent.parent

# What an area holds beside the seven words, each a noun of the domain at the level of services.
NOUNS: dict[str, set[str]] = {
    "absences": {"files"},
    "accounts": {"access", "files", "passwords"},
    "agenda": {"charts", "questions"},
    "agreements": {"menu", "agreement_pdf", "files", "settlement_letter", "settlements"},
    "analysis": {"charts", "questions", "sheets"},
    "api": {"description", "files", "resources", "writes"},
    "audit": {"batches", "chain", "cutting", "downloads", "kept"},
    "backing": {"differences", "document_files", "facts", "known", "writing"},
    "city": {"addresses", "limits", "packs"},
    "client_file": {"maps"},
    "complaints": {"files"},
    "compliance": {
        "client_terms",
        "creditor_book",
        "creditor_choices",
        "law_book",
        "profile_files",
        "profile_schema",
        "sentences",
        "unit_values",
    },
    "contacts": {"debt_words", "message_texts"},
    "cash": {"carried"},
    "day_package": {"cursor", "description", "package", "rides"},
    "demo": {
        "addresses",
        "backing",
        "cartera",
        "city",
        "company",
        "history",
        "load",
        "people",
        "strategy",
        "transport_model",
    },
    "dispatch": {
        "comparison",
        "editing",
        "maps",
        "optimising",
        "optimising_job",
        "publishing",
        "making_room",
        "retiming",
        "wording",
    },
    "exchange": {
        "columns",
        "import_job",
        "observations",
        "sheets",
        "summaries",
        "usual_country",
        "wording",
    },
    "figures": {"asked_job", "asking", "keeping", "renewal_job"},
    "follow_up": {"files", "maps", "questions"},
    "indicators": {"charts", "definitions", "questions", "sheets"},
    "locations": {"questions", "searching"},
    "payments": {
        "agreed",
        "allocation_order",
        "files",
        "money_shown",
        "movements",
        "receipt_pdf",
        "receipts",
    },
    "phone": {"answers", "legs", "maps", "offer"},
    "planning": {
        "lending",
        "day_plan",
        "directions",
        "kept_routes",
        "left_out",
        "maps",
        "paths",
        "prizes",
        "problem_builder",
        "reasons",
        "remedies",
        "sheets",
        "solving",
        "travel_times",
        "turns",
        "worth",
    },
    "playbook": {"cards", "questions"},
    "portfolio": {"differences", "erasures", "facts", "gathering", "known", "writing"},
    "repairs": {
        "day_problem",
        "maps",
        "prepared",
        "reach",
        "repaired_plan",
        "repairing",
        "shown",
        "wording",
    },
    "promises": {"policy_file"},
    "privacy": {"erased_files", "own_data", "retention_job"},
    "reconciliation": {"movements_file", "reconcile_job"},
    "jobs": {"standing", "waiting"},
    "live": {"snapshots", "maps", "wording"},
    "webhooks": {"delivery_job", "menu", "sending"},
    "reports": {"documents", "report_job", "report_pdf"},
    "speeds": {"trips"},
    "sync": {
        "access",
        "description",
        "evidence_files",
        "locking",
        "office_keys",
        "reading",
        "refusals",
        "schemas",
        "wording",
    },
    "stages": {"policy_file", "promise_limits"},
    "strategy": {"questions"},
    "studio": {
        "barriers",
        "borders",
        "colouring",
        "comparison",
        "division",
        "edit_job",
        "editing",
        "figures",
        "grounds",
        "maps",
        "outlines",
        "pacing",
        "places",
        "proposal_job",
        "proposing",
        "streets",
    },
    "violations": {"files", "judging_job"},
    "visits": {"annulments"},
    "zones": {
        "capacities",
        "colours",
        "comparison",
        "corners",
        "maps",
        "periods",
        "proposal_order",
        "questions",
        "territories",
        "workload",
    },
}

# Closed sets that no screen shows.
NOT_SHOWN: set[str] = {
    "Waiting",  # a sentence of the page of a job
    "OrderKey",
    "Aim",
    "AnswerState",
    "FileFormat",
    "FileKind",
    "Matter",  # complaints are told by their kind
    "PlanState",
    "RepeatAfter",
    "Unit",
}

# Failures that no exception of ours carries: the engine of long jobs gave up; an event that
# contradicts another is answered and kept.
NOT_RAISED = {"job_abandoned", "sync_conflict"}

# Routes that Flask itself adds: static files need no login.
WITHOUT_ROLES = {"static"}


@pytest.fixture
def tree(tmp_path: Path):
    """Write a small tree of files: ``tree({"collector_app/zones/utils.py": "..."})``."""

    def write(texts: dict[str, str]) -> Path:
        for name, text in texts.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


# -- names of files


def test_an_area_holds_only_the_seven_words_and_its_nouns():
    assert files.stray_file_names(ROOT, NOUNS) == []
    assert files.unused_nouns(ROOT, NOUNS) == []


def test_a_file_of_another_name_is_found(tree):
    root = tree({f"collector_app/zones/{n}.py": '"""."""' for n in ("__init__", "rules", "stuff")})

    assert files.stray_file_names(root, {}) == ["collector_app/zones/stuff"]
    assert files.stray_file_names(root, {"zones": {"stuff"}}) == []
    assert files.unused_nouns(root, {"zones": {"gone"}}) == ["collector_app/zones/gone"]


def test_no_file_is_a_drawer():
    assert files.drawers(ROOT) == []


def test_a_drawer_is_found(tree):
    root = tree({"collector_app/zones/utils.py": "", "routing/common/geo.py": ""})

    assert files.drawers(root) == ["collector_app/zones/utils.py", "routing/common"]


def test_every_package_says_what_it_is_for():
    assert files.packages_without_docstring(ROOT) == []
    assert files.folders_without_init(ROOT) == []


def test_a_silent_package_is_found(tree):
    root = tree({"routing/__init__.py": "import x", "routing/travel/times.py": ""})

    assert files.packages_without_docstring(root) == ["routing/__init__.py"]
    assert files.folders_without_init(root) == ["routing/travel"]


# -- what is committed


def test_no_committed_file_names_a_registry_or_a_machine():
    assert files.names_of_machines(ROOT, files.tracked_files(ROOT)) == []


@pytest.mark.parametrize(
    "line",
    [
        "https://py" + "pi.org/simple",
        "registry.npm" + "js.org",
        "see /ro" + "ot/notes.txt",
        "open('/ho" + "me/ana/cartera.xlsx')",
    ],
)
def test_a_name_of_a_registry_or_a_machine_is_found(tree, line):
    root = tree({"notes.md": f"first\n{line}\n"})

    assert files.names_of_machines(root, [root / "notes.md"]) == [f"notes.md:2: {line}"]


@pytest.mark.parametrize("line", ["static/root/x", "https://example.org/root/x", "~/home/ana/x"])
def test_what_only_looks_like_a_path_of_a_machine_is_left_alone(tree, line):
    root = tree({"notes.md": line})

    assert files.names_of_machines(root, [root / "notes.md"]) == []


def test_nothing_large_and_nothing_of_others_is_committed():
    tracked = files.tracked_files(ROOT)

    assert files.too_large(ROOT, tracked) == []
    assert files.installed_files(ROOT, tracked) == []


def test_a_large_file_and_an_installed_file_are_found(tree):
    root = tree({"data.csv": "x" * 500_001, "ok.csv": "x" * 500_000, "static/vendor/a.js": "1"})

    assert files.too_large(root, [root / "data.csv", root / "ok.csv"]) == ["data.csv"]
    assert files.installed_files(root, [root / "static/vendor/a.js"]) == ["static/vendor/a.js"]


# -- code


def test_only_the_transaction_commits():
    assert code.commits_elsewhere(ROOT) == []


def test_only_migrations_make_tables():
    assert code.tables_made_elsewhere(ROOT) == []


def test_only_the_clock_asks_the_time():
    assert code.clocks_elsewhere(ROOT) == []


def test_a_commit_a_table_and_a_clock_are_found(tree):
    text = """
        session.commit(); db.create_all()
        datetime.datetime.now(UTC)
        date.today()
        clock.today(zone)
    """
    root = tree({"collector_app/zones/services.py": dedent(text).lstrip()})

    assert code.commits_elsewhere(root) == ["collector_app/zones/services.py:1"]
    assert code.tables_made_elsewhere(root) == ["collector_app/zones/services.py:1"]
    assert code.clocks_elsewhere(root) == [
        "collector_app/zones/services.py:2: datetime.now",
        "collector_app/zones/services.py:3: date.today",
    ]


def test_every_word_of_a_closed_set_is_known_in_spanish():
    assert code.members_without_word(code.enums_of_ours(), NOT_SHOWN) == []


def test_names_of_closed_sets_are_unique():
    assert code.shared_names(code.enums_of_ours()) == []


def test_a_member_without_word_is_found():
    from enum import StrEnum

    colour = StrEnum("Colour", "RED")

    assert code.members_without_word([colour], set()) == ["[Colour] red"]
    assert code.shared_names([colour, StrEnum("Colour", "BLUE")]) == ["Colour"]


def test_every_error_has_a_code_a_sentence_and_a_line_in_the_docs():
    sentences = tomllib.loads((ROOT / "collector_app/web/messages.es.toml").read_text())["messages"]
    documented = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/errors.md").read_text(), re.M))
    codes = set(code.error_codes()) | NOT_RAISED

    assert code.shared_codes() == []
    assert codes - set(sentences) == set(), "without a sentence in web/messages.es.toml"
    assert {one for one in sentences if not one.startswith("http_")} - codes == set(), "unused"
    assert documented == codes, "docs/errors.md lists other codes"


def test_the_ladder_of_the_docs_is_that_of_the_contracts():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    held = [{*line.split(" | ")} for line in contracts[0]["layers"]]
    drawn = (ROOT / "CONTRIBUTING.md").read_text().split("```text\n")[1].split("```")[0]

    assert [{*line.split(" · ")} for line in drawn.splitlines()] == held


def test_the_domain_does_not_load_flask():
    modules = code.modules_named(ROOT, "rules", "models", "queries", "services")

    assert "collector_app.portfolio.services" in modules
    assert not code.loads_flask([*modules, "routing"])


def test_loading_flask_is_found():
    assert code.loads_flask(["collector_app.web.extensions"])


# -- pages


def test_every_template_is_used_and_every_name_leads_to_one():
    assert pages.unused_templates(ROOT) == []
    assert pages.missing_templates(ROOT) == []


def test_no_template_holds_what_the_policy_refuses():
    assert pages.refused_by_policy(ROOT) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<script>go()</script>", "inline script"),
        ("<script nonce='x'>\ngo()\n</script>", "inline script"),
        ("<p style='color: red'>", "inline style"),
        ("<style>p {}</style>", "inline style"),
        ("<p {% if late %}style='color: {{ red }}'{% endif %}>", "inline style"),
        ('<a href="/" onclick="go()">', "inline handler"),
        ('<a href="javascript:go()">', "javascript: address"),
        ('<img src="https://example.org/x.png">', "file of another host"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "file of another host"),
    ],
)
def test_what_the_policy_refuses_is_found(tree, text, found):
    root = tree({"templates/page.html": f"<p>\n{text}"})

    assert pages.refused_by_policy(root) == [f"templates/page.html:2: {found}"]


@pytest.mark.parametrize(
    "text",
    [
        '<script src="{{ static }}"></script>',
        '<script type="application/json" id="d">{{ x|tojson }}</script>',
        '<a href="https://www.openstreetmap.org/copyright">',
        "<button data-on='x' hx-on-none>",
        "<a{% if one == shown %} aria-current='true'{% endif %}>",
    ],
)
def test_what_the_policy_allows_is_left_alone(tree, text):
    assert pages.refused_by_policy(tree({"templates/page.html": text})) == []


def test_an_unused_and_a_missing_template_are_found(tree):
    root = tree(
        {
            "templates/used.html": '{% extends "skeleton.html" %}',
            "templates/forgotten.html": "",
            "collector_app/zones/views.py": 'render_template("used.html")',
        }
    )

    assert pages.unused_templates(root) == ["forgotten.html"]
    assert pages.missing_templates(root) == ["templates/used.html: skeleton.html"]


# -- routes and commands


def routes_without_roles(app: Flask) -> list[str]:
    return sorted(
        {
            rule.endpoint
            for rule in app.url_map.iter_rules()
            if not hasattr(app.view_functions[rule.endpoint], "allowed_roles")
        }
    )


def test_scripts_run_on_phones_that_are_no_longer_updated():
    assert scripts.too_new(ROOT) == []


def test_a_script_that_asks_for_a_new_browser_is_named(tree):
    root = tree(
        {
            "static/a.js": "const b = a.toSorted();\n// a.toSpliced(1) in a comment\n",
            "static/vendor/c.js": "a.toSorted();",
        }
    )

    assert scripts.too_new(root) == ["static/a.js:1: .toSorted("]


def test_words_of_scripts_come_from_templates():
    assert scripts.spanish_words(ROOT) == []


def test_a_spanish_word_in_a_script_is_named(tree):
    root = tree({"static/a.js": '/* "días" */\nsay("3 días");\nsay(words.days);\n'})

    assert scripts.spanish_words(root) == ['static/a.js:2: "3 días"']


def test_every_route_says_who_may_call_it(built_app):
    assert set(routes_without_roles(built_app)) == WITHOUT_ROLES


def test_a_route_that_says_nothing_is_found():
    app = Flask("sample", static_folder=None)
    app.add_url_rule("/", "zones.secret", lambda: "")

    assert routes_without_roles(app) == ["zones.secret"]


def our_commands(group: click.Group, name: str) -> list[str]:
    """Return the commands of the application itself, as they are typed."""
    found = []
    for short, command in group.commands.items():
        if isinstance(command, click.Group):
            found += our_commands(command, f"{name} {short}")
        elif command.callback and inspect.unwrap(command.callback).__module__.startswith(
            "collector_app."
        ):
            found.append(f"{name} {short}")
    return found


def test_every_command_is_documented(built_app):
    headings = (ROOT / "docs/commands.md").read_text()
    documented = re.findall(r"^## `(flask(?: [a-z-]+)+)", headings, re.M)
    ours = [*our_commands(built_app.cli, "flask"), f"flask {worker.name}"]

    assert sorted(ours) == sorted(documented)


def test_every_target_of_make_that_is_named_exists():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M))
    texts = [path for path in files.tracked_files(ROOT) if path.suffix in {".md", ".py"}]
    named = {name for path in texts for name in re.findall(r"`make ([a-z-]+)", path.read_text())}

    assert named - targets == set()


def test_browser_libraries_are_installed_as_package_json_says():
    from scripts.vendor import wanted_files

    installed = {
        str(one.relative_to(ROOT / "static/vendor"))
        for one in (ROOT / "static/vendor").rglob("*")
        if one.is_file() and one.name != ".installed"
    }

    assert installed == set(wanted_files(ROOT))


@pytest.mark.parametrize("lock", ["package-lock.json", "tests/browser/chromium/package-lock.json"])
def test_locks_of_npm_have_hashes_and_no_host(lock):
    text = (ROOT / lock).read_text()

    assert text.count('"integrity": "sha512-') == text.count('"node_modules/')
    assert "://" not in text


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda p: p.name
)
def test_every_requirement_is_pinned_by_hash(lock):
    pinned = re.findall(r"^\S+==\S+.*$", lock.read_text(), re.M)

    assert pinned
    assert all(line.endswith("\\") for line in pinned), "a requirement without a hash"
