"""The form of the page of answers: what is chosen, and one answer for all of it."""

from __future__ import annotations

from flask import request
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from portal.blueprints._directing import number_of
from portal.blueprints._forms import ActForm
from portal.blueprints.answers.forms import ChangesField, chosen_changes, fates
from portal.domain.answers.desk import VOICES, Age, Sieve
from portal.domain.answers.service import NewAnswer
from portal.kernel.ids import is_id
from portal.languages import lazy_gettext as _
from portal.vocabulary import ContributionKind, Fate

FILTERS = ("theme", "sujet", "voix", "type", "age", "merci")


class DeskForm(ActForm):
    """One answer for the contributions that are ticked."""

    chosen = HiddenField()
    body = TextAreaField(_("Votre réponse"))
    fate = fates()
    passed_to = StringField(_("À qui la transmettez-vous ?"), render_kw={"list": "destinataires"})
    changes = ChangesField(_("Les mots du texte qui ont changé"), choices=[], validate_choice=False)
    title = StringField(_("Un titre court, pour retrouver cette réponse"))
    keep = BooleanField(_("Garder cette réponse pour une autre fois"))
    reason = HiddenField()
    theme_name = StringField(_("Le thème"))
    theme_sentence = StringField(_("Ce thème en une phrase"))
    why = StringField(_("Ce qu’elles disent toutes"))

    @property
    def ticked(self) -> dict[str, int]:
        """What is ticked: the id of each contribution, with the version that was on the screen."""
        found = {}
        for sent in request.form.getlist("choix"):
            contribution_id, _dot, version = sent.partition(".")
            if is_id(contribution_id):
                found[contribution_id] = number_of(version)
        return found

    @property
    def answer(self) -> NewAnswer:
        """What was typed."""
        return NewAnswer(
            source=self.body.data or "",
            fate=next((fate for fate in Fate if fate.value == self.fate.data), None),
            passed_to=self.passed_to.data or "",
            changes=chosen_changes(self.changes),
        )


def sieve() -> Sieve:
    """What the address asks of the list; what it does not know, it leaves out."""
    args = request.args
    item_id, theme_id = args.get("sujet", ""), args.get("theme", "")
    return Sieve(
        item_id=item_id if is_id(item_id) else None,
        voice=next((one for one in VOICES if one.code == args.get("voix")), None),
        kind=next((one for one in ContributionKind if one.value == args.get("type")), None),
        age=next((one for one in Age if one.value == args.get("age")), None),
        unthanked=args.get("merci") == "non",
        theme_id=theme_id if is_id(theme_id) else None,
    )


def asked_again() -> dict[str, str]:
    """The filters of the address, to keep them from page to page."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}
