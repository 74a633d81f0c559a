"""One shift and its candidates by number: what an order of visits means on its clock.

This is the meaning of a problem, written to be read; plans and explanations are made with it.

Candidates of a part are numbered 0..n-1; node n is where the shift starts and n+1 where it ends.
An order is a list of numbers. Every visit starts as early as it can: as waiting never helps what
follows, an order that fits this way is an order that fits at all. Only a visit that *waits* for a
preferred window is put off. Where breaks are to be taken the earliest moment is kept for each
number of breaks taken so far; that is all that the rest of the day can depend on.
"""

from routing.timetable.answers import Clock, Insertions, Leg
from routing.timetable.arrays import NO_WAY_S, Flags, Ints
from routing.timetable.tables import Timetable, timetables
from routing.timetable.visits import Visits, join_windows, meet_windows, padded

__all__ = [
    "NO_WAY_S",
    "Clock",
    "Flags",
    "Insertions",
    "Ints",
    "Leg",
    "Timetable",
    "Visits",
    "join_windows",
    "meet_windows",
    "padded",
    "timetables",
]
