"""Settings that differ between machines, read from the environment with the prefix COLLECTOR_."""

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent
VOLUNTEERS = ("openstreetmap.org", "openstreetmap.de", "openstreetmap.fr", "osm.org")


class Config:
    """Production: refuses to start without a secret."""

    pin_unless_told = "demanded"

    def __init__(self) -> None:
        """Read the environment.

        Raises
        ------
        RuntimeError
            When COLLECTOR_SECRET_KEY is missing.
        """
        self.INSTANCE = Path(os.environ.get("COLLECTOR_INSTANCE", ROOT / "instance")).resolve()
        self.SECRET_KEY = self._secret()
        # Secrets of before, separated by spaces: sessions and what phones sealed stay readable.
        self.SECRET_KEY_FALLBACKS = os.environ.get("COLLECTOR_FORMER_SECRET_KEYS", "").split()
        self.SQLALCHEMY_DATABASE_URI = _database_url(self.INSTANCE)
        self.TIME_ZONE = os.environ.get("COLLECTOR_TIME_ZONE", "America/Mexico_City")
        self.LOCALE = os.environ.get("COLLECTOR_LOCALE", "es_MX")
        self.CITY = os.environ.get(
            "COLLECTOR_CITY", ""
        )  # pack in use; empty: the one `flask city use` chose
        self.TRAVEL = os.environ.get(
            "COLLECTOR_TRAVEL", "streets"
        )  # streets haversine osrm valhalla
        self.TRAVEL_URL = os.environ.get("COLLECTOR_TRAVEL_URL", "")
        self.TRAVEL_FOOT_URL = os.environ.get("COLLECTOR_TRAVEL_FOOT_URL", "")  # osrm has one each
        # Pictures of a tile server below the maps, instead of the city's own file.
        self.TILE_URL = _tile_url(os.environ.get("COLLECTOR_TILE_URL", ""))
        self.TILE_ATTRIBUTION = os.environ.get(
            "COLLECTOR_TILE_ATTRIBUTION", "© OpenStreetMap contributors"
        )
        # Webhooks go to the public internet over TLS alone, unless a receiver stands beside us.
        self.WEBHOOKS_PRIVATE = os.environ.get("COLLECTOR_WEBHOOKS_PRIVATE", "") == "1"
        self.MAX_CONTENT_LENGTH = 32 * 1024 * 1024
        self.SESSION_COOKIE_SECURE = True
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        # A working day: phones forget cookies without an age whenever the browser is put away.
        self.PERMANENT_SESSION_LIFETIME = timedelta(hours=14)
        self.SESSION_REFRESH_EACH_REQUEST = False  # no cookie in answers that caches may keep
        self.WTF_CSRF_TIME_LIMIT = None  # a form may stay open all day; the token ends with login
        # Whether a phone keeps anything before its collector chose a PIN: demanded or offered.
        self.PHONE_PIN = _one_of("COLLECTOR_PHONE_PIN", self.pin_unless_told, "offered", "demanded")
        self.FIGURES_KEPT_S = 60  # how long a process keeps sums: `figures.keeping`
        # How many proxies in front set X-Forwarded-For; login limits count the address behind them.
        self.TRUSTED_PROXIES = int(os.environ.get("COLLECTOR_TRUSTED_PROXIES", "0"))

    def _secret(self) -> str:
        key = os.environ.get("COLLECTOR_SECRET_KEY", "")
        if len(key) < 32:
            message = "set COLLECTOR_SECRET_KEY to at least 32 random characters"
            raise RuntimeError(message)
        return key


class DevConfig(Config):
    """`make run`: plain HTTP on this machine, a secret of its own kept in the instance folder."""

    pin_unless_told = "offered"

    def __init__(self) -> None:
        """Read the environment; cookies travel without TLS."""
        super().__init__()
        self.SESSION_COOKIE_SECURE = False

    def _secret(self) -> str:
        path = self.INSTANCE / "secret_key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()


class TestConfig(Config):
    """Tests: everything in a temporary instance folder, no CSRF tokens."""

    __test__ = False  # pytest: this is no test class
    pin_unless_told = "offered"

    def __init__(self, instance: Path, database_url: str) -> None:
        """Keep all files under `instance`."""
        os.environ["COLLECTOR_INSTANCE"] = str(instance)
        super().__init__()
        self.SQLALCHEMY_DATABASE_URI = database_url
        self.TESTING = True
        self.WTF_CSRF_ENABLED = False
        self.SESSION_COOKIE_SECURE = False
        self.TRAVEL = "haversine"
        self.FIGURES_KEPT_S = 0

    def _secret(self) -> str:
        return "only-for-tests-" + "x" * 32


def _one_of(variable: str, unless_told: str, *words: str) -> str:
    """Return one of the words that a variable may hold; raises RuntimeError for any other."""
    found = os.environ.get(variable, unless_told)
    if found not in words:
        message = f"{variable} must be one of {', '.join(words)}, got {found!r}"
        raise RuntimeError(message)
    return found


def _tile_url(url: str) -> str:
    """Return the address of a tile server, or nothing when none is set.

    Raises
    ------
    RuntimeError
        When it is not an address of tiles, or one of the servers that volunteers pay for: their
        policy forbids to keep tiles for offline use, and a company's phones would burden them.
        https://operations.osmfoundation.org/policies/tiles/
    """
    if not url:
        return ""
    parts = urlsplit(url)
    if not all(place in url for place in ("{z}", "{x}", "{y}")):
        message = f"COLLECTOR_TILE_URL needs {{z}}, {{x}} and {{y}} in it, got {url!r}"
        raise RuntimeError(message)
    is_plain = re.fullmatch(r"[a-z0-9.-]+(:\d+)?", parts.netloc)
    if parts.scheme not in ("https", "http") or not is_plain:
        message = f"COLLECTOR_TILE_URL must begin with https:// and one host, got {url!r}"
        raise RuntimeError(message)
    host = parts.hostname or ""
    if any(host == name or host.endswith(f".{name}") for name in VOLUNTEERS):
        message = (
            f"COLLECTOR_TILE_URL may not be {host}: the tile servers of OpenStreetMap are for its "
            "editors, not for other people's applications. Leave it empty to draw the streets from "
            "the city pack (flask city build), or name a server of your own or one you pay for"
        )
        raise RuntimeError(message)
    return url


def _database_url(instance: Path) -> str:
    url = os.environ.get("DATABASE_URL", f"sqlite:///{instance / 'ruta.sqlite3'}")
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):  # SQLAlchemy's default driver is not the one we install
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def from_environment() -> Config:
    """Return the settings that COLLECTOR_ENV names: production unless it says development."""
    return DevConfig() if os.environ.get("COLLECTOR_ENV") == "development" else Config()
