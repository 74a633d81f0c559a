"""Borders as files: drafts that begin with them, and zones that leave as such."""

from pathlib import Path

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.city.addresses import PlaceKind, address_book
from collector_app.core import clock
from collector_app.core.errors import CollectorError, InvalidInput, NotFound
from collector_app.studio import queries, services
from collector_app.studio.borders import BORDER_FORMATS, Area, read_borders, write_borders
from collector_app.studio.forms import BordersFileForm, BordersForm
from collector_app.studio.outlines import zone_areas
from collector_app.studio.rules import BordersRefused, DraftOrigin, NoOutlines
from collector_app.studio.services import FirstBorders
from collector_app.studio.streets import streets
from collector_app.studio.views.blueprint import EDITORS, bp
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message
from collector_app.zones.queries import collectors
from collector_app.zones.rules import BadZoneCount, TooManyZones

CITY = "city"  # before the names of the fields of the second form of the page
REFUSED = (BordersRefused, NoOutlines, BadZoneCount, TooManyZones)


@bp.get("/de-poligonos")
@allow(*EDITORS)
def borders() -> str:
    return _borders_page()


@bp.post("/de-archivo")
@allow(*EDITORS)
def begin_from_file() -> Answer:
    """Begin a draft with the polygons of a file."""
    form = BordersFileForm()
    if not form.validate_on_submit():
        return _borders_page(of_file=form), 422
    try:
        areas = read_borders(form.file.data.read())
        return _begin(form, areas, DraftOrigin.FILE)
    except REFUSED as error:
        form.file.errors = [message(error.code, error.facts)]
        return _borders_page(of_file=form), error.status


@bp.post("/de-ciudad")
@allow(*EDITORS)
def begin_from_city() -> Answer:
    """Begin a draft with the colonias of the city in use."""
    form = BordersForm(prefix=CITY)
    if not form.validate_on_submit():
        return _borders_page(of_city=form), 422
    try:
        return _begin(form, _colonias(), DraftOrigin.CITY)
    except (*REFUSED, NotFound) as error:
        form.zone_count.errors = [message(error.code, error.facts)]
        return _borders_page(of_city=form), error.status


@bp.get("/<int:draft_id>/bordes")
@allow(*EDITORS)
def export(draft_id: int) -> Response:
    """Answer with the zones of a draft as a file: ``?formato=`` geojson, kml or shapefile."""
    kind = request.args.get("formato", "geojson")
    if kind not in BORDER_FORMATS:
        raise InvalidInput(str(_("el formato")), ", ".join(BORDER_FORMATS))
    page = queries.draft_page(db.session(), draft_id)
    names = {one.id: one.name for one in collectors(db.session())}
    answer = make_response(write_borders(zone_areas(page.state, page.places, names), kind))
    answer.mimetype = BORDER_FORMATS[kind].media_type
    file = f"zonas-{draft_id}{BORDER_FORMATS[kind].ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


def _begin(form: BordersForm, areas: list[Area], origin: DraftOrigin) -> Response:
    wanted = form.to_command()
    with transaction() as session:
        draft = services.begin_from_borders(
            session,
            current_actor(),
            FirstBorders(wanted.name, origin, areas, wanted.zone_count),
            clock.today(local_zone()),
            local_zone(),
            streets(),
        )
        draft_id = draft.id
    return redirect(url_for(".draft", draft_id=draft_id), 303)


def _colonias() -> list[Area]:
    book = address_book(Path(current_app.instance_path), current_app.config["CITY"])
    found = [
        Area(place.name, place.outline, place.name)
        for place in book.places.places
        if place.kind is PlaceKind.NEIGHBOURHOOD and place.outline is not None
    ]
    if not found:
        raise NoOutlines
    return found


def _borders_page(
    of_file: BordersFileForm | None = None, of_city: BordersForm | None = None
) -> str:
    name = _("Con polígonos")
    return render_template(
        "studio/borders.html",
        of_file=of_file or BordersFileForm(formdata=None, name=name),
        of_city=of_city or BordersForm(None, prefix=CITY, name=_("Con colonias")),
        limit_mb=current_app.config["MAX_CONTENT_LENGTH"] >> 20,
        has_colonias=_has_colonias(),
    )


def _has_colonias() -> bool:
    try:
        return bool(_colonias())
    except CollectorError:
        return False
