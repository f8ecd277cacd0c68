"""What can go wrong in the domain: a code, a sentence, and who can change it."""

from __future__ import annotations


class PortalError(Exception):
    """Base of every error that a person may be told about.

    `code` is stable for machines and tests; `sentence` is French for people.
    """

    code = "erreur"

    def __init__(self, sentence: str = "", **data: object) -> None:
        super().__init__(sentence or self.code)
        self.sentence = sentence
        self.data = data


class NotFoundError(PortalError):
    """Absent, or outside the viewer's contracts: both look the same."""

    code = "introuvable"


class RefusedError(PortalError):
    """Inside the contract but not allowed: says why and who can change it."""

    def __init__(self, code: str, sentence: str, who: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.who = who


class InvalidError(PortalError):
    """A value that cannot be taken; `errors` maps a field to its sentences."""

    code = "saisie"

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(" ".join(s for sentences in errors.values() for s in sentences))
        self.errors = errors


class StaleError(PortalError):
    """Somebody decided first: carries what was seen and what is now."""

    code = "deja-decide"

    def __init__(self, sentence: str, *, seen: object, current: object) -> None:
        super().__init__(sentence)
        self.seen = seen
        self.current = current


class AlreadySentError(PortalError):
    """The same operation id came with another body."""

    code = "deja-envoye"


class SignInRequiredError(PortalError):
    """Nobody is signed in on this page."""

    code = "connexion"


class UnavailableError(PortalError):
    """The database could not keep what was asked; nothing of it was written."""

    code = "indisponible"
