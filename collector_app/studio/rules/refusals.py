"""Why a change of a draft is refused."""

from collector_app.core.errors import CollectorError, RuleBroken


class DraftClosed(RuleBroken):
    """The draft was published or discarded before."""

    code = "draft_closed"


class NothingToMove(RuleBroken):
    """None of the chosen clients would change their zone."""

    code = "nothing_to_move"


class NothingToFree(RuleBroken):
    """None of the chosen clients is bound to a zone."""

    code = "nothing_to_free"


class ZoneLocked(RuleBroken):
    """The zone is locked: it neither gives nor takes clients until it is unlocked."""

    code = "zone_locked"


class ZoneTooSmall(RuleBroken):
    """A zone whose clients share one location can't be split."""

    code = "zone_too_small"


class NothingToEven(RuleBroken):
    """The zones are as even as whole locations, locks and what was put by hand let them be."""

    code = "nothing_to_even"


class DayTooShort(RuleBroken):
    """Not even many zones keep each below that many hours a day."""

    code = "day_too_short"


class NoSuchStreet(RuleBroken):
    """The city in use has no street of that name, or there is no city."""

    code = "no_such_street"


class FarBarrier(RuleBroken):
    """A line that zones shall not cross lies far from all clients."""

    code = "far_barrier"


class DraftWithoutZones(RuleBroken):
    """A draft in which no zone has a client can't be published."""

    code = "draft_without_zones"


class BordersRefused(CollectorError):
    """A file of borders can't be used; subclasses say why."""

    code = "borders_refused"
    status = 422


class UnknownBorders(BordersRefused):
    """The file is no GeoJSON, KML, KMZ or zipped Shapefile."""

    code = "unknown_borders"


class BrokenBorders(BordersRefused):
    """The file breaks off or does not follow its format; `place` names where."""

    code = "broken_borders"


class BordersTooLarge(BordersRefused):
    """A compressed file would grow beyond the limit."""

    code = "borders_too_large"


class TooManyBorders(BordersRefused):
    """More polygons, or corners of them, than the studio can work with."""

    code = "too_many_borders"


class NoBorders(BordersRefused):
    """The file has no polygon."""

    code = "no_borders"


class ForeignProjection(BordersRefused):
    """The coordinates are no degrees, and the file names no projection that we know."""

    code = "foreign_projection"


class NobodyInside(BordersRefused):
    """No client lies in any area."""

    code = "nobody_inside"


class TooManyAreas(BordersRefused):
    """More areas hold clients than there may be zones: they have to be joined."""

    code = "too_many_areas"


class NoOutlines(RuleBroken):
    """The city in use has no outlines of colonias."""

    code = "no_outlines"
