"""The file of the national directory."""

from __future__ import annotations

from wtforms import FileField

from portal.blueprints._forms import ActForm
from portal.languages import lazy_gettext as _


class ExtractForm(ActForm):
    """An extract of the national directory, as a file."""

    file = FileField(_("Le fichier « Extraction Finess des établissements »"))
