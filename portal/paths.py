"""The addresses of the product, in one place: pages, cards and frames name the same."""

from __future__ import annotations


def contract(contract_id: str) -> str:
    """A contract."""
    return f"/contrats/{contract_id}"


def space(space_id: str) -> str:
    """An exchange space."""
    return f"/espaces/{space_id}"


def item(space_id: str, item_id: str) -> str:
    """An item inside a space, with its thread."""
    return f"/espaces/{space_id}/sujets/{item_id}"


def contribution(contribution_id: str, act: str = "") -> str:
    """A contribution in its thread, or one act on it."""
    return f"/contributions/{contribution_id}/{act}" if act else f"/contributions/{contribution_id}"


def synthesis(space_id: str) -> str:
    """The synthesis of a space."""
    return f"/espaces/{space_id}/synthese"


def syntheses(contract_id: str) -> str:
    """The published syntheses of a contract."""
    return f"/contrats/{contract_id}/syntheses"


def answers(space_id: str) -> str:
    """What waits for an answer in a space."""
    return f"/espaces/{space_id}/reponses"


def survey(space_id: str, survey_id: str = "", act: str = "") -> str:
    """The short surveys of a space, one of them, or one act on it."""
    parts = ("/espaces", space_id, "questionnaires", survey_id, act)
    return "/".join(part for part in parts if part)
