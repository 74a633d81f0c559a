"""What user names and passwords must be like, and how often one may guess."""

import hashlib
import ipaddress
import re
import secrets
import unicodedata
from datetime import timedelta

from collector_app.core.errors import CollectorError, InvalidInput, RuleBroken

# Length beats composition, and long phrases must fit: OWASP ASVS 4.0.3, 2.1.1, 2.1.2, 2.1.9.
MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 128
MIN_DISTINCT_LETTERS = 5  # "aaaaaaaaaaaa" is long enough and worth nothing
ONE_TIME_VALID_FOR = timedelta(hours=72)  # ASVS 2.3.1: first passwords expire soon

# ASVS 2.2.1: no more than 100 failures an hour on one account. Ten a minute from one address
# counts failures only, because all phones of a network may share one address.
FAILURES_PER_ACCOUNT = 100
ACCOUNT_WINDOW = timedelta(hours=1)
FAILURES_PER_ADDRESS = 10
ADDRESS_WINDOW = timedelta(minutes=1)
FORGET_ATTEMPTS_AFTER = timedelta(days=1)

USERNAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}")
_ONE_TIME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else
_ONE_TIME_GROUPS = 3
_ONE_TIME_GROUP_LENGTH = 5
IPV6_PREFIX = 64  # what one customer is given


class TooManyAttempts(CollectorError):
    """Somebody guesses passwords, of one account or from one address."""

    code = "too_many_attempts"
    status = 429


class UsernameTaken(RuleBroken):
    """Another person has this user name."""

    code = "username_taken"


class OwnAccount(RuleBroken):
    """People can't take their own role away or lock themselves out."""

    code = "own_account"


class OneTimePasswordExpired(RuleBroken):
    """A one-time password was not used in time."""

    code = "one_time_password_expired"


def clean_username(text: str) -> str:
    """Return a user name in the one way it is stored: lower case, no spaces around.

    Raises
    ------
    InvalidInput
        Unless it has 3 to 32 letters a-z, digits, dots, hyphens or underscores.
    """
    name = normal_username(text)
    if not USERNAME_PATTERN.fullmatch(name):
        raise InvalidInput("username", "3 to 32 of a-z 0-9 . _ -, first a letter or digit")
    return name


def normal_username(text: str) -> str:
    """Return what somebody typed as a user name in the form in which names are compared."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def account_key(username: str) -> str:
    """Return the name under which attempts on an account are counted, whether it exists or not."""
    return hashlib.sha256(normal_username(username).encode()).hexdigest()


def network_of(address: str) -> str:
    """Return the part of an address that one customer has: IPv4 whole, the first half of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False))
    return str(parsed)


def check_new_password(password: str, username: str) -> None:
    """Refuse passwords that are guessed first.

    Raises
    ------
    InvalidInput
        With the reason in ``facts["reason"]``: length, repeats or username.
    """
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        expected = f"{MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} letters"
        raise InvalidInput("password", expected, reason="length")
    if len(set(password)) < MIN_DISTINCT_LETTERS:
        expected = f"at least {MIN_DISTINCT_LETTERS} different letters"
        raise InvalidInput("password", expected, reason="repeats")
    if username and username in password.lower():
        raise InvalidInput("password", "without the user name inside", reason="username")


def one_time_password() -> str:
    """Return a random password that is easy to dictate: three groups of five, 74 bits."""
    groups = (
        "".join(secrets.choice(_ONE_TIME_LETTERS) for _ in range(_ONE_TIME_GROUP_LENGTH))
        for _ in range(_ONE_TIME_GROUPS)
    )
    return "-".join(groups)
