"""What is done with accounts: logging in and out, passwords, and the people who may log in."""

from collector_app.accounts.services.login import begin_attempt, identify, log_out
from collector_app.accounts.services.people import (
    LOGS_IN,
    PersonData,
    change_person,
    create_person,
    deactivate,
    give_one_time_password,
    reactivate,
)
from collector_app.accounts.services.secret import change_password, end_sessions

__all__ = [
    "LOGS_IN",
    "PersonData",
    "begin_attempt",
    "change_password",
    "change_person",
    "create_person",
    "deactivate",
    "end_sessions",
    "give_one_time_password",
    "identify",
    "log_out",
    "reactivate",
]
