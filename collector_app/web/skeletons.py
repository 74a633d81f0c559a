"""The page around a page: collectors see the phone's, the office the desk's."""

from collector_app.core.actor import Role


def skeleton_for(role: Role | None) -> str:
    """Return the template that pages of a person extend; that of nobody logged in for None."""
    if role is None:
        return "base_alone.html"
    return "base_phone.html" if role is Role.COLLECTOR else "base_desk.html"
