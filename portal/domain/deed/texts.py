"""The two texts of an item, with what the pages say beside them: approved by readers, to review, changed in negotiation."""

from __future__ import annotations

from portal.domain.construction.blocks import Block, Paragraph
from portal.domain.contracts.queries import ItemView
from portal.domain.deed.gathered import Gathered
from portal.domain.deed.words import once, told, written
from portal.domain.negotiation.views import ChangeView
from portal.domain.plain.queries import ApprovalView, Reading
from portal.domain.texts.negotiated import Negotiated
from portal.domain.texts.queries import TextView
from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, capital, say
from portal.vocabulary import Register

TO_REVIEW = say(
    "Version simplifiée à revoir\u00a0: le texte technique a changé depuis. Elle ne dit peut-être plus la même chose."
)


def of_item(src: Gathered, item: ItemView, *, named: bool = False) -> list[Block]:
    """The texts that were chosen, one after the other; `named`: each says which it is."""
    blocks: list[Block] = []
    wanted = src.choice.wording.registers
    for register in written(item, wanted):
        text = item.text(register)
        if text is None:
            continue
        if named:
            blocks.append(Paragraph(capital(register.label), strong=True))
        blocks += _plain(src.readings_of[item.id], text) if register is Register.PLAIN else told(text.source)
        if text.negotiated is not None:
            blocks.append(agreed(text.negotiated))
    return blocks + once(item, wanted)


def agreed(one: Negotiated | ChangeView) -> Paragraph:
    """What parties agreed in a text, when and why; or by whom these words were changed since."""
    if one.left is None:
        told = say(
            "Modifié en négociation, le %(day)s\u00a0: %(reason)s", day=day_label(one.at), reason=one.reason
        )
        return Paragraph(told)
    changed = say(
        "Négocié le %(day)s, changé depuis par %(who)s le %(since)s",
        day=day_label(one.at),
        who=one.left.by_function,
        since=day_label(one.left.at),
    )
    why = one.left.reason
    return Paragraph(say("%(what)s\u00a0: %(title)s", what=changed, title=why) if why else changed)


def _plain(reading: Reading, text: TextView) -> list[Block]:
    """The plain words; what is to review says so under its last paragraph."""
    ends = {one.plain[-1].stable_id for one in reading.to_review if one.plain}
    blocks: list[Block] = []
    if reading.approval is not None:
        blocks.append(Paragraph(_approved(reading.approval, easy=reading.easy), quiet=True))
    for one in text.paragraphs:
        blocks += told(one.source)
        if one.stable_id in ends:
            blocks.append(Paragraph(TO_REVIEW, strong=True))
    return blocks


def _approved(one: ApprovalView, *, easy: bool) -> Sentence:
    day = day_label(one.held_on)
    if easy:
        return say(
            "Facile à lire et à comprendre (FALC)\u00a0: texte relu et approuvé par des personnes concernées, "
            "le %(day)s, %(place)s. Enregistré par %(who)s.",
            day=day,
            place=one.place,
            who=one.by_function,
        )
    return say(
        "Ce texte n’est plus dit facile à lire et à comprendre (FALC)\u00a0: ses mots simples ont changé depuis que "
        "des personnes concernées l’ont approuvé, le %(day)s.",
        day=day,
    )
