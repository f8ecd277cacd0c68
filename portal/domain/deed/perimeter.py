"""Who signs the contract, and the houses and services that it engages."""

from __future__ import annotations

from portal.domain.construction.blocks import Block, Heading, Paragraph, Table
from portal.domain.contracts.sites import SiteView
from portal.domain.deed.gathered import Gathered
from portal.domain.deed.words import DASH, number
from portal.kernel.dates import day_label
from portal.kernel.speech import capital, joined, listed, number_words, say

SITES = say("Les établissements et services")


def parties(src: Gathered) -> Block:
    """Who signs, in one sentence."""
    names = [one.name for one in src.life.parties]
    return Paragraph(say("Ce contrat est conclu entre : %(who)s.", who=listed(names, say("et"))))


def short(src: Gathered) -> list[Block]:
    """The parties, and each site with its places."""
    rows = tuple((one.name, number(one.places_before), number(_after(one))) for one in src.perimeter.sites)
    table = Table(SITES, (say("Établissement ou service"), *_PLACES), rows, (3, 1, 1))
    return [parties(src), *_whole(src), table]


def full(src: Gathered) -> list[Block]:
    """The same with every number, and for what each authority answers."""
    known = src.perimeter
    blocks: list[Block] = [parties(src), _manager(src)]
    if known.scope is not None:
        blocks.append(Paragraph(say("Portée du contrat\u00a0: %(scope)s.", scope=known.scope.label)))
    rows = tuple(
        (one.name, one.delegation or DASH, joined([kind.label for kind in one.competences], ", ") or DASH)
        for one in known.parties
    )
    if rows:
        head = (say("Autorité"), say("Délégation"), say("Compétences"))
        blocks += [
            Heading(say("Les autorités")),
            Table(say("Les autorités du contrat, et ce dont chacune répond"), head, rows),
        ]
    blocks += [Heading(SITES), *_whole(src), _sites(src)]
    moved = tuple((one.name, one.change) for one in known.sites if one.change)
    if moved:
        caption = say("Ce que le contrat change dans chaque établissement")
        blocks.append(Table(caption, (say("Établissement ou service"), say("Ce qui change")), moved, (1, 2)))
    left = tuple((one.name, day_label(one.left_on), one.left_reason) for one in known.left if one.left_on)
    if left:
        head = (say("Établissement ou service"), say("À partir du"), say("Raison"))
        blocks.append(Table(say("Ont quitté le périmètre"), head, left))
    return blocks


_PLACES = (say("Places aujourd’hui"), say("Places à la fin du contrat"))


def _manager(src: Gathered) -> Block:
    known = src.perimeter
    if not known.finess_ej:
        return Paragraph(say("Organisme gestionnaire\u00a0: %(name)s.", name=known.organisation))
    return Paragraph(
        say(
            "Organisme gestionnaire\u00a0: %(name)s, FINESS EJ %(number)s.",
            name=known.organisation,
            number=known.finess_ej,
        )
    )


def _whole(src: Gathered) -> list[Block]:
    before, after = src.perimeter.before, src.perimeter.after
    if before is None or after is None:
        return []
    return [
        Paragraph(
            say(
                "En tout\u00a0: %(before)s places aujourd’hui, %(after)s à la fin du contrat.",
                before=number_words(before),
                after=number_words(after),
            )
        )
    ]


def _sites(src: Gathered) -> Table:
    head = (
        say("Établissement ou service"),
        say("FINESS ET"),
        say("Catégorie"),
        say("Département"),
        *_PLACES,
    )
    rows = tuple(
        (
            one.name,
            one.finess_et or DASH,
            capital(one.category) if one.category else DASH,
            one.department or DASH,
            number(one.places_before),
            number(_after(one)),
        )
        for one in src.perimeter.sites
    )
    return Table(say("Les sites du périmètre, leurs numéros et leurs places"), head, rows, (4, 2, 3, 2, 2, 2))


def _after(site: SiteView) -> int | None:
    return site.places_before if site.places_after is None else site.places_after
