"""Learns how fast the roads of a city really are from trips that were logged."""

from routing.travel.streets.calibration.fit import Fit, fit_multipliers
from routing.travel.streets.calibration.judge import Calibration, Errors, Verdict, calibrate
from routing.travel.streets.calibration.shelf import put_back, put_into_use
from routing.travel.streets.calibration.trips import Dropped, Measured, Trip, measure_trips

__all__ = [
    "Calibration",
    "Dropped",
    "Errors",
    "Fit",
    "Measured",
    "Trip",
    "Verdict",
    "calibrate",
    "fit_multipliers",
    "measure_trips",
    "put_back",
    "put_into_use",
]
