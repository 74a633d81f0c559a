"""The law of the creditors for whom a client is sought, which holds beside that of the house."""

from dataclasses import dataclass, field, replace

from collector_app.compliance.rules.profile import Profile, Rule, combine


@dataclass(frozen=True, slots=True)
class CreditorLaw:
    """The profiles of the creditors to whom a client owes; each can only forbid more.

    Attributes
    ----------
    key : tuple of (str, str, tuple of str)
        Id and version of each profile, and the names of the creditors under it: two laws with the
        same key are the same, so that nobody compares their rules.
    profiles : tuple of Profile
        Their rules name the creditors (`Source.creditors`).
    """

    key: tuple[tuple[str, str, tuple[str, ...]], ...]
    profiles: tuple[Profile, ...] = field(compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the creditors, in the order of the alphabet."""
        return tuple(sorted(name for _id, _version, names in self.key for name in names))

    def rules_beside(self, profile: Profile) -> tuple[Rule, ...]:
        """Return the rules that a profile lacks: a law that it was made of holds once."""
        known = profile.id.split("+")
        return tuple(rule for one in self.profiles if one.id not in known for rule in one.rules)


def creditor_law(held: tuple[tuple[Profile, tuple[str, ...]], ...]) -> CreditorLaw:
    """Return the law of some profiles, each with the names of the creditors under it."""
    return CreditorLaw(
        tuple((profile.id, profile.version, names) for profile, names in held),
        tuple(_on_behalf_of(profile, names) for profile, names in held),
    )


def beside(profile: Profile, law: CreditorLaw | None) -> Profile:
    """Return the profile under which a law of creditors holds, too."""
    if law is None:
        return profile
    known = profile.id.split("+")
    return combine(profile, *(one for one in law.profiles if one.id not in known))


def _on_behalf_of(profile: Profile, creditors: tuple[str, ...]) -> Profile:
    rules = (
        replace(rule, source=replace(rule.source, creditors=creditors)) for rule in profile.rules
    )
    return replace(profile, rules=tuple(rules))
