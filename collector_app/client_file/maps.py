"""The map of a client's file: the address, and where the last visits were recorded."""

from collections.abc import Mapping

from flask_babel import gettext as _

from collector_app.client_file.queries import Expediente
from collector_app.visits.queries import VisitRow
from collector_app.visits.rules import is_contact
from collector_app.web import maps
from collector_app.web.filters import fecha, hora
from collector_app.web.words import label

MOST_MARKS = 30


Photos = Mapping[int, str]  # the address of a photo, by the id of its visit


def visits_map(file: Expediente, photos: Photos) -> maps.MapParts | None:
    """Return the map, the newest visit numbered 1; None when there is nothing to put on it."""
    visits = [
        event.visit
        for event in file.events
        if event.visit and not event.annulled and event.visit.lat is not None
    ]
    shown = visits[:MOST_MARKS]
    card = file.told.card
    home = None if card.lat is None or card.lon is None else (card.lat, card.lon)
    points = [(one.lat or 0.0, one.lon or 0.0) for one in shown] + ([home] if home else [])
    if not points:
        return None
    chart = maps.new_map(name=_("Domicilio y visitas del cliente"), points=points)
    if home:
        label_ = maps.Label(card.name, (card.address, label(card.location_quality)))
        maps.add_places(chart, [maps.Place("home", *home, "home", label_)])
    marks = [_mark(number, visit, photos) for number, visit in enumerate(shown, start=1)]
    maps.add_stops(chart, marks)
    return maps.embed(chart)


def _mark(number: int, visit: VisitRow, photos: Photos) -> maps.Stop:
    state = "done" if is_contact(visit.person_met, visit.outcome) else "missed"
    lines = [
        _("%(day)s a las %(hour)s", day=fecha(visit.started_at), hour=hora(visit.started_at)),
        _("%(name)s, atendió: %(who)s", name=visit.collector_name, who=label(visit.person_met)),
    ]
    if visit.distance_m is not None:
        lines.append(_("a %(n)s m del domicilio", n=visit.distance_m))
    about = maps.Label(label(visit.outcome), tuple(lines), picture=photos.get(visit.id))
    return maps.Stop(visit.id, visit.lat or 0.0, visit.lon or 0.0, number, state, about)
