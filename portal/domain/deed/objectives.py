"""The objectives: the whole tree in one table, or each with its fiche action."""

from __future__ import annotations

from itertools import groupby

from portal.domain.construction.blocks import Block, Bullets, Heading, Paragraph, Table
from portal.domain.deed.gathered import OBJECTIVES, Gathered
from portal.domain.deed.words import DASH, MORE, by, days, ended, once, places, told, written
from portal.domain.means import sentences
from portal.domain.objectives.models import Financing
from portal.domain.objectives.queries import BranchView, SheetView
from portal.domain.objectives.told import ActionView
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, capital, joined, say

TO_WRITE = say("Ce n’est pas encore écrit.")
PLACELESS = say("Objectifs sans place dans l’arbre")
SAID = (
    ("health_plan", say("Projet régional de santé")),
    ("scheme", say("Schéma départemental")),
    ("house_plan", say("Projet d’établissement")),
    ("evaluation", say("Évaluation de la qualité")),
    ("watch", say("Points de vigilance")),
    ("obstacles", say("Freins")),
    ("levers", say("Leviers")),
    ("follow_up", say("Comment il est suivi")),
)


def short(src: Gathered) -> list[Block]:
    """Each objective with its place and what changes for people."""
    known = {one.id: one for one in src.branches}
    head = [say("Objectif"), say("Ce qui va changer pour les personnes"), say("Objectif stratégique")]
    rows = [
        [
            say("Objectif %(number)s", number=str(one.item.number)),
            one.expected or TO_WRITE,
            _place(one, known) or DASH,
        ]
        for one in src.sheets
    ]
    shares: tuple[int, ...] = (2, 5, 4)
    if not src.choice.plain:
        shares = (2, 4, 5, 4)
        head.insert(1, say("Titre"))
        for row, one in zip(rows, src.sheets, strict=True):
            row.insert(1, one.item.title)
    cells = tuple(tuple(row) for row in rows)
    return [Table(say("Les objectifs du contrat"), tuple(head), cells, shares)]


def full(src: Gathered) -> list[Block]:
    """A fiche action for each objective, under the line of the tree where it stands."""
    known = {one.id: one for one in src.branches}
    blocks: list[Block] = []
    for branch_id, some in groupby(src.sheets, key=lambda one: one.branch_id):
        branch = known.get(branch_id or "")
        blocks += _branch(branch, known)
        for one in some:
            blocks += _sheet(src, one, known)
    return [*blocks, Paragraph(MORE)] if len(src.sheets) == OBJECTIVES else blocks


def _branch(branch: BranchView | None, known: dict[str, BranchView]) -> list[Block]:
    if branch is None:
        return [Heading(PLACELESS)]
    top = known.get(branch.parent_id or "")
    blocks: list[Block] = [Heading(branch.title)]
    if top is not None:
        blocks.append(
            Paragraph(
                say("Orientation %(sign)s\u00a0: %(title)s", sign=top.sign, title=top.title), quiet=True
            )
        )
    return [*blocks, Paragraph(branch.plain)] if branch.plain else blocks


def _sheet(src: Gathered, one: SheetView, known: dict[str, BranchView]) -> list[Block]:
    item = one.item
    title = one.expected if src.choice.plain and one.expected else item.title
    blocks: list[Block] = [
        Heading(say("Objectif %(number)s\u00a0: %(title)s", number=str(item.number), title=title), 1)
    ]
    caption = say("Fiche action de l’objectif %(number)s", number=str(item.number))
    rows = tuple((label, words) for label, words in _rows(src, one, known) if words)
    blocks.append(Table(caption, (say("Rubrique"), say("Ce qui est écrit")), rows, (1, 2)))
    for register in written(item, src.choice.wording.registers):
        text = item.text(register)
        if text is not None:
            blocks += [Paragraph(capital(register.label), strong=True), *told(text.source)]
    blocks += once(item, src.choice.wording.registers)
    blocks += _actions(src, one)
    return blocks + _indicators(src, one)


