"""The client's file as one row, and its timeline."""

from collector_app.client_file.queries.bills import bills_of
from collector_app.client_file.queries.file import Expediente, VisitDay, expediente
from collector_app.client_file.queries.timeline import Event, timeline

__all__ = ["Event", "Expediente", "VisitDay", "bills_of", "expediente", "timeline"]
