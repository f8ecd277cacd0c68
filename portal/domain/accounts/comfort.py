"""How a person reads: size, contrast, spacing, font, motion, colours. A closed list, and nothing else.

Kept as `name=value` pairs joined by `&`, in the account and in the cookie of a device alike.
Nothing in them says who reads.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

# The first value of each is what the portal shows to whoever has chosen nothing.
CHOICES: dict[str, tuple[str, ...]] = {
    "size": ("100", "112", "125", "150", "200"),
    "contrast": ("normal", "high"),
    "spacing": ("normal", "wide"),
    "font": ("atkinson", "lexend", "opendyslexic"),
    "motion": ("normal", "reduced"),
    "colours": ("auto", "light", "dark"),
}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Comfort:
    """One choice for each setting; what is built from nothing is how the portal looks at first."""

    size: str = CHOICES["size"][0]
    contrast: str = CHOICES["contrast"][0]
    spacing: str = CHOICES["spacing"][0]
    font: str = CHOICES["font"][0]
    motion: str = CHOICES["motion"][0]
    colours: str = CHOICES["colours"][0]

    @property
    def changed(self) -> dict[str, str]:
        """The settings that are not those of the portal, by name."""
        return {name: value for name, value in asdict(self).items() if value != CHOICES[name][0]}


def read(text: str | None) -> Comfort | None:
    """What was kept, or None when nothing was; a name or a value off the list is as if it were not there."""
    if not text or len(text) > LONGEST:
        return None
    pairs = (pair.partition("=") for pair in text.split("&"))
    known = {name: value for name, _, value in pairs if value in CHOICES.get(name, ())}
    return Comfort(**known) if known else None


def written(comfort: Comfort) -> str:
    """The form that `read` reads: every setting, so that what the portal shows at first can be a choice too."""
    return "&".join(f"{name}={value}" for name, value in asdict(comfort).items())


def in_force(*kept: str | None) -> Comfort:
    """The first of these that says something; else how the portal looks at first."""
    found = (read(one) for one in kept)
    return next((one for one in found if one is not None), Comfort())
