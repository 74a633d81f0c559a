"""Guion: the script of a client's door on the phone, and what worked at the desk."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from collector_app.accounts.access import allow, current_actor
from collector_app.agreements.rules import AUTHORITY, MOST_INSTALMENTS, PERIODS_DAYS
from collector_app.compliance.queries import client_profile, profile_in_force
from collector_app.compliance.rules import cash_blocks, word_blocks
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.figures.keeping import kept
from collector_app.playbook.cards import card_for, openings, script_for
from collector_app.playbook.queries import card_results
from collector_app.portfolio.rules import ClientKind, Stage
from collector_app.stages.queries import client_stages
from collector_app.strategy.queries import members, segment_rules, treatment_of
from collector_app.visits.rules import Objection
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.web.skeletons import skeleton_for
from collector_app.zones.queries import own_card

bp = Blueprint("playbook", __name__)
phone_bp = Blueprint("playbook_phone", __name__)
DESK = (Role.SUPERVISOR, Role.ADMIN)


@bp.get("/<int:client_id>")
@allow(Role.COLLECTOR, *DESK)
def script(client_id: int) -> str:
    session, actor, today = db.session(), current_actor(), clock.today(local_zone())
    client = own_card(session, actor, client_id, today)
    profile = client_profile(session, client_id, today, local_zone())
    now = client_stages(session, today, local_zone(), [client_id]).get(client_id, Stage.PREVENTIVE)
    applied = treatment_of(session, today, local_zone(), client_id)
    treatment = applied.treatment if applied else None
    return render_template(
        "playbook/script.html",
        base=skeleton_for(actor.role),
        client=client,
        stage=now,
        script=script_for(
            profile,
            treatment.script if treatment else now,
            _("a %(name)s", name=client.name),
            actor.name,
            treatment.opening if treatment else None,
        ),
        applied=applied,
        cards=[card_for(one) for one in Objection],
        block_sentence=block_sentence,
        may_take_cash=not cash_blocks(profile),
    )


@phone_bp.get("")
@allow(Role.COLLECTOR)
def on_phone() -> str:
    """Show the script for any client; the phone fills in which, from its day, also offline."""
    profile = profile_in_force(db.session(), clock.today(local_zone()))
    name = current_actor().name
    return render_template(
        "playbook/phone_script.html",
        script=script_for(profile, Stage.PREVENTIVE, "{client}", name),
        openings=openings(profile),
        cards=[card_for(one) for one in Objection],
        block_sentence=block_sentence,
        may_take_cash=not cash_blocks(profile),
        authority=[(role, most) for role, most in AUTHORITY],
        periods=PERIODS_DAYS,
        most_instalments=MOST_INSTALMENTS,
    )


@bp.get("")
@allow(*DESK)
def results() -> str:
    session, zone = db.session(), local_zone()
    today = clock.today(zone)
    asked = request.args.get("kind")
    kind = ClientKind(asked) if asked in set(ClientKind) else None
    segments = segment_rules(session)
    wanted = request.args.get("segment", "")
    segment_id = int(wanted) if wanted.isdecimal() else None
    if segment_id is None:
        found = kept(card_results, today, zone, kind)
    else:
        of_segment = members(session, today, zone, segment_id)
        found = card_results(session, today, zone, kind, of_segment)
    text = request.args.get("text", "")
    return render_template(
        "playbook/results.html",
        results=found,
        segments=segments,
        segment_id=segment_id,
        kinds=ClientKind,
        kind=kind,
        text=text,
        faults=[block_sentence(one) for one in word_blocks(profile_in_force(session, today), text)],
    )
