"""What indicators speak of, are measured in, split by and made of."""

from enum import StrEnum

from collector_app.core.money import CENTS_PER_PESO

PER_HOUR = 3600
PER_THOUSAND = 1000
PER_PESO = CENTS_PER_PESO


class Section(StrEnum):
    """The part of the work that an indicator speaks of."""

    CONTACT = "contact"
    PROMISES = "promises"
    ROUTE = "route"
    RECOVERY = "recovery"
    COST = "cost"
    CASH = "cash"
    CONDUCT = "conduct"
    MOVEMENT = "movement"
    PORTFOLIO = "portfolio"


class Unit(StrEnum):
    """What the value of an indicator is measured in."""

    SHARE = "share"  # 0 to 1
    CENTS = "cents"
    COUNT = "count"
    SECONDS = "seconds"
    METRES = "metres"
    DAYS = "days"  # seconds, shown as days
    WHOLE_DAYS = "whole_days"


class Aim(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class RowKind(StrEnum):
    """The rows that an indicator is made of."""

    VISITS = "visits"
    PROMISES = "promises"
    STOPS = "stops"
    PAYMENTS = "payments"
    CLIENTS = "clients"
    FIRST_CONTACTS = "first_contacts"
    COMPLAINTS = "complaints"
    FAULTS = "faults"
    COSTS = "costs"
    CASH_COUNTS = "cash_counts"
    DEPOSITS = "deposits"
    CONFIRMED = "confirmed"
    MOVEMENTS = "movements"


class Dimension(StrEnum):
    """What an indicator is split by."""

    COLLECTOR = "collector"
    ZONE = "zone"
    STAGE = "stage"
    SEGMENT = "segment"
    WEEK = "week"
