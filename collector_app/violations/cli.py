"""flask compliance: whether what was done was within the law of its day."""

import json
import sys
from datetime import datetime

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from collector_app.compliance.sentences import block_sentence
from collector_app.core.errors import InvalidInput
from collector_app.violations.queries import judge
from collector_app.violations.rules import Violation
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.web.words import label, message

compliance = AppGroup("compliance", help="La ley, y si se cumplió.")
_DAY = click.DateTime(["%Y-%m-%d"])


@compliance.command("audit")
@click.option("--from", "first", type=_DAY, required=True, help="Primer día, AAAA-MM-DD.")
@click.option("--to", "last", type=_DAY, required=True, help="Último día, inclusive.")
@click.option("--json", "as_json", is_flag=True, help="Todo, como JSON.")
def audit(first: datetime, last: datetime, as_json: bool) -> None:
    """Juzga otra vez visitas, contactos, pagos y firmas; 1 si algo fue contra la ley."""
    try:
        verdict = judge(db.session(), first.date(), last.date(), local_zone())
    except InvalidInput as error:
        raise click.ClickException(message(error.code, error.facts)) from error
    if as_json:
        click.echo(json.dumps([_content(one) for one in verdict.violations], ensure_ascii=False))
    else:
        for one in verdict.violations:
            click.echo(_line(one))
        click.echo(
            _(
                "%(visits)s visitas, %(contacts)s contactos, %(payments)s pagos y "
                "%(agreements)s firmas de convenio revisados, "
                "%(faults)s fuera de las reglas",
                visits=verdict.visit_count,
                contacts=verdict.contact_count,
                payments=verdict.payment_count,
                agreements=verdict.agreement_count,
                faults=len(verdict.violations),
            )
        )
    if verdict.violations:
        sys.exit(1)


def _line(one: Violation) -> str:
    reasons = "; ".join(block_sentence(block) for block in one.blocks)
    at = one.at.astimezone(local_zone())
    return f"{at:%Y-%m-%d %H:%M} {label(one.kind)} {one.id}: {reasons} [{one.profile_version}]"


def _content(one: Violation) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "id": one.id,
        "client_id": one.client_id,
        "collector_id": one.collector_id,
        "at": one.at.isoformat(),
        "profile": one.profile_id,
        "profile_version": one.profile_version,
        "rules": [{"id": block.rule_id, "article": block.article} for block in one.blocks],
    }
