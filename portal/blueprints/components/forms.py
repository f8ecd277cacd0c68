"""The form of the page of components: it sends nothing."""

from __future__ import annotations

from typing import Self

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from portal.languages import gettext
from portal.languages import lazy_gettext as _
from portal.vocabulary import Level


class SampleForm(FlaskForm):
    """One field of each kind."""

    class Meta(FlaskForm.Meta):
        """Nothing is sent, so nothing is signed."""

        csrf = False

    email = StringField(_("Votre adresse e-mail"))
    body = TextAreaField(_("Votre texte"))
    display = RadioField(
        _("Comment voulez-vous apparaître ?"),
        choices=[("group", _("Par mon groupe seulement")), ("name", _("Avec mon nom"))],
    )
    agreed = BooleanField(_("Répondre aussi aux réponses du fil"))
    level = SelectField(_("Niveau"), choices=[(str(int(one)), one.plain) for one in Level])

    @classmethod
    def with_errors(cls) -> Self:
        """A form sent too early: what was typed is kept, what is missing is said."""
        form = cls(formdata=None, email="jeanne.morel", prefix="faute-")
        form.email.errors = [gettext("Il manque la fin de l’adresse, après @.")]
        form.body.errors = [gettext("Écrivez quelques mots avant d’envoyer.")]
        form.display.errors = [gettext("Choisissez une des réponses.")]
        return form

    @classmethod
    def filled(cls) -> Self:
        """The same, well filled."""
        return cls(
            formdata=None,
            email="claire@exemple.fr",
            body="Ma mère demande souvent des gâteaux le soir.",
            display="group",
            agreed=True,
            prefix="juste-",
        )