def _rows(src: Gathered, one: SheetView, known: dict[str, BranchView]) -> list[tuple[str, str]]:
    item, margin = one.item, one.item.leeway
    rows: list[tuple[str, str]] = [
        (say("Ce qui va changer pour les personnes"), one.expected or TO_WRITE),
        (say("Objectif stratégique"), _place(one, known)),
        (say("Axe"), item.axis),
        (say("Priorité"), one.priority.label),
        (say("Où il en est"), _state(one)),
        (say("Établissements concernés"), places(one.places)),
        (say("Décidé"), by(margin.decided, margin.decided_by)),
        (say("Ouvert à vos idées"), by(margin.open, margin.open_by)),
        (say("Hors de portée"), by(margin.out_of_reach, margin.out_of_reach_by)),
    ]
    if src.choice.plain:
        return rows
    answers = src.answered.get(item.id, ())
    rows.append(
        (
            say("Constats auxquels il répond"),
            ended(say("%(number)s. %(title)s", number=str(number), title=title) for number, title in answers),
        )
    )
    return rows + [(label, one.said.get(name, "")) for name, label in SAID]


def _place(one: SheetView, known: dict[str, BranchView]) -> str:
    branch = known.get(one.branch_id or "")
    return say("%(sign)s %(title)s", sign=branch.sign, title=branch.title) if branch else ""


def _state(one: SheetView) -> Sentence:
    if one.state_at is None:
        return joined([one.state.label])
    return say("%(state)s, dit le %(day)s", state=one.state.label, day=day_label(one.state_at))


def _actions(src: Gathered, one: SheetView) -> list[Block]:
    found = src.actions.get(one.item.id, ())
    if not found:
        return [Paragraph(say("Aucune action n’est encore écrite."))]
    head = [say("Action"), say("Quand"), say("Où elle en est")]
    shares = (4, 3, 2) if src.choice.plain else (4, 3, 3, 3, 2)
    if not src.choice.plain:
        head[2:2] = [say("Par qui, avec qui"), say("Argent")]
    rows = tuple(tuple(_action(src, action)) for action in found)
    caption = say("Les actions de l’objectif %(number)s", number=str(one.item.number))
    return [Table(caption, tuple(head), rows, shares)]


def _action(src: Gathered, one: ActionView) -> list[str]:
    cells: list[str] = [one.label, days(one.starts_on, one.ends_on)]
    if not src.choice.plain:
        cells += [_who(one) or DASH, _money(one)]
    state = one.state.label
    return [
        *cells,
        say("%(state)s. %(why)s", state=state, why=one.justification) if one.justification else state,
    ]


def _who(one: ActionView) -> str:
    return ended(
        (
            say("Conduite par\u00a0: %(who)s", who=one.lead) if one.lead else "",
            say("Équipe\u00a0: %(who)s", who=one.team) if one.team else "",
            say("Avec\u00a0: %(who)s", who=one.partners) if one.partners else "",
        )
    )


def _money(one: ActionView) -> str:
    told = one.financing.label
    if one.funded_until is not None:
        told = say("financé jusqu’au %(day)s", day=day_label(one.funded_until))
    if one.short and one.financing is not Financing.UNFUNDED:
        return joined([told, sentences.unfunded(one)], ". ")
    return told


def _indicators(src: Gathered, one: SheetView) -> list[Block]:
    blocks: list[Block] = []
    lines = src.lines.get(one.item.id, ())
    if lines:
        head = (say("Indicateur"), say("Aujourd’hui"), say("À la fin du contrat"), say("Année par année"))
        rows = tuple((line.label, line.initial, line.target, line.yearly or DASH) for line in lines)
        caption = say("Comment on saura si l’objectif %(number)s avance", number=str(one.item.number))
        blocks.append(Table(caption, head, rows, (3, 1, 1, 2)))
    names = src.measured.get(one.item.id, ())
    if names:
        blocks += [Paragraph(say("Suivi aussi par ces indicateurs du contrat\u00a0:")), Bullets(tuple(names))]
    return blocks
