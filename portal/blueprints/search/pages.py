"""Where each result leads, and how it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal import paths
from portal.domain.glossary import words
from portal.domain.glossary.words import Explained
from portal.domain.search import rules
from portal.domain.search.models import Kind
from portal.domain.search.queries import Hit, Wanted
from portal.domain.search.rules import Part
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, joined, say

# After the address of the contract; `{0}` is the object, `{1}` what it is shown with.
ADDRESSES: Mapping[Kind, str] = {
    Kind.OBJECTIVE: "/objectifs/{0}",
    Kind.FINDING: "/diagnostic/constats/{0}",
    Kind.ACTION: "/objectifs/{1}#action-{0}",
    Kind.INDICATOR: "/indicateurs/{0}",
    Kind.BLOCK: "/trame#bloc-{0}",
    Kind.PART: "/trame/parties/{0}",
    Kind.DOCUMENT: "/documents/{0}",
    Kind.BRANCH: "/objectifs?orientation={0}",
    Kind.COMMITMENT: "/avant/{0}",
}
SINGULAR: Mapping[Kind, Sentence] = {
    Kind.OBJECTIVE: say("Objectif"),
    Kind.FINDING: say("Constat"),
    Kind.ACTION: say("Action"),
    Kind.INDICATOR: say("Indicateur"),
    Kind.BLOCK: say("Texte de la trame"),
    Kind.PART: say("Partie de trame"),
    Kind.DOCUMENT: say("Document"),
    Kind.BRANCH: say("Orientation ou objectif stratégique"),
    Kind.COMMITMENT: say("Engagement du contrat d’avant"),
    Kind.CONTRIBUTION: say("Contribution"),
    Kind.ANSWER: say("Réponse"),
}


MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Result:
    """A result as a page shows it. `name` is said where it has no title of its own: who speaks."""

    url: str
    kind: str
    name: str
    title: tuple[Part, ...]
    words: tuple[Part, ...]
    day: str
    contract: str


def meant(wanted: Wanted) -> tuple[Explained, ...]:
    """The explained words that hold all that is looked for: those that are it come before those that speak of it."""
    if wanted.asked.empty or wanted.kinds - {Kind.WORD} or wanted.place_id or wanted.since or wanted.until:
        return ()
    found = [(one, rules.holds(wanted.asked, one.word, one.plain, *one.forms)) for one in words.every()]
    kept = [(one, rules.holds(wanted.asked, one.word, *one.forms)) for one, holds in found if holds]
    return tuple(one for one, _itself in sorted(kept, key=lambda pair: not pair[1])[:MOST_WORDS])


def result(hit: Hit, *, told: bool) -> Result:
    """One result; `told` when its contract is to be named."""
    source = hit.source
    return Result(
        _url(hit),
        SINGULAR[source.kind],
        _name(hit),
        hit.title,
        hit.words,
        # Of words that people wrote, the day that their card tells.
        hit.card.when_label if hit.card and source.kind is Kind.CONTRIBUTION else day_label(source.at),
        hit.contract_title if told else "",
    )


def _url(hit: Hit) -> str:
    source = hit.source
    if source.about_id:
        return paths.contribution(source.about_id)
    return paths.contract(source.contract_id) + ADDRESSES[source.kind].format(
        source.object_id, source.owner_id
    )


def _name(hit: Hit) -> str:
    card = hit.card
    if card is None:
        return ""
    if hit.source.kind is Kind.ANSWER and card.answer is not None:
        return say("Réponse : %(who)s", who=card.answer.by_label)
    return joined([card.kind_label, card.who], " · ")
