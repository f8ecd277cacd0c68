"""What may be chosen of the whole contract: with which texts, with or without its annexes."""

from __future__ import annotations

from dataclasses import dataclass

from portal.kernel.speech import say
from portal.vocabulary import Labelled, Register


class Wording(Labelled):
    """Which of the two texts a document holds."""

    BOTH = "deux-textes", say("le texte technique, et le texte simple à côté")
    TECHNICAL = "technique", say("le texte technique seul")
    PLAIN = "pour-tous", say("la version pour tous\u00a0: le texte simple seul")

    @property
    def registers(self) -> tuple[Register, ...]:
        """The texts, in the order in which they are read."""
        if self is Wording.BOTH:
            return Register.PLAIN, Register.TECHNICAL
        return (Register.PLAIN,) if self is Wording.PLAIN else (Register.TECHNICAL,)


@dataclass(frozen=True, slots=True)
class Choice:
    """What one chose; everything, when nothing was chosen."""

    wording: Wording = Wording.BOTH
    annexes: bool = True

    @property
    def plain(self) -> bool:
        """Whether it is the version for everybody."""
        return self.wording is Wording.PLAIN

    @property
    def simply(self) -> bool:
        """Whether plain words are in it."""
        return self.wording is not Wording.TECHNICAL
