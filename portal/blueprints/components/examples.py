"""Fixed examples for the page of components: invented words, no database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from portal.domain.contributions.views import SIGNS, AnswerView, CardView, StoneView
from portal.kernel.dates import day_label
from portal.kernel.speech import joined, say
from portal.vocabulary import (
    College,
    ContributionKind,
    ContributionStatus,
    Fate,
    Group,
    ModerationRule,
    ReactionValue,
)

HOUSE = "Les Tilleuls"
DAY = date(2026, 10, 28)
LONG_WORD = "Anticonstitutionnellement" * 4
LONG_TEXT = (
    "<p>Le soir, la maison devient silencieuse très tôt. On dîne à dix-huit heures, puis chacun rentre chez soi, "
    "et la nuit dure jusqu’au petit déjeuner. Je ne dis pas cela contre l’équipe, qui fait ce qu’elle peut.</p>"
    "<p>Mais quand on a quatre-vingt-six ans et que l’on se réveille à quatre heures, treize heures sans manger, "
    "c’est long. Ma voisine garde du pain dans son tiroir. Moi, je n’ose pas sonner pour si peu.</p>"
    f"<p>{LONG_WORD}</p>"
    "<ul><li>une soupe à vingt et une heures ;</li><li>un yaourt, pour qui le veut ;</li>"
    "<li>ou simplement quelqu’un qui passe, et qui demande.</li></ul>"
)
WORDS = {
    College.PERSONS: "<p>Je dîne à 18 h et à 5 h du matin mon ventre gargouille. Une soupe, ce serait bien.</p>",
    College.PROFESSIONALS: "<p>Décaler le dîner demande de revoir deux fins de poste. C’est possible.</p>",
    College.GOVERNANCE: "<p>Le conseil est prêt à en parler avant le budget.</p>",
    College.AUTHORITIES: "<p>Le plan régional finance ce type d’essai jusqu’en 2028.</p>",
}
GROUPS = {
    College.PERSONS: Group.RESIDENTS,
    College.PROFESSIONALS: Group.STAFF_REPS,
    College.GOVERNANCE: Group.BOARD,
    College.AUTHORITIES: Group.AUTHORITIES,
}


@dataclass(frozen=True, slots=True)
class Margin:
    """A leeway."""

    decided: str = ""
    open: str = ""
    out_of_reach: str = ""
    decided_by: str = ""
    open_by: str = ""
    out_of_reach_by: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What carries a leeway."""

    leeway: Margin


@dataclass(frozen=True, slots=True)
class Share:
    """One bar of a chart; no number where fewer than five people would be told apart."""

    college: College
    number: int | None
    whole: int


def identifier(name: str) -> str:
    """An id of the right shape that names nothing."""
    return name.ljust(26, "a")[:26]


def reactions(*counts: int | None) -> tuple[tuple[str, str, str, int | None], ...]:
    """The three reactions with their counts."""
    return tuple(
        (value.value, value.label, SIGNS[value], count)
        for value, count in zip(ReactionValue, counts, strict=True)
    )


class ExampleCard(CardView):
    """A card whose links lead nowhere else than to this page."""

    __slots__ = ()

    @property
    def links(self) -> dict[str, str]:
        """The same acts, each leading to the examples of cards."""
        return dict.fromkeys(CardView.links.fget(self), "#contributions")  # type: ignore[attr-defined]  # a property


