"""Where words that were passed on stand."""

from __future__ import annotations

from portal.kernel.speech import say
from portal.vocabulary import Labelled


class HandoverState(Labelled):
    """A step of words passed on to the CVS, the kitchen, another direction…"""

    SENT = "transmise", say("transmise")
    TAKEN = "prise-en-compte", say("prise en compte")
    ANSWERED = "reponse-donnee", say("réponse donnée")
