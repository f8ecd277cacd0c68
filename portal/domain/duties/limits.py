"""A delay looked at against the dates of the contract: a gentle word, never a refusal; pure."""

from __future__ import annotations

from datetime import date

from portal.kernel.dates import day_label
from portal.kernel.speech import Sentence, say


def beyond(until_on: date, promised_on: date, starts_on: date, ends_on: date) -> Sentence | None:
    """What to know of an answer put off from one day to another; None when the dates of the contract say nothing."""
    if until_on > ends_on:
        return say(
            "Ce jour vient après la fin du contrat, le %(day)s : une réponse donnée alors n’y changera plus rien.",
            day=day_label(ends_on),
        )
    if promised_on < starts_on <= until_on:
        return say(
            "Le contrat aura commencé, le %(day)s, quand le groupe lira la réponse.",
            day=day_label(starts_on),
        )
    return None
