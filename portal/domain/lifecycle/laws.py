"""Why each thing of the life of a contract is asked: one plain sentence, and where it is written.

CASF: Code de l'action sociale et des familles. The model contract is that of the arrêté of 3 March 2017.
Where no article is known to say it, this says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.kernel.speech import Sentence, say


@dataclass(frozen=True, slots=True)
class Law:
    """A rule in plain words, and its source."""

    sentence: Sentence
    articles: Sentence


DATES = Law(
    say(
        "Un contrat dure cinq ans au plus. Une sixième année est possible : le portail demande quel acte la permet. "
        "Au-delà, il le demande aussi, et le signale. Le jour où l’on signe et le jour où le contrat commence à compter "
        "peuvent être différents."
    ),
    say(
        "Code de l’action sociale et des familles, article L313-11 ; pour les EHPAD, article L313-12, IV ter"
    ),
)
STAGES = Law(
    say(
        "Aucun article ne fixe toutes ces étapes : elles viennent de l’usage. Du lancement à la signature, "
        "il faut souvent de huit à douze mois. Dans un établissement public, le conseil d’administration délibère "
        "sur le contrat."
    ),
    say("Pour la délibération : Code de l’action sociale et des familles, article L315-12"),
)
AMENDMENTS = Law(
    say(
        "Après la signature, rien ne change sans un avenant : un nouveau texte, que toutes les parties signent."
    ),
    say("Contrat type de l’arrêté du 3 mars 2017, titre 2, article 3 « Révision du contrat »"),
)
COMMITTEE = Law(
    say(
        "Un comité de suivi est mis en place dès la signature. Le contrat dit qui y siège, par sa fonction. D’autres "
        "partenaires peuvent en être, par exemple une personne élue au conseil de la vie sociale."
    ),
    say("Contrat type de l’arrêté du 3 mars 2017, titre 2, article 1 (article 5 au Journal officiel)"),
)
MIDTERM = Law(
    say(
        "La troisième année, l’organisme gestionnaire propose un bilan d’étape, avec des éléments sur la qualité "
        "de l’accompagnement. Le comité de suivi se réunit pour en parler."
    ),
    say("Contrat type de l’arrêté du 3 mars 2017, titre 2, article 1 (article 5 au Journal officiel)"),
)
FINAL = Law(
    say(
        "À la fin du contrat, le comité de suivi se réunit une seconde fois, pour le bilan final. Vérifiez le moment "
        "exact dans votre contrat."
    ),
    say("Contrat type de l’arrêté du 3 mars 2017, titre 2, article 1 (article 5 au Journal officiel)"),
)
OBJECTIVES = Law(
    say(
        "Chaque année, le rapport joint à l’état réalisé (ERRD) dit où en est l’activité au regard des objectifs "
        "du contrat."
    ),
    say("Code de l’action sociale et des familles, article R314-232, I, 3°, b"),
)
ERRD = Law(
    say("Les comptes d’une année sont transmis avant le 30 avril de l’année suivante."),
    say("Code de l’action sociale et des familles, article R314-232"),
)
EPRD = Law(
    say(
        "Le budget est transmis dans les trente jours qui suivent la notification des tarifs, au plus tard le 30 juin. "
        "Il va au directeur général de l’agence régionale de santé, et au président du conseil départemental quand "
        "les deux sont compétents."
    ),
    say("Code de l’action sociale et des familles, article R314-210, I, pour les destinataires"),
)
ACTIVITY = Law(
    say(
        "L’activité prévue pour une année est transmise avant le 31 octobre de l’année d’avant. Vérifiez ce jour "
        "avec votre autorité."
    ),
    say("Usage des cadres normalisés ; le portail ne connaît pas d’article à citer"),
)
OWN_LINE = Law(
    say(
        "Cette ligne a été ajoutée par la direction : elle vient de votre contrat, ou d’un accord entre les parties."
    ),
    say("Votre contrat"),
)
PROROGATION = Law(
    say(
        "Une partie qui veut prolonger le contrat le dit aux autres au moins six mois avant la fin. "
        "Si personne ne le demande, la négociation d’un nouveau contrat commence."
    ),
    say("Contrat type de l’arrêté du 3 mars 2017, pour les contrats de l’article L313-12, IV ter"),
)
DISAGREEMENTS = Law(
    say(
        "Les parties peuvent ne pas être d’accord. Le contrat dit comment elles cherchent une issue. Ici, chacune écrit "
        "sa position, et rien ne disparaît."
    ),
    say("Contrat type de l’arrêté du 3 mars 2017, titre 2, article 2 « Traitement des litiges »"),
)
