"""A refusal explains: a code, a sentence, who can change it. Outside the contract, nothing exists."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import cast

import pytest

from portal.kernel.errors import NotFoundError, RefusedError
from portal.policy import permits
from portal.policy.matrix import MATRIX
from portal.policy.permissions import Permission as Can
from portal.policy.targets import ContractTarget, ContributionTarget, SpaceTarget, Target
from portal.vocabulary import ContributionKind, ContributionStatus, Group, Level, Phase

from .personas import ALL_CASES, ANONYMOUS, FOREIGN, HERE, PERSONAS, Case

CODES = {
    "pas-acces",
    "niveau",
    "phase",
    "role",
    "auteur",
    "deja-repondu",
    "etat",
    "inconnu",
    "recours",
    "synthese",
}
NBSP = "\u00a0"
ODD_TYPOGRAPHY = re.compile(rf"['\"\u202f]|\.\.\.|[^{NBSP}][:;!?»]|«[^{NBSP}]|  ")


def space(phase: Phase = Phase.OPEN, families: Level | None = None) -> SpaceTarget:
    return SpaceTarget(HERE, "space", phase, {Group.FAMILIES: families} if families else {})


def word(
    status: ContributionStatus = ContributionStatus.PUBLISHED,
    *,
    author: str = "participant-other",
    answered: bool = False,
    phase: Phase = Phase.OPEN,
) -> ContributionTarget:
    levels = dict.fromkeys(Group, Level.COCONSTRUCTION)
    inside = SpaceTarget(HERE, "space", phase, levels)
    age = timedelta(hours=1)
    return ContributionTarget(inside, "word", author, ContributionKind.COMMENT, status, answered, age)


MINE = "participant-self"
S = ContributionStatus
INFORMED = space(families=Level.INFORMATION)

EXPLAINED: list[tuple[str, Can, Target, str, str]] = [
    (
        "autorité-sans-mots",
        Can.SPACE_READ,
        SpaceTarget(HERE, "space", Phase.OPEN, {Group.AUTHORITIES: Level.INFORMATION}, words_told=False),
        "synthese",
        (
            "Dans cet espace, les autorités lisent la synthèse, et pas les mots de chaque personne. "
            "C’est ce qui a été dit à tout le monde."
        ),
    ),
    (
        "famille",
        Can.COMMENT,
        INFORMED,
        "niveau",
        (
            "Votre groupe (familles et proches) est informé sur cet espace. "
            "Pour donner un avis, il faudrait qu’il soit consulté."
        ),
    ),
    (
        "famille",
        Can.PROPOSE,
        space(families=Level.CONSULTATION),
        "niveau",
        (
            "Votre groupe (familles et proches) est consulté sur cet espace. "
            "Pour proposer d’autres mots ou un nouvel objectif, il faudrait qu’il soit en concertation."
        ),
    ),
    (
        "directeur",
        Can.ASK,
        INFORMED,
        "niveau",
        (
            "Votre groupe (direction) n’a pas de niveau d’implication sur cet espace. "
            "Pour poser une question, il faudrait qu’il soit informé."
        ),
    ),
    (
        "résident",
        Can.COMMENT,
        INFORMED,
        "pas-acces",
        (
            f"Votre groupe (résidents et personnes accompagnées) n’a pas accès à cet espace{NBSP}: "
            "aucun niveau d’implication n’est enregistré pour lui."
        ),
    ),
    (
        "famille",
        Can.SPACE_READ,
        space(Phase.DRAFT, families=Level.INFORMATION),
        "phase",
        "Cet espace est en préparation. Vous pourrez le lire quand il sera annoncé.",
    ),
    (
        "famille",
        Can.ASK,
        space(Phase.ANNOUNCED, families=Level.INFORMATION),
        "phase",
        "Cet espace n’est pas encore ouvert. Pour poser une question, il faudrait que l’espace soit ouvert.",
    ),
    (
        "famille",
        Can.ASK,
        space(Phase.PAUSED, families=Level.INFORMATION),
        "phase",
        "Cet espace est en pause. Pour poser une question, il faudrait que l’espace soit ouvert.",
    ),
    (
        "famille",
        Can.ASK,
        space(Phase.ANSWERING, families=Level.INFORMATION),
        "phase",
        (
            "Les contributions sont terminées sur cet espace. "
            "Pour poser une question, il faudrait que l’espace soit ouvert."
        ),
    ),
    (
        "famille",
        Can.ASK,
        space(Phase.CLOSED, families=Level.INFORMATION),
        "phase",
        "Cet espace est clos. Il reste lisible, et plus rien n’y change.",
    ),
    (
        "directeur",
        Can.SPACE_OPEN,
        INFORMED,
        "phase",
        (
            "Cet espace est ouvert. "
            "Pour ouvrir l’espace d’échange, il faudrait que l’espace soit en préparation ou annoncé."
        ),
    ),
    (
        "directeur",
        Can.LEVEL_RECORD,
        space(Phase.CLOSED),
        "phase",
        "Cet espace est clos. Il reste lisible, et plus rien n’y change.",
    ),
    (
        "suppléant",
        Can.SPACE_CLOSE,
        space(Phase.ANSWERING),
        "role",
        "Clore l’espace d’échange revient à la direction du contrat.",
    ),
    (
        "famille",
        Can.MODERATE,
        INFORMED,
        "role",
        (
            "Modérer l’espace d’échange revient à la direction du contrat, "
            "à la suppléance de la direction ou à la modération."
        ),
    ),
    (
        "autorité",
        Can.TEXT_EDIT,
        ContractTarget(HERE),
        "role",
        "Corriger les textes du contrat revient à la direction du contrat ou à la suppléance de la direction.",
    ),
    (
        "famille",
        Can.CORRECT,
        word(),
        "auteur",
        "Seule la personne qui a écrit cette contribution peut la corriger.",
    ),
    (
        "famille",
        Can.REACT,
        word(author=MINE),
        "auteur",
        "Vous avez écrit cette contribution. Ce sont les autres qui y réagissent.",
    ),
    (
        "famille",
        Can.CONTRIBUTION_READ_SEALED,
        word(S.REFUSED),
        "auteur",
        "Ces mots ne sont pas publiés. Seules la personne qui les a écrits et la modération peuvent les lire.",
    ),
    (
        "directeur",
        Can.CONTRIBUTION_READ_SEALED,
        word(S.WITHDRAWN),
        "etat",
        "Cette contribution a été retirée par la personne qui l’a écrite.",
    ),
    ("famille", Can.CONTRIBUTION_READ, word(S.PENDING), "etat", "Cette contribution attend sa relecture."),
    ("famille", Can.REPLY, word(S.HIDDEN), "etat", "Cette contribution a été masquée."),
    ("famille", Can.WITHDRAW, word(S.REFUSED, author=MINE), "etat", "Cette contribution a été refusée."),
    (
        "famille",
        Can.CORRECT,
        word(author=MINE, answered=True),
        "deja-repondu",
        "Cette contribution a déjà reçu une réponse. Elle garde les mots auxquels on a répondu.",
    ),
    (
        "suppléant",
        Can.ANSWER,
        word(answered=True),
        "deja-repondu",
        "Cette contribution a déjà reçu une réponse.",
    ),
    ("famille", Can.ASK, ContractTarget(HERE), "inconnu", "Cette demande n’est pas prévue ici."),
]


@pytest.mark.parametrize(
    ("persona", "permission", "target", "code", "sentence"),
    EXPLAINED,
    ids=[f"{row[0]}-{row[1]}-{row[3]}-{number}" for number, row in enumerate(EXPLAINED)],
)
def test_the_refusal_says_why(
    persona: str, permission: Can, target: Target, code: str, sentence: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        permits.require(PERSONAS[persona], permission, target)
    assert (refused.value.code, refused.value.sentence) == (code, sentence)


def test_the_refusal_by_level_says_who_can_change_it() -> None:
    refused = permits.explain(PERSONAS["famille"], Can.COMMENT, INFORMED)
    assert refused is not None
    assert refused.who == "La direction du contrat peut changer ce niveau."


def cases_for(permission: Can) -> list[Case]:
    """Every case about a contract or a space, one in seven about a contribution."""
    by_kind = (*ALL_CASES["contrat"], *ALL_CASES["espace"], *islice(ALL_CASES["contribution"], 0, None, 7))
    return [case for case in by_kind if permission.suits(case.target)]


@pytest.mark.parametrize("permission", list(Can), ids=str)
def test_every_refusal_is_whole_and_typeset(permission: Can) -> None:
    told: set[tuple[str, str, str]] = set()
    for case in cases_for(permission):
        actor = PERSONAS[case.persona]
        if case.persona in (ANONYMOUS, FOREIGN):
            continue
        refusal = permits.explain(actor, permission, case.target)
        assert (refusal is None) is permits.allows(actor, permission, case.target)
        if refusal is not None:
            told.add((refusal.code, refusal.sentence, refusal.who))
    for code, sentence, who in told:
        assert code in CODES - {"inconnu"}, (code, sentence)
        for words in (sentence, who):
            assert words.endswith("."), words
            assert not ODD_TYPOGRAPHY.search(words), words


@pytest.mark.parametrize("permission", list(Can), ids=str)
def test_outside_the_contract_nothing_exists(permission: Can) -> None:
    for case in cases_for(permission):
        if case.persona not in (ANONYMOUS, FOREIGN):
            continue
        actor = PERSONAS[case.persona]
        assert not permits.allows(actor, permission, case.target)
        with pytest.raises(NotFoundError):
            permits.require(actor, permission, case.target)
        with pytest.raises(NotFoundError):
            permits.explain(actor, permission, case.target)


def test_outside_the_contract_nothing_can_be_done() -> None:
    for case in (*ALL_CASES["contrat"], *ALL_CASES["espace"], *ALL_CASES["contribution"]):
        if case.persona in (ANONYMOUS, FOREIGN):
            assert permits.what_can(PERSONAS[case.persona], case.target) == frozenset()


@pytest.mark.parametrize("unknown", ["ask", "everything", None, 3])
def test_an_unknown_permission_is_refused(unknown: object) -> None:
    actor, asked = PERSONAS["directeur"], cast("Can", unknown)
    assert not permits.allows(actor, asked, INFORMED)
    with pytest.raises(RefusedError, match="pas prévue"):
        permits.require(actor, asked, INFORMED)


@pytest.mark.parametrize("unknown", [None, object(), HERE])
def test_an_unknown_object_does_not_exist(unknown: object) -> None:
    actor, target = PERSONAS["directeur"], cast("Target", unknown)
    for permission in Can:
        assert not permits.allows(actor, permission, target)
        with pytest.raises(NotFoundError):
            permits.require(actor, permission, target)


def test_a_permission_without_clause_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MATRIX, Can.ASK)
    assert not permits.allows(PERSONAS["famille"], Can.ASK, INFORMED)
    with pytest.raises(RefusedError):
        permits.require(PERSONAS["famille"], Can.ASK, INFORMED)


def test_what_can_lists_exactly_what_is_allowed() -> None:
    space_case = space(families=Level.CONSULTATION)
    assert permits.what_can(PERSONAS["famille"], space_case) == {
        Can.SPACE_READ,
        Can.DOCUMENT_READ,
        Can.ASK,
        Can.COMMENT,
        Can.REACT_IN,
        Can.SURVEY_ANSWER,
    }
    own = replace(word(author=MINE), space=space_case)
    assert permits.what_can(PERSONAS["famille"], own) == {
        Can.CONTRIBUTION_READ,
        Can.CONTRIBUTION_READ_SEALED,
        Can.CORRECT,
        Can.WITHDRAW,
        Can.ERASE,
        Can.DANGER_RAISE,
    }
