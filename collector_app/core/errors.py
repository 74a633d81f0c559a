"""What can go wrong in the application, drawn as a tree.

CollectorError            500  a fault of ours
 x InvalidInput           422  a field, and what was expected there
 x NotFound               404  no such thing, or none that this person may see
 x NotAllowed             403  this role may not do that
 x RuleBroken             409  a rule of the business forbids it
 x StaleData              409  somebody changed it meanwhile
 x Unavailable            503  a map, a store or an engine can't be reached
"""


class CollectorError(Exception):
    """Any failure with a stable code; facts are attributes, the English text is for the log."""

    code = "internal"
    status = 500

    def __init__(self, message: str = "", **facts: object) -> None:
        """Keep the facts that the message for people will need."""
        super().__init__(message or self.code)
        self.facts = facts


class InvalidInput(CollectorError):
    """A value can't be used: `field` names it, `expected` says what would be right."""

    code = "invalid_input"
    status = 422

    def __init__(self, field: str, expected: str, **facts: object) -> None:
        """Name the field and what was expected there."""
        super().__init__(f"{field}: {expected}", field=field, expected=expected, **facts)
        self.field = field
        self.expected = expected


class NotFound(CollectorError):
    """There is no such thing, or none that this actor may know of."""

    code = "not_found"
    status = 404


class NotAllowed(CollectorError):
    """The actor's role may not do that."""

    code = "not_allowed"
    status = 403


class RuleBroken(CollectorError):
    """A rule of the business forbids it; subclasses name the rule by their code."""

    code = "rule_broken"
    status = 409


class StaleData(CollectorError):
    """Somebody changed the thing meanwhile; load it again."""

    code = "stale_data"
    status = 409


class Unavailable(CollectorError):
    """Something this needs can't be reached now."""

    code = "unavailable"
    status = 503
