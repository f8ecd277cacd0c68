"""How the organiser kept its word: moderation and appeals, duties, and the register that all this stands in."""

from __future__ import annotations

from portal.domain.construction.blocks import Block, Bullets, Heading, Paragraph, Quote, Seal, Section, Table
from portal.domain.construction.sources import Sources
from portal.domain.duties import clocks, queries, rules
from portal.domain.figures import moderation as counts
from portal.domain.moderation import settings
from portal.domain.moderation.rules import late_before
from portal.kernel.clock import paris
from portal.kernel.dates import day_label
from portal.kernel.speech import capital, number_words, plural, say
from portal.vocabulary import DutyKind, DutyState


def moderation(src: Sources) -> Section | None:
    """What was refused or hidden, by rule; the second looks; what waits too long for a review."""
    if not src.views:
        return None
    review = settings.of(src.session, src.contract.id)[0].review_days
    found = counts.set_aside_in(src.session, src.space_ids, late_before(src.at, review))
    blocks: list[Block] = [
        Paragraph(
            say("Contributions refusées ou masquées : %(number)s.", number=number_words(found.total)),
        )
    ]
    if found.by_rule:
        rows = tuple((rule.label, number_words(number)) for rule, number in found.by_rule.items())
        blocks.append(
            Table(say("Contributions refusées ou masquées, par règle"), (say("Règle"), say("Nombre")), rows)
        )
    if found.decided:
        rows = tuple((capital(state.label), number_words(number)) for state, number in found.decided.items())
        head = (say("Ce qui a été décidé"), say("Nombre"))
        blocks += [
            Heading(say("Les recours")),
            Table(say("Seconds regards sur une décision, par décision"), head, rows),
        ]
    if found.late:
        blocks.append(
            Paragraph(
                plural(
                    "Une contribution attend sa relecture depuis trop longtemps.",
                    "%(num)s contributions attendent leur relecture depuis trop longtemps.",
                    found.late,
                )
            )
        )
    return Section("relecture", say("La relecture, et les recours"), tuple(blocks))


def duties(src: Sources) -> Section | None:
    """What the organiser owed, what it kept, and what it wrote where it did not."""
    lines = queries.lines(src.session, src.views, clocks.of(src.session, src.views, src.at))
    if not lines:
        return None
    warned = queries.warned(src.session, src.space_ids)
    numbers: dict[tuple[DutyKind, DutyState], int] = {}
    for line in lines:
        told = rules.seen(line.state, keeps=False, warned=(line.space.id, line.due_on) in warned)
        numbers[line.kind, told] = numbers.get((line.kind, told), 0) + line.number
    kinds = [kind for kind in DutyKind if any(one is kind for one, _state in numbers)]
    rows = tuple(
        (capital(kind.label), *(number_words(numbers.get((kind, state), 0)) for state in DutyState))
        for kind in kinds
    )
    head = (say("Ce qui était dû"), *(capital(state.label) for state in DutyState))
    blocks: list[Block] = [
        Table(say("Ce que la direction devait, et où cela en est"), head, rows),
    ]
    for view in src.views:
        if view.broken_promise and view.id in src.readable:
            blocks += [
                Heading(say("Engagement non tenu, expliqué")),
                Quote(view.broken_promise, view.question),
            ]
    return Section("devoirs", say("Ce que la direction devait"), tuple(blocks))


def register(seal: Seal, src: Sources) -> Section:
    """The head of the register, and how anybody verifies it."""
    return Section(
        "registre",
        say("Le registre, et comment vérifier"),
        (
            Paragraph(
                say(
                    "Ce document est fait à partir du registre du contrat. Chaque ligne du registre porte "
                    "l’empreinte de celle d’avant : changer une ligne changerait toutes les suivantes, "
                    "et cela se verrait."
                )
            ),
            Table(
                say("La tête du registre ce jour-là"),
                (say("Ligne"), say("Jour")),
                ((number_words(seal.seq), day_label(paris(src.at).date())),),
            ),
            Paragraph(say("Empreinte de cette ligne : %(hash)s", hash=seal.hash)),
            Bullets(
                (
                    say("Sur le portail, ouvrez la page « Le registre » du contrat."),
                    say("Téléchargez l’export scellé et le programme verifier.py."),
                    say(
                        "Lancez le programme avec « --tete », suivi du numéro de la ligne, de deux points "
                        "et de l’empreinte ci-dessus : il dit si elles sont bien dans le registre."
                    ),
                )
            ),
        ),
    )


def files() -> Section:
    """What is checked of the files of this document, and what nobody proved."""
    return Section(
        "verifie",
        say("Ce qui est vérifié dans ce document"),
        (
            Paragraph(
                say(
                    "Un programme vérifie, à chaque changement du portail, les balises du PDF, son titre, sa "
                    "langue, l’ordre de lecture et la description des images. Il vérifie aussi les titres, "
                    "la langue, les têtes des tableaux et la description des images du fichier .docx."
                )
            ),
            Paragraph(
                say(
                    "Non prouvé : aucun outil de contrôle extérieur n’a examiné ces fichiers, et ils n’ont pas "
                    "été essayés avec de vrais lecteurs d’écran."
                )
            ),
        ),
    )
