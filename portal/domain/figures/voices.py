"""The balance of voices in words: one sentence a group, made by rules from folded numbers alone; pure."""

from __future__ import annotations

from collections.abc import Iterator

from portal.domain.figures.balance import Balance, Voice
from portal.kernel.speech import Sentence, listed, number_words, plural, say
from portal.vocabulary import Group

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
    if balance.answered:
        yield plural(
            "La direction a déjà répondu à une contribution.",
            "La direction a déjà répondu à %(num)s contributions.",
            balance.answered,
        )
    else:
        yield say("La direction n’a encore répondu à aucune contribution.")
    yield from _changed(balance)


def _voice(voice: Voice, balance: Balance) -> Sentence | None:
    """« Les familles : au moins 20 personnes, et au moins 5 contributions sur 61. »

    The numbers of the table, and the true whole: a share of what is told alone would be false.
    """
    if not voice.members or not voice.said:
        return None
    return say(
        "%(group)s : %(people)s, et %(words)s.",
        group=THE[voice.group],
        people=_people(voice.group, voice.members),
        words=_words(voice.group, voice.said, number_words(balance.said)),
    )


def _people(group: Group, number: int) -> Sentence:
    if group.institutional:
        return plural("%(num)s personne", "%(num)s personnes", number)
    return plural("au moins %(num)s personne", "au moins %(num)s personnes", number)


def _words(group: Group, number: int, whole: Sentence) -> Sentence:
    if group.institutional:
        return plural(
            "%(num)s contribution sur %(whole)s", "%(num)s contributions sur %(whole)s", number, whole=whole
        )
    return plural(
        "au moins %(num)s contribution sur %(whole)s",
        "au moins %(num)s contributions sur %(whole)s",
        number,
        whole=whole,
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
        yield _changing(voice.group, voice.changed)


def _changing(group: Group, number: int) -> Sentence:
    if group.institutional:
        return plural(
            "%(group)s : %(num)s contribution a changé un texte du contrat.",
            "%(group)s : %(num)s contributions ont changé un texte du contrat.",
            number,
            group=THE[group],
        )
    return plural(
        "%(group)s : au moins %(num)s contribution a changé un texte du contrat.",
        "%(group)s : au moins %(num)s contributions ont changé un texte du contrat.",
        number,
        group=THE[group],
    )
