"""Whom somebody may still visit, as the changes left them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from routing.problem import Candidate, Problem, Shift
from routing.replan.changes import Sick
from routing.replan.decisions import Decisions
from routing.replan.history import History


def open_candidates(
    problem: Problem, history: History, decisions: Decisions
) -> dict[str, Candidate]:
    """Return whom somebody may still visit today, as the changes left them."""
    groups = groups_of(history, history.made_by)
    found = {}
    for candidate in history.candidates.values():
        if candidate.id in history.made_by:
            continue
        planned = history.planned.get(candidate.id)
        changed: dict[str, Any] = {}
        if planned is not None and candidate.published_shift != planned:
            changed["published_shift"] = planned
        if candidate.id in decisions.moved:
            changed["windows"] = (decisions.moved[candidate.id],)
        if candidate.id in decisions.cancelled:
            changed |= {"windows": (), "published_shift": None}
        left = replace(candidate, **changed) if changed else candidate
        found[candidate.id] = overtaken(left, history.made_by, groups)
    _share_out(problem, history, decisions.sick, found)
    for id in decisions.pinned:
        if id in found:
            who = decisions.who_keeps(history.planned[id])
            found[id] = replace(found[id], required=True, shifts=who, collectors=None)
    return found


def groups_of(history: History, made_by: Mapping[str, str]) -> set[str]:
    """Return the groups of which somebody is visited."""
    groups = {history.candidates[id].group for id in made_by}
    return {one for one in groups if one is not None}


def overtaken(candidate: Candidate, made_by: Mapping[str, str], groups: set[str]) -> Candidate:
    """Return what visits that are made leave of a candidate.

    Who waited for one of them can be visited on the same route; who shares a group, nowhere.
    """
    if candidate.group in groups:
        candidate = replace(candidate, windows=(), published_shift=None)
    made = candidate.after & made_by.keys()
    if not made:
        return candidate
    routes = {made_by[one] for one in made}
    allowed = routes if candidate.shifts is None else routes & candidate.shifts
    shifts = frozenset(allowed if len(routes) == 1 else ())
    return replace(candidate, after=candidate.after - made, shifts=shifts)


def _share_out(
    problem: Problem, history: History, sick: Sequence[Sick], found: dict[str, Candidate]
) -> None:
    """Let neighbours take the open stops of those who went home."""
    for change in sick:
        collectors = {one.works_for for one in problem.shifts if one.id in change.shared_with}
        for id in history.standings[change.shift_id].open:
            candidate = found.get(id)
            if candidate is None:
                continue
            shifts, allowed = candidate.shifts, candidate.collectors
            found[id] = replace(
                candidate,
                shifts=None if shifts is None else shifts | change.shared_with,
                collectors=None if allowed is None else allowed | collectors,
            )


def settled(found: Mapping[str, Candidate], known: Mapping[str, Shift]) -> tuple[Candidate, ...]:
    """Return the candidates with no word of shifts, collectors or candidates that are gone."""
    collectors = {shift.works_for for shift in known.values()}
    narrowed_all = []
    for one in found.values():
        narrowed: dict[str, Any] = {}
        if one.shifts is not None and not one.shifts <= known.keys():
            narrowed["shifts"] = one.shifts.intersection(known)
        if one.collectors is not None and not one.collectors <= collectors:
            narrowed["collectors"] = one.collectors & collectors
        if one.after:
            narrowed["after"] = frozenset(id for id in one.after if id in found)
        narrowed_all.append(replace(one, **narrowed) if narrowed else one)
    return tuple(narrowed_all)
