"""One line of words that a person types, checked wherever one is asked for."""

from __future__ import annotations

from portal.kernel import reasons, text
from portal.kernel.errors import InvalidError
from portal.kernel.speech import say


def check_line(typed: str, field: str, maximum: int, *, optional: bool = False) -> str:
    """One line of plain words, well typed. Errors: InvalidError (`field`)."""
    try:
        return text.typography(text.clean_line(typed, maximum=maximum))
    except text.TextEmpty:
        if optional:
            return ""
        problem = say("Écrivez quelques mots ici.")
    except text.TextTooLong:
        problem = say("C’est trop long. Vous avez %(limit)s signes au plus.", limit=text.number(maximum))
    raise InvalidError({field: [problem]})


def says_otherwise(before: str, after: str) -> bool:
    """Whether a line that was typed anew has other words; its typography alone is no change."""
    return after not in (before, text.typography(before))


def check_reason(typed: str, field: str, maximum: int, *, optional: bool = False) -> str:
    """One line that tells why, to the people concerned; an `optional` one may be short. Errors: InvalidError (`field`)."""
    line = check_line(typed, field, maximum, optional=optional)
    return reasons.offered(line, field) if optional else reasons.check(line, field)
