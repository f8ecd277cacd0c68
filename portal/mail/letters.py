"""The morning letter: what happened and where, never what was written.

Mailboxes are shared in families and offices: the subject tells nothing, the text names
neither a person nor the words of anybody. Everything else is behind the door of the portal.
"""

from __future__ import annotations

from flask import current_app

from portal.domain.notifications.mails import Claimed
from portal.domain.notifications.sentences import Part, parts
from portal.domain.portfolio.rules import FIVE
from portal.languages import SOURCE, ngettext, speaking, spoken
from portal.languages import gettext as _
from portal.mail.port import Letter
from portal.vocabulary import NoticeKind


def digest(claimed: Claimed, url: str) -> Letter:
    """The letter of one day to one account, in its language; `url` is the portal's address."""
    language = claimed.language or SOURCE
    with speaking(language):
        told = parts([one for one in claimed.notices if one.kind is not NoticeKind.TO_LOOK_AT])
        looks = parts([one for one in claimed.notices if one.kind is NoticeKind.TO_LOOK_AT])
        stop = f"{url}/courriels/arreter/{claimed.stop}"
        return Letter(
            id=claimed.id,
            to=claimed.address,
            language=language,
            subject=_("Des nouvelles vous attendent sur Polyphonie") if told else _title(looks),
            text=_text(told, looks, url, stop),
            html=_html(parts=told, looks=looks, looks_title=_title(looks), url=url, stop=stop, code=language),
            stop_url=stop,
        )


def _html(**values: object) -> str:
    # Apart from the context of pages: nobody is asking for one.
    return current_app.jinja_env.get_template("notifications/courriel.html").render(**values)


def _title(looks: tuple[Part, ...]) -> str:
    """« Cinq contrats à regarder, et pourquoi »."""
    if len(looks) == FIVE:
        return _("Cinq contrats à regarder, et pourquoi")
    return ngettext(
        "Un contrat à regarder, et pourquoi", "%(num)s contrats à regarder, et pourquoi", len(looks)
    )


def _text(told: tuple[Part, ...], looks: tuple[Part, ...], url: str, stop: str) -> str:
    blocks = [_("Bonjour,")]
    if told:
        blocks.append(_("Voici ce qui est nouveau pour vous sur le portail Polyphonie."))
        blocks += [_part(part, url) for part in told]
    if looks:
        blocks.append(_title(looks))
        blocks += [_look(part) for part in looks]
        blocks.append(f"{_('Mes contrats suivis')}\n{url}/suivi")
    blocks += [
        _("Pour lire et répondre, entrez dans le portail avec votre adresse."),
        f"{_('Toutes vos notifications :')}\n{url}/notifications",
        f"{_('Choisir ce que vous recevez :')}\n{url}/notifications/reglages",
        f"{_('Ne plus recevoir de courriels :')}\n{stop}",
        _("Ce courriel est envoyé par le portail. Personne ne lit les réponses à cette adresse."),
    ]
    return "\n\n".join(blocks) + "\n"


def _part(part: Part, url: str) -> str:
    lines = [where(part)]
    lines += [f"- {spoken(line.sentence)}\n  {url}{line.url}" for line in part.lines]
    return "\n".join(lines)


def _look(part: Part) -> str:
    """A contract to look at, and why: one address serves them all."""
    return "\n".join([where(part), *(f"- {spoken(line.sentence)}" for line in part.lines)])


def where(part: Part) -> str:
    """The place of some news: the contract, and the space when there is one."""
    return f"{part.contract_title} – {part.question}" if part.question else part.contract_title
