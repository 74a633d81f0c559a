"""What planning decides by: vehicles and the reasons for leaving a client out."""

from enum import StrEnum


class Vehicle(StrEnum):
    """How a collector moves; the values are those of `routing.Profile`."""

    MOTORCYCLE = "motorcycle"
    CAR = "car"
    FOOT = "foot"


class SkipCause(StrEnum):
    """Why a client is in no route of the day, from the law to the clock."""

    NO_LEGAL_WINDOW = "no_legal_window"  # the law gives no moment that day
    CONTACT_CAP = "contact_cap"  # contacted as often as the law or the house allows
    BANNED = "banned"  # a ban on contact is in force
    PROMISE_NOT_DUE = "promise_not_due"  # promised a later day: leave them alone
    NOTHING_OVERDUE = "nothing_overdue"
    NO_LOCATION = "no_location"
    NO_ZONE = "no_zone"
    NO_COLLECTOR = "no_collector"  # nobody answers for the zone, or works that day
    OUTSIDE_SHIFT = "outside_shift"
    UNREACHABLE = "unreachable"
    NOT_WORTH_THE_TRIP = "not_worth_the_trip"
    NO_TIME_LEFT = "no_time_left"
