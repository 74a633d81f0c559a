"""Who acts: every service is told, none finds out by itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from collector_app.core.errors import NotAllowed


class Role(StrEnum):
    """What a person may do; one role each."""

    COLLECTOR = "collector"
    SUPERVISOR = "supervisor"
    DISPATCHER = "dispatcher"
    ADMIN = "admin"
    SYSTEM = "system"  # jobs and the command line; nobody logs in with it


OFFICE = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN, Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the system) on whose behalf something is done."""

    user_id: int | None
    role: Role
    name: str = ""

    @classmethod
    def system(cls, name: str) -> Self:
        """Return the actor of a job or a command, such as ``Actor.system("import")``."""
        return cls(user_id=None, role=Role.SYSTEM, name=name)

    def require(self, *roles: Role) -> None:
        """Raise `NotAllowed` unless the actor has one of the roles."""
        if self.role not in roles:
            message = f"{self.role} may not do this, only {', '.join(roles)}"
            raise NotAllowed(message, role=self.role)
