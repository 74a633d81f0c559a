"""The address book of a city: from what people write or type to places on the map."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point, haversine_m
from routing.travel.streets.addresses.confidence import (
    LONG_STREET_M,
    ConfidenceRules,
    Doubt,
    MatchKind,
)
from routing.travel.streets.addresses.index import AddressIndex, metres_between, read_index
from routing.travel.streets.addresses.naming import LEAST_LIKENESS, NamedStreet, StreetNames
from routing.travel.streets.addresses.parsing import (
    ParsedAddress,
    Reading,
    parse_address,
    place_key,
)
from routing.travel.streets.addresses.places import Place, PlaceIndex, PlaceKind, read_places
from routing.travel.streets.addresses.words import StreetName
from routing.travel.streets.extract import E7

MOST_STREETS = 200  # of one name that are looked at
GOOD_FIT = 0.75  # houses and corners that fit this well make the search for other names unnecessary
ONE_CORNER_M = 120.0  # the crossings of two divided avenues within this are one corner
LONGEST_BLOCK_M = 500.0
NEAR_MISS_M = 60.0  # streets that come this close without a common junction
LONGEST_GAP_M = 300.0  # between two known houses, to estimate one between them
NO_CORNER = 0.5  # how a street fits whose corner with the other was asked for and not found
FALLBACK = 0.3  # how the neighbourhood of an address fits while its street is not found
# A match is a rival when its name and place fit this nearly as well: a street of whose name only
# a part was written does, for "Balmaceda" may mean a lane of that name or José Manuel Balmaceda.
RIVAL_SHARE = 0.8
RIVAL_M = 150.0  # and it lies this far away
HOUSE_REACH_M = 15
CORNER_REACH_M = 30
HALF_CORNER_REACH_M = 150

Degrees = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """A place that an address may mean.

    Attributes
    ----------
    label : str
        The address as the map writes it: ``Avenida Juárez 12, Centro``; a corner is written with
        a slash.
    confidence : float
        0-1, by `ConfidenceRules`.
    reach_m : int
        How far from `point` the door may be.
    doubts : tuple of Doubt
        Why the confidence is no higher.
    """

    point: Point
    label: str
    kind: MatchKind
    confidence: float
    street: str = ""
    number: str = ""
    neighbourhood: str = ""
    municipality: str = ""
    reach_m: int = 0
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Area:
    """Where the address says that it is."""

    groups: tuple[tuple[int, ...], ...] = ()  # of places; a street must touch one of each group
    is_unknown: bool = False  # it names a neighbourhood that the map doesn't know
    neighbourhoods: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cross:
    """The streets that a crossing may be with: those of the name, and similar ones by likeness."""

    exact: frozenset[int]
    near: Mapping[int, float]


class _Meeting(NamedTuple):
    """Where a street meets one of some others, and how alike their name is to the one asked."""

    streets: frozenset[int]
    places: Degrees
    likeness: float


@dataclass(frozen=True, slots=True)
class _Find:
    """A match with what ranks it: how well name and place fit, apart from the kind of match."""

    match: AddressMatch
    evidence: float
    street: int


class AddressBook:
    """Searches the streets, corners, houses and neighbourhoods of a city pack.

    Safe to share between threads: what it remembers can only be computed twice.
    """

    def __init__(
        self, index: AddressIndex, places: PlaceIndex, rules: ConfidenceRules | None = None
    ) -> None:
        self.rules = rules or ConfidenceRules()
        self.places = places
        self._index = index
        self._names = StreetNames(index, self.rules)
        self._inside: dict[tuple[int, int], NDArray[np.bool_]] = {}
        self._middles: dict[int, tuple[Point, float]] = {}

    @staticmethod
    def open(pack: Path) -> "AddressBook":
        """Open the address book of a city pack.

        Raises
        ------
        BrokenPack
            If the pack has none, as those built before there was one.
        """
        return AddressBook(read_index(pack), read_places(pack))

    @property
    def middle(self) -> Point:
        """Return the middle of all streets."""
        vertices = self._index.vertex_e7
        return _point(vertices.mean(axis=0) / E7) if len(vertices) else Point(0.0, 0.0)

    @property
    def street_count(self) -> int:
        """Return the number of streets."""
        return self._index.street_count

    def search(
        self,
        text: str,
        near: Point | None = None,
        within: Place | None = None,
        *,
        neighbourhood: str = "",
        municipality: str = "",
        limit: int = 5,
    ) -> list[AddressMatch]:
        """Return the places that an address may mean, what fits best first.

        Parameters
        ----------
        text : str
            What somebody wrote or has typed so far; beyond its 300th letter it is not read.
        near : Point, optional
            Of equally sure places the nearer comes first.
        within : Place, optional
            Only streets that touch this place.
        neighbourhood, municipality : str
            What is known beside the text; a name that the map doesn't know costs little.
        """
        parsed = parse_address(text)
        area = self._area(parsed, neighbourhood, municipality)
        finds = self._finds(parsed, area, within, nearly=False)
        if not _is_answered(finds, limit):
            finds += self._finds(parsed, area, within, nearly=True)
        finds = _without_doubles(finds)
        best = heapq.nsmallest(2 * limit, finds, key=lambda find: _rank(find, near))
        best = [self._weighed(find, finds) for find in best]
        best += self._neighbourhood_finds(parsed, area)
        best.sort(key=lambda find: _rank(find, near))
        return [self._named_place(find.match) for find in best[:limit]]

    def _area(self, parsed: ParsedAddress, neighbourhood: str, municipality: str) -> _Area:
        """Return the places that narrow the search."""
        asked = place_key(neighbourhood) if neighbourhood else parsed.neighbourhood
        around = self.places.named(asked, PlaceKind.NEIGHBOURHOOD) if asked else ()
        city_key = place_key(municipality) if municipality else ""
        city = self.places.named(city_key, PlaceKind.MUNICIPALITY) if city_key else ()
        for key in parsed.context:
            if not around and not asked:
                around = self.places.named(key, PlaceKind.NEIGHBOURHOOD)
            if not city:
                city = self.places.named(key, PlaceKind.MUNICIPALITY)
        groups = tuple(group for group in (around, city) if group)
        return _Area(groups, bool(asked) and not around, around)

    def _finds(
        self, parsed: ParsedAddress, area: _Area, within: Place | None, *, nearly: bool
    ) -> list[_Find]:
        look = self._names.nearly if nearly else self._names.exactly
        finds: list[_Find] = []
        for reading in parsed.readings:
            named = look(reading.street)
            if len(named) > MOST_STREETS:
                named = self._inside_first(named, area)[:MOST_STREETS]
            crosses = [self._cross(cross) for cross in reading.crosses] if named else []
            for one in named:
                finds += self._finds_on(one, reading, crosses, area, within)
        return finds

    def _inside_first(self, named: list[NamedStreet], area: _Area) -> list[NamedStreet]:
        return sorted(named, key=lambda one: not self._touches(one.street, area))

    def _finds_on(
        self,
        named: NamedStreet,
        reading: Reading,
        crosses: Sequence[_Cross],
        area: _Area,
        within: Place | None,
    ) -> list[_Find]:
        """Return what one street offers for one reading."""
        if within is not None and not self._touches_place(named.street, within):
            return []
        vertices, fit, doubts = self._narrowed(named, area)
        likeness = named.likeness**2 * named.kind_worth
        if named.likeness < 1:
            doubts.append(Doubt.SPELLING)
        if named.kind_worth < 1:
            doubts.append(Doubt.OTHER_KIND)
        matches = self._places_on(named.street, reading, crosses, vertices)
        return [
            _Find(
                replace(
                    match,
                    confidence=match.confidence * likeness * fit,
                    doubts=tuple(dict.fromkeys((*doubts, *match.doubts))),
                ),
                likeness * fit * self._agreement(match),
                named.street,
            )
            for match in matches
        ]

    def _agreement(self, match: AddressMatch) -> float:
        """Return how much of what the reading asks for was found: the corner, spelt as asked."""
        if match.kind is MatchKind.CORNER:
            return min(1.0, match.confidence / self.rules.block)
        return NO_CORNER if Doubt.UNKNOWN_CORNER in match.doubts else 1.0

    def _places_on(
        self,
        street: int,
        reading: Reading,
        crosses: Sequence[_Cross],
        vertices: Degrees,
    ) -> list[AddressMatch]:
        """Return the house, else the corners, else the street itself."""
        house = self._house(street, reading.number) if reading.number else None
        if house is not None and Doubt.ESTIMATED_NUMBER not in house.doubts:
            return [house]
        corners = self._corners(street, crosses)
        if corners:
            return corners
        if house is not None:
            return [house]
        doubts = []
        if reading.number:
            doubts.append(Doubt.UNKNOWN_NUMBER)
        if reading.crosses:
            doubts.append(Doubt.UNKNOWN_CORNER)
        return [self._street(street, vertices, doubts)]

    def _house(self, street: int, wanted: tuple[int, str]) -> AddressMatch | None:
        """Return the house of a number, or the place between its neighbours."""
        index = self._index
        first, last = index.house_first[street : street + 2].tolist()
        numbers = index.house_number[first:last]
        number, letter = wanted
        name = self._name(street)
        text = f"{number}{letter.upper()}"
        low, high = np.searchsorted(numbers, [number, number + 1]).tolist()
        if high > low:
            letters = index.house_letter[first + low : first + high].tolist()
            row = (
                first + low + (letters.index(letter.encode()) if letter.encode() in letters else 0)
            )
            point = _point(index.house_e7[row] / E7)
            label = f"{name} {text}"
            worth = self.rules.house
            return AddressMatch(
                point, label, MatchKind.HOUSE, worth, name, text, reach_m=HOUSE_REACH_M
            )
        same_side = np.flatnonzero(numbers % 2 == number % 2)
        side = numbers[same_side]
        after = int(np.searchsorted(side, number))
        if not 0 < after < len(side):
            return None
        rows = first + same_side[after - 1 : after + 1]
        ends = index.house_e7[rows] / E7
        gap_m = float(metres_between(ends[:1], *ends[1].tolist())[0])
        if gap_m > LONGEST_GAP_M:
            return None
        share = (number - side[after - 1]) / (side[after] - side[after - 1])
        return AddressMatch(
            _point(ends[0] + (ends[1] - ends[0]) * share),
            f"{name} {text}",
            MatchKind.HOUSE,
            self.rules.estimated_house,
            name,
            text,
            reach_m=round(gap_m / 2) + HOUSE_REACH_M,
            doubts=(Doubt.ESTIMATED_NUMBER,),
        )

    def _cross(self, name: StreetName) -> _Cross:
        exact = frozenset(one.street for one in self._names.exactly(name))
        near = {
            one.street: one.likeness
            for one in self._names.nearly(name)
            if one.likeness >= LEAST_LIKENESS and one.street not in exact
        }
        return _Cross(exact, near)

    def _corners(self, street: int, crosses: Sequence[_Cross]) -> list[AddressMatch]:
        """Return the corners with one street, or the block between two."""
        if not crosses:
            return []
        found = [self._meetings(street, cross) for cross in crosses]
        known = [meeting for meeting in found if len(meeting.places)]
        name = self._name(street)
        if len(known) == 2:
            return self._block(name, known)
        is_half = len(crosses) == 2
        worth = self.rules.corner * (self.rules.half_corner if is_half else 1.0)
        return [
            AddressMatch(
                _point(place),
                f"{name} / {self._name(self._nearest_of(meeting.streets, place))}",
                MatchKind.CORNER,
                worth * meeting.likeness**2,
                name,
                reach_m=HALF_CORNER_REACH_M if is_half else CORNER_REACH_M,
                doubts=(
                    *((Doubt.UNKNOWN_CORNER,) if is_half else ()),
                    *((Doubt.SPELLING,) if meeting.likeness < 1 else ()),
                ),
            )
            for meeting in known
            for place in meeting.places
        ]

    def _meetings(self, street: int, cross: _Cross) -> _Meeting:
        """Return where a street meets one of a name, or else one of a similar name."""
        places = self._crossings(street, cross.exact)
        if not len(places):
            places = self._near_misses(street, cross.exact)
        if len(places):
            return _Meeting(cross.exact, places, 1.0)
        first, last = self._index.corner_first[street : street + 2].tolist()
        met = cross.near.keys() & set(self._index.corner_with[first:last].tolist())
        if not met:
            return _Meeting(cross.exact, places, 0.0)
        best = max(cross.near[one] for one in met)
        streets = frozenset(one for one in met if cross.near[one] == best)
        return _Meeting(streets, self._crossings(street, streets), best)

    def _block(self, name: str, known: Sequence[_Meeting]) -> list[AddressMatch]:
        """Return the middle between the two corners that are nearest to each other."""
        (cross_a, a, like_a), (cross_b, b, like_b) = known
        away = np.array([metres_between(b, *place) for place in a])
        i, j = np.unravel_index(int(np.argmin(away)), away.shape)
        if away[i, j] > LONGEST_BLOCK_M:
            return []
        others = (self._nearest_of(cross_a, a[i]), self._nearest_of(cross_b, b[j]))
        return [
            AddressMatch(
                _point((a[i] + b[j]) / 2),
                f"{name} / {self._name(others[0])} / {self._name(others[1])}",
                MatchKind.CORNER,
                self.rules.block * (like_a * like_b) ** 2,
                name,
                reach_m=max(round(float(away[i, j]) / 2), CORNER_REACH_M),
                doubts=(Doubt.SPELLING,) if like_a * like_b < 1 else (),
            )
        ]

    def _crossings(self, street: int, others: frozenset[int]) -> Degrees:
        """Return where a street meets one of others, each corner once."""
        index = self._index
        first, last = index.corner_first[street : street + 2].tolist()
        is_meant = np.isin(index.corner_with[first:last], list(others))
        places = index.corner_e7[first:last][is_meant] / E7
        corners: list[Degrees] = []
        for place in places:
            if all(metres_between(one, *place) > ONE_CORNER_M for one in corners):
                corners.append(place)
        return np.array(corners).reshape(-1, 2)

    def _near_misses(self, street: int, others: frozenset[int]) -> Degrees:
        """Return where streets come close that share no junction, such as across a square."""
        mine = self._index.vertices(street)
        for other in sorted(others)[:MOST_STREETS]:
            theirs = self._index.vertices(other)
            middle = theirs.mean(axis=0)
            spread = metres_between(theirs, *middle).max() + NEAR_MISS_M
            close = mine[metres_between(mine, *middle) <= spread]
            for place in close:
                away = metres_between(theirs, *place)
                if away.min() <= NEAR_MISS_M:
                    return np.array([(place + theirs[int(np.argmin(away))]) / 2])
        return np.zeros((0, 2))

    def _nearest_of(self, streets: Iterable[int], place: Degrees) -> int:
        return min(
            sorted(streets),
            key=lambda one: float(metres_between(self._index.vertices(one), *place).min()),
        )

    def _street(self, street: int, vertices: Degrees, doubts: list[Doubt]) -> AddressMatch:
        """Return the middle of a street, or of its part in the place that was named."""
        place, reach_m = self._middle(street, vertices)
        if reach_m > LONG_STREET_M:
            doubts.append(Doubt.LONG_STREET)
        name = self._name(street)
        return AddressMatch(
            place,
            name,
            MatchKind.STREET,
            self.rules.street(reach_m),
            name,
            reach_m=max(round(reach_m), HOUSE_REACH_M),
            doubts=tuple(doubts),
        )

    def _middle(self, street: int, vertices: Degrees) -> tuple[Point, float]:
        """Return the middle of (a part of) a street, and how far it is to its farther end."""
        is_whole = len(vertices) == len(self._index.vertices(street))
        if is_whole and street in self._middles:
            return self._middles[street]
        centre = vertices.mean(axis=0)
        point = vertices[int(np.argmin(metres_between(vertices, *centre)))]
        found = _point(point), float(metres_between(vertices, *point).max())
        if is_whole:
            self._middles[street] = found
        return found

    def _narrowed(self, named: NamedStreet, area: _Area) -> tuple[Degrees, float, list[Doubt]]:
        """Return the part of a street in the area, how well it fits, and what is doubtful."""
        vertices = self._index.vertices(named.street)
        is_inside = self._inside_all(named.street, area)
        if area.groups and not is_inside.any():
            return vertices, self.rules.other_neighbourhood, [Doubt.OTHER_NEIGHBOURHOOD]
        part = vertices[is_inside] if area.groups else vertices
        if area.is_unknown:
            return part, self.rules.unknown_neighbourhood, [Doubt.UNKNOWN_NEIGHBOURHOOD]
        return part, 1.0, []

    def _inside_all(self, street: int, area: _Area) -> NDArray[np.bool_]:
        inside = np.ones(len(self._index.vertices(street)), dtype=np.bool_)
        for group in area.groups:
            in_one = [self._is_inside(street, place) for place in group]
            inside &= np.logical_or.reduce(in_one)
        return inside

    def _is_inside(self, street: int, place: int) -> NDArray[np.bool_]:
        key = (street, place)
        found = self._inside.get(key)
        if found is None:
            found = self._inside[key] = self.places.inside(place, self._index.vertices(street))
        return found

    def _touches(self, street: int, area: _Area) -> bool:
        return bool(self._inside_all(street, area).any())

    def _touches_place(self, street: int, place: Place) -> bool:
        lone = PlaceIndex([place])
        return bool(lone.inside(0, self._index.vertices(street)).any())

    def _weighed(self, find: _Find, finds: list[_Find]) -> _Find:
        """Divide the confidence of a match by the number of places that fit as well."""
        rivals = sum(self._is_rival(other, find) for other in finds)
        if not rivals:
            return find
        match = replace(
            find.match,
            confidence=find.match.confidence / (1 + rivals),
            doubts=(*find.match.doubts, Doubt.SAME_NAME),
        )
        return replace(find, match=match)

    def _is_rival(self, other: _Find, find: _Find) -> bool:
        """Tell whether another match may be meant just as well.

        Where a house or a corner was found, a street of the same name is a rival only when the
        map knows no houses along it: the number may be there, too.
        """
        if other is find or other.evidence < RIVAL_SHARE * find.evidence:
            return False
        if haversine_m(other.match.point, find.match.point) <= RIVAL_M:
            return False
        if other.match.kind is find.match.kind:
            return True
        first, last = self._index.house_first[other.street : other.street + 2].tolist()
        if find.match.kind is MatchKind.HOUSE:
            return other.match.kind is MatchKind.CORNER or first == last
        return find.match.kind is MatchKind.STREET

    def _neighbourhood_finds(self, parsed: ParsedAddress, area: _Area) -> list[_Find]:
        """Return the neighbourhood that the address names, or that the whole text is."""
        evidence = dict.fromkeys(area.neighbourhoods, FALLBACK)
        for reading in parsed.readings:
            if reading.number is None and not reading.crosses:
                key = f"{reading.street.kind} {reading.street.core}".strip()
                same = self.places.named(key, PlaceKind.NEIGHBOURHOOD)
                evidence.update(dict.fromkeys(same, 1.0))
        return [
            _Find(
                AddressMatch(
                    self.places.places[number].point,
                    self.places.places[number].name,
                    MatchKind.NEIGHBOURHOOD,
                    self.rules.neighbourhood,
                    neighbourhood=self.places.places[number].name,
                    reach_m=1000,
                    doubts=(Doubt.ONLY_NEIGHBOURHOOD,),
                ),
                fit,
                -1,
            )
            for number, fit in evidence.items()
        ]

    def _named_place(self, match: AddressMatch) -> AddressMatch:
        """Add the neighbourhood and the municipality around a match, and round its confidence."""
        around = self.places.at(match.point, PlaceKind.NEIGHBOURHOOD)
        city = self.places.at(match.point, PlaceKind.MUNICIPALITY)
        neighbourhood = match.neighbourhood or (around.name if around else "")
        parts = (match.label, neighbourhood if match.street else "", city.name if city else "")
        return replace(
            match,
            label=", ".join(part for part in parts if part),
            confidence=round(match.confidence, 2),
            neighbourhood=neighbourhood,
            municipality=city.name if city else "",
        )

    def _name(self, street: int) -> str:
        return self._index.names[int(self._index.street_name[street])]


def _is_answered(finds: list[_Find], limit: int) -> bool:
    """Tell whether enough houses or corners were found under the very name that was asked for."""
    exact = (MatchKind.HOUSE, MatchKind.CORNER)
    good = [one for one in finds if one.match.kind in exact and one.evidence >= GOOD_FIT]
    return len(good) >= limit


def _without_doubles(finds: list[_Find]) -> list[_Find]:
    """Keep the best of the matches that are the same place under the same label."""
    best: dict[tuple[str, Point], _Find] = {}
    for find in sorted(finds, key=lambda one: -one.match.confidence):
        place = Point(round(find.match.point.lat, 5), round(find.match.point.lon, 5))
        best.setdefault((find.match.label, place), find)
    return _best_reading(list(best.values()))


def _best_reading(finds: list[_Find]) -> list[_Find]:
    """Keep, of one street, only its best kind of match: the house rather than the whole street."""
    order = list(MatchKind)
    best: dict[int, int] = {}
    for find in finds:
        rank = order.index(find.match.kind)
        best[find.street] = min(rank, best.get(find.street, rank))
    return [find for find in finds if order.index(find.match.kind) == best[find.street]]


def _rank(find: _Find, near: Point | None) -> tuple[float, int, float, float, str]:
    """Order matches: whose name and place fit best, house before street, near, large or sure."""
    match = find.match
    kind = list(MatchKind).index(match.kind)
    away_m = haversine_m(near, match.point) if near else 0.0
    # Of two streets of one name more people mean, and live in, the longer one.
    weight = match.reach_m if match.kind is MatchKind.STREET else match.confidence
    return -round(find.evidence, 1), kind, away_m, -weight, match.label


def _point(degrees: Degrees) -> Point:
    lat, lon = degrees.tolist()
    return Point(round(lat, 7), round(lon, 7))
