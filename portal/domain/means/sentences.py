"""What is said of the money, in plain sentences: how much, for how long, from whom, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.means import rules
from portal.domain.means.models import Lasting, Payer
from portal.domain.means.queries import LineView, Purse
from portal.domain.means.rules import Amounts, Gap, Sum
from portal.domain.objectives.models import Financing
from portal.domain.objectives.told import ActionView
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, joined, number_words, plural, say

OWN = say("les moyens propres de l’organisme")


def euros(amount: int) -> Sentence:
    """An amount as one reads it: « 12 000 € »."""
    return say("%(amount)s €", amount=number_words(amount))


def name_of(purse: Purse) -> str:
    """Whose money it is, by name."""
    return OWN if purse.payer is Payer.OWN else purse.name


def planned(by: Mapping[Lasting, Sum], years: int) -> Sentence:
    """How much is planned for an objective over so many years, and how much of it comes back."""
    again, once = (by.get(one, Sum()).planned for one in (Lasting.RECURRENT, Lasting.ONE_OFF))
    if not again + once:
        return say("Aucun argent n’est encore prévu pour cet objectif.")
    over = plural("%(num)s an", "%(num)s ans", years)
    values = {"total": euros(again + once), "years": over}
    if not once:
        return say(
            "Pour cet objectif : %(total)s sur %(years)s. C’est de l’argent durable, qui revient chaque année.",
            **values,
        )
    if not again:
        return say("Pour cet objectif : %(total)s sur %(years)s, donnés une seule fois.", **values)
    return say(
        "Pour cet objectif : %(total)s sur %(years)s, dont %(again)s d’argent durable, qui revient chaque année, et %(once)s donnés une seule fois.",
        again=euros(again),
        once=euros(once),
        **values,
    )


def followed(told: Sum) -> Sentence:
    """What was given against what was planned for the same years, and what was spent of it."""
    if told.given is None:
        first = say("Personne n’a encore écrit ce qui a été donné.")
    elif not told.gap:
        first = say("Ce qui était prévu a été donné : %(given)s.", given=euros(told.given))
    else:
        less = (told.gap or 0) < 0
        model = (
            say(
                "%(due)s étaient prévus, %(given)s ont été donnés : il manque %(gap)s.",
                due=euros(told.due),
                given=euros(told.given),
                gap=euros(abs(told.gap or 0)),
            )
            if less
            else say(
                "%(due)s étaient prévus, %(given)s ont été donnés : %(gap)s de plus.",
                due=euros(told.due),
                given=euros(told.given),
                gap=euros(told.gap or 0),
            )
        )
        first = model
    if told.spent is None:
        return first
    return joined([first, say("Dépensés jusqu’ici : %(spent)s.", spent=euros(told.spent))])


def gap(told: Sum) -> Sentence:
    """What was given beside what was planned, in a few words; a dash as long as nobody told."""
    if told.gap is None:
        return joined(["–"])
    if not told.gap:
        return say("comme prévu")
    if told.gap < 0:
        return say("il manque %(gap)s", gap=euros(-told.gap))
    return moved(told.gap)


def moved(amount: int) -> Sentence:
    """What decisions bring to an establishment, or take from it."""
    if not amount:
        return joined(["–"])
    if amount < 0:
        return say("%(amount)s de moins", amount=euros(-amount))
    return say("%(amount)s de plus", amount=euros(amount))


def beyond(
    purse: Purse, year: int, left: int, whole: int, shared: int, *, corrects: bool = False
) -> Sentence:
    """What an establishment has of this money in a year, after decisions, when more would leave it.

    `left` is of this payer, `whole` of all of them; `shared` is written for all establishments together, and stands apart.
    """
    values = {"year": str(year), "who": name_of(purse)}
    if left > 0:
        first = say(
            "En %(year)s, cet établissement a moins que cette somme. Argent écrit pour lui, après les décisions déjà prises (%(who)s) : "
            "%(amount)s.",
            amount=euros(left),
            **values,
        )
    else:
        first = say(
            "En %(year)s, après les décisions déjà prises, le contrat n’écrit aucun argent pour cet établissement (%(who)s).",
            **values,
        )
    parts = [first]
    if corrects:
        parts.append(say("La décision que vous corrigez n’y est pas comptée."))
    if whole > 0 and whole != left:
        parts.append(say("De tous les financeurs, il a %(amount)s.", amount=euros(whole)))
    if shared > 0:
        parts.append(
            say(
                "À part, %(amount)s de ce financeur sont écrits pour tous les établissements ensemble, sans partage entre eux.",
                amount=euros(shared),
            )
        )
    parts.append(say("Vérifiez la somme. Si elle est juste, cochez cette case."))
    return joined(parts)


def overspent(amounts: Mapping[int, Amounts]) -> Sentence:
    """The years in which more was spent than what was given, and what to do about it."""
    parts: list[Sentence] = []
    for year, one in amounts.items():
        values = {"year": str(year), "spent": euros(one.spent or 0)}
        if one.given is not None:
            given = euros(one.given)
            parts.append(
                say("En %(year)s : %(spent)s dépensés pour %(given)s donnés.", given=given, **values)
            )
        else:
            due = euros(one.planned or 0)
            parts.append(say("En %(year)s : %(spent)s dépensés pour %(due)s prévus.", due=due, **values))
    return joined([*parts, say("Est-ce bien la somme ? Si oui, cochez cette case.")])


def of_line(line: LineView) -> Sentence:
    """How much a line plans, and when."""
    return of_amounts(line.amounts)


def of_amounts(amounts: Mapping[int, Amounts]) -> Sentence:
    """How much these years plan, in one sentence."""
    told = {year: one.planned for year, one in amounts.items() if one.planned}
    if not told:
        return say("Aucun argent n’est encore prévu.")
    first, last = min(told), max(told)
    if first == last:
        return say("%(amount)s en %(year)s.", amount=euros(told[first] or 0), year=str(first))
    values = {"first": str(first), "last": str(last)}
    every = [told.get(year) for year in range(first, last + 1)]
    if rules.is_steady(every):
        return say(
            "%(amount)s chaque année, de %(first)s à %(last)s.", amount=euros(told[first] or 0), **values
        )
    total = sum(one or 0 for one in every)
    return say("%(amount)s en tout, de %(first)s à %(last)s.", amount=euros(total), **values)


def lacking(line: LineView, last_year: int) -> Sentence | None:
    """Why the money of a line does not hold; None when it does."""
    gap = line.gap(last_year)
    if gap is None:
        return None
    if gap is Gap.NOTHING:
        return say("Aucun argent n’est prévu pour cela.")
    if gap is Gap.ONE_OFF:
        return say(
            "Il faut payer chaque année, mais cet argent n’est donné qu’une fois : après %(year)s, rien n’est promis.",
            year=str(line.until_year),
        )
    return say(
        "Il faut payer chaque année, mais l’argent s’arrête en %(year)s. Le contrat va jusqu’en %(last)s.",
        year=str(line.until_year),
        last=str(last_year),
    )


def unfunded(action: ActionView) -> Sentence:
    """What is missing for an action whose money runs short."""
    if action.financing is Financing.UNFUNDED or action.funded_until is None or action.ends_on is None:
        return say("L’argent de cette action n’est pas trouvé.")
    return say(
        "Son argent s’arrête le %(until)s. Elle doit durer jusqu’au %(end)s.",
        until=day_label(action.funded_until),
        end=day_label(action.ends_on),
    )
