"""What a second look decided stands: who was overruled does not decide again, nor anybody for the same rule."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.moderation.models import Appeal, AppealState, ModerationDecision
from portal.kernel.errors import RefusedError
from portal.kernel.speech import say
from portal.policy.actor import Actor
from portal.vocabulary import ModerationRule


def check(session: Session, person: Actor, contribution_id: str, number: int, rule: ModerationRule) -> None:
    """Whether this person may set this version aside under this rule, after the second looks it had.

    Errors: RefusedError (`recours-annule`): this rule was judged, or this person decided already.
    """
    query = (
        select(Appeal.decider_id, ModerationDecision.rule)
        .join(ModerationDecision, ModerationDecision.id == Appeal.decision_id)
        .where(
            Appeal.contribution_id == contribution_id,
            Appeal.number == number,
            Appeal.state == AppealState.REVERSED,
        )
    )
    for decider, judged in session.execute(query):
        if rule is judged or decider == person.participant_id:
            raise RefusedError(
                "recours-annule",
                say(
                    "Un second regard a déjà annulé une décision sur ces mots. Ils ne peuvent pas être écartés de "
                    "nouveau par la même règle, ni par la personne qui avait décidé."
                ),
                say(
                    "Une nouvelle version de ces mots peut être examinée. Une autre personne qui relit peut aussi "
                    "les examiner pour une autre règle."
                ),
            )
