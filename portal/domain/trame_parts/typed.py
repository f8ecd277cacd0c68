"""What is typed of a part of a trame, checked as a whole: all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.domain.texts.service import cleaned
from portal.kernel.errors import InvalidError
from portal.kernel.lines import check_line, check_reason
from portal.vocabulary import Register

MAX_LEEWAY, MAX_REASON = 600, 300


@dataclass(frozen=True, slots=True)
class Opened:
    """A block put into discussion: first words, what it is for in plain words, what is decided and what is open."""

    technical: str
    plain: str
    open: str
    decided: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """Both texts of a part, the versions that were on the screen, and why they change."""

    technical: str
    plain: str
    technical_version: int
    plain_version: int
    reason: str = ""


def check_opened(typed: Opened) -> Opened:
    """The same as it is kept. Errors: InvalidError, all fields at once."""
    faults: dict[str, list[str]] = {}
    checked = Opened(
        technical=_of(faults, lambda: cleaned(typed.technical, "technical")),
        plain=_of(faults, lambda: cleaned(typed.plain, "plain")),
        open=_of(faults, lambda: check_line(typed.open, "open", MAX_LEEWAY)),
        decided=_of(faults, lambda: check_line(typed.decided, "decided", MAX_LEEWAY, optional=True)),
    )
    if faults:
        raise InvalidError(faults)
    return checked


def check_written(typed: Written) -> tuple[dict[Register, str], str]:
    """The words of both texts and the reason, as they are kept. Errors: InvalidError, all fields at once."""
    faults: dict[str, list[str]] = {}
    words = {
        # Plain words that come with technical ones are for these: the technical ones are written first.
        Register.TECHNICAL: _of(faults, lambda: cleaned(typed.technical, "technical")),
        Register.PLAIN: _of(faults, lambda: cleaned(typed.plain, "plain")),
    }
    why = _of(faults, lambda: check_reason(typed.reason, "reason", MAX_REASON))
    if faults:
        raise InvalidError(faults)
    return words, why


def _of(faults: dict[str, list[str]], read: Callable[[], str]) -> str:
    try:
        return read()
    except InvalidError as error:
        faults.update(error.errors)
        return ""
