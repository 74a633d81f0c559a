"""What a message to a collector may be."""

from collector_app.core.errors import InvalidInput

LONGEST = 500


class WrongMessage(InvalidInput):
    """A message says something, in so many letters that it is read on the road."""

    code = "wrong_message"


def checked_text(text: str) -> str:
    """Return a message without the space around it.

    Raises
    ------
    WrongMessage
        If nothing is left, or too much.
    """
    told = text.strip()
    if not 0 < len(told) <= LONGEST:
        raise WrongMessage("text", f"1 to {LONGEST} letters", most=LONGEST)
    return told