def card(name: str, college: College = College.PERSONS, **changes: object) -> CardView:
    """A published comment of a college, with what the example changes."""
    plain = ExampleCard(
        id=identifier(name),
        item_id=identifier("sujet"),
        root_id=None,
        kind=ContributionKind.COMMENT.value,
        kind_label=ContributionKind.COMMENT.label,
        college=college.value,
        who=joined([GROUPS[college].one, HOUSE], " · ")
        if college is College.PERSONS
        else GROUPS[college].one,
        day=DAY,
        status=ContributionStatus.PUBLISHED.value,
        html=WORDS[college],
        reactions=reactions(None, None, None),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the examples of this page name its own fields


def answer(fate: Fate | None, words: str, **changes: object) -> AnswerView:
    """What the organiser answered."""
    plain = AnswerView(
        fate=fate.value if fate else None,
        fate_label=fate.label if fate else None,
        html=f"<p>{words}</p>",
        day_label=day_label(date(2026, 11, 3)),
        by_label=say("la direction"),
        answered_version=1,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # same


ITEM = Item(
    Margin(
        "Le budget des repas de 2027.",
        "L’heure du dîner, la collation du soir, le choix des menus.",
        "Le nombre de postes de cuisine financés.",
        "le conseil d’administration",
        "la direction, avec vous",
        "le conseil départemental",
    )
)
ITEM_PARTLY = Item(Margin("", "Tout le calendrier des sorties. " * 6, "", "", "la direction"))

ONE_OF_EACH = tuple(
    card(
        college.value,
        college,
        reactions=reactions(15, 5, 5) if college is College.PERSONS else reactions(None, None, None),
    )
    for college in College
)
KINDS = (
    card(
        "question",
        kind="question",
        kind_label=ContributionKind.QUESTION.label,
        quote="treize heures sans manger",
    ),
    card(
        "proposition",
        College.PROFESSIONALS,
        kind="proposal",
        kind_label=ContributionKind.PROPOSAL.label,
        html="<p>Essayer le dîner à 18 h 45 dans une unité volontaire, pendant trois mois.</p>",
        reason_html="<p>Un essai rassure tout le monde.</p>",
        corrected=True,
        version=2,
    ),
    card("long", html=LONG_TEXT, who=joined([Group.RESIDENTS.one, "Résidence " + LONG_WORD[:50]], " · ")),
)
FATES = (
    card("retenue", answer=answer(Fate.KEPT, "Une collation passera chaque soir, dès janvier.")),
    card("partie", answer=answer(Fate.PARTLY, "La collation, oui. L’heure du dîner dépend des équipes.")),
    card("nonretenue", answer=answer(Fate.NOT_KEPT, "Une cuisine à chaque étage coûterait trop cher.")),
    card("hors", answer=answer(Fate.OUT_OF_CONTRACT, "Les tarifs du bus ne se décident pas ici.")),
    card("transmise", answer=answer(Fate.PASSED_ON, "Nous avons écrit au conseil départemental.")),
    card("reponse", corrected=True, version=2, answer=answer(None, "Oui : chaque soir, sucré ou salé.")),
)
STONES = (
    card("attente", status="pending", reactions=()),
    card("correction", waiting=True, corrected=True, version=2),
    card("retiree", status="withdrawn", html="", reactions=(), stone=StoneView(day_label(date(2026, 11, 5)))),
    card(
        "masquee",
        College.AUTHORITIES,
        status="hidden",
        html="",
        reactions=(),
        stone=StoneView(
            day_label(date(2026, 11, 5)), ModerationRule.NAMES_SOMEONE.label, say("la direction")
        ),
    ),
    card(
        "refusee",
        status="refused",
        reactions=(),
        stone=StoneView(
            day_label(date(2026, 11, 5)),
            ModerationRule.HEALTH.label,
            say("la direction"),
            "Écrivez la même chose sans nommer votre voisine.",
        ),
    ),
)
THREAD = card("fil", College.PROFESSIONALS).with_replies(
    tuple(
        card(f"replique{number}", college)
        for number, college in zip("bcdef", (*College, College.PERSONS), strict=True)
    )
)
SHARES = (
    Share(College.PERSONS, 31, 84),
    Share(College.PROFESSIONALS, 22, 60),
    Share(College.GOVERNANCE, 6, 9),
    Share(College.AUTHORITIES, None, 4),
)
# The name of each colour in the style sheets, and what people call it.
COLOURS = {
    "paper": say("papier"),
    "card": say("carte"),
    "ink": say("encre"),
    "soft": say("encre douce"),
    "line": say("trait"),
    "field": say("contour des champs"),
    "blue": say("bleu"),
    "blue-2": say("fond bleu"),
    "green": say("vert"),
    "green-2": say("fond vert"),
    "amber": say("ambre"),
    "amber-2": say("fond ambre"),
    "red": say("rouge"),
    "red-2": say("fond rouge"),
    "focus": say("repère du clavier"),
    "terracotta": say("terre cuite"),
    "violet": say("violet"),
}
