"""The balance of voices in words: one sentence a group, made by rules from folded numbers alone; pure."""

from __future__ import annotations

from collections.abc import Iterator

from portal.domain.figures.balance import Balance, Voice
from portal.kernel.speech import Sentence, listed, number_words, plural, say
from portal.vocabulary import Group

# Shares are said by small fractions: what they are made of goes by steps.
FRACTIONS = (
    (1, 50),
    (1, 20),
    (1, 10),
    (1, 5),
    (1, 4),
    (1, 3),
    (2, 5),
    (1, 2),
    (3, 5),
    (2, 3),
    (3, 4),
    (9, 10),
)
THE = {
    Group.RESIDENTS: say("Les résidents et personnes accompagnées"),
    Group.FAMILIES: say("Les familles et proches"),
    Group.PROFESSIONALS: say("Les professionnels"),
    Group.STAFF_REPS: say("Les représentants du personnel"),
    Group.BOARD: say("Les membres du conseil d’administration"),
    Group.MANAGEMENT: say("Les personnes de la direction"),
    Group.AUTHORITIES: say("Les agents des autorités"),
}
AND = say("et")


def fraction(part: int, whole: int) -> tuple[int, int] | None:
    """The nearest small fraction; None when there is nothing to divide."""
    if not part or not whole:
        return None
    return min(FRACTIONS, key=lambda one: abs(one[0] / one[1] - part / whole))


def sentences(balance: Balance) -> tuple[Sentence, ...]:
    """What the balance says, the whole first."""
    return tuple(_told(balance))


def _told(balance: Balance) -> Iterator[Sentence]:
    if not balance.said:
        yield say("Aucune contribution n’est encore publiée.")
        return
    yield plural("Une contribution est publiée.", "%(num)s contributions sont publiées.", balance.said)
    quiet = []
    for voice in balance.voices:
        sentence = _voice(voice, balance)
        if sentence is not None:
            yield sentence
        elif not voice.group.institutional:
            quiet.append(voice.group.label)
    if quiet:
        yield say(
            "Peu ou pas de voix, ou un nombre qui ferait deviner celui d’un autre groupe : %(groups)s.",
            groups=listed(quiet, AND),
        )
    yield plural(
        "La direction a déjà répondu à une contribution.",
        "La direction a déjà répondu à %(num)s contributions.",
        balance.answered,
    )
    yield from _changed(balance)


def _voice(voice: Voice, balance: Balance) -> Sentence | None:
    """« Les familles sont environ une personne sur quatre et environ une contribution sur dix. »"""
    people = fraction(voice.members or 0, balance.members)
    words = fraction(voice.said or 0, balance.told)
    if people is None or words is None:
        return None
    return say(
        "%(group)s sont %(people)s et %(words)s.",
        group=THE[voice.group],
        people=plural(
            "environ %(num)s personne sur %(whole)s",
            "environ %(num)s personnes sur %(whole)s",
            people[0],
            whole=number_words(people[1]),
        ),
        words=plural(
            "environ %(num)s contribution sur %(whole)s",
            "environ %(num)s contributions sur %(whole)s",
            words[0],
            whole=number_words(words[1]),
        ),
    )


def _changed(balance: Balance) -> Iterator[Sentence]:
    if balance.changed:
        number = number_words(balance.changed)
        yield say("Au moins %(number)s contributions ont changé un texte du contrat.", number=number)
    else:
        yield say("Moins de 5 personnes ont, pour le moment, vu leurs mots changer un texte du contrat.")
    for voice in balance.voices:
        if not voice.changed:
            continue
        number = number_words(voice.changed)
        if voice.group.institutional:
            yield say("De ce groupe (%(group)s) : %(number)s.", group=voice.group.label, number=number)
        else:
            yield say(
                "De ce groupe (%(group)s) : au moins %(number)s.", group=voice.group.label, number=number
            )
