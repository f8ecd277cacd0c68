"""What deserves a second look before sending, and what must never be taken for it."""

from __future__ import annotations

import pytest

from portal.domain.contributions.caution import Care, cautions, is_nir

FOUND = [
    ("J’en ai parlé à Mme Pivert hier.", Care.NAME, "Mme Pivert"),
    ("M. Jean-Luc Dupont crie.", Care.NAME, "M. Jean-Luc Dupont"),
    ("Monsieur DURAND est absent.", Care.NAME, "Monsieur DURAND"),
    ("Le Dr Martin ne vient plus.", Care.NAME, "Dr Martin"),
    ("Madame Élise Béranger l’a dit.", Care.NAME, "Madame Élise Béranger"),
    ("Appelez-moi au 06 12 34 56 78.", Care.PHONE, "06 12 34 56 78"),
    ("Mon numéro : 0612345678", Care.PHONE, "0612345678"),
    ("Au +33 6 12 34 56 78 le soir.", Care.PHONE, "+33 6 12 34 56 78"),
    ("Au +33 (0)6-12-34-56-78 le soir.", Care.PHONE, "+33 (0)6-12-34-56-78"),
    ("Tél. 01.99.00.12.34", Care.PHONE, "01.99.00.12.34"),
    ("Écrivez à jeanne.dupont@exemple.fr merci.", Care.EMAIL, "jeanne.dupont@exemple.fr"),
    ("Écrivez à claire(at)exemple.fr merci.", Care.EMAIL, "claire(at)exemple.fr"),
    ("Son numéro est 2 84 05 88 321 025 32.", Care.NIR, "2 84 05 88 321 025 32"),
    ("C’est 284058832102532 exactement.", Care.NIR, "284058832102532"),
    ("Sans la clé : 2840588321025.", Care.NIR, "2840588321025"),
    ("Clé mal recopiée, 1 85 05 78 006 084 36.", Care.NIR, "1 85 05 78 006 084 36"),
    ("En Corse aussi, 1 85 03 2a 004 123.", Care.NIR, "1 85 03 2a 004 123"),
    ("Avec des tirets, 1-84-12-76-451-089-46.", Care.NIR, "1-84-12-76-451-089-46"),
    ("Corse : 1 85 03 2A 004 123", Care.NIR, "1 85 03 2A 004 123"),
    ("Elle a la maladie d’Alzheimer.", Care.HEALTH, "Alzheimer"),
    ("On lui donne de la morphine.", Care.HEALTH, "morphine"),
    ("Il est incontinent la nuit.", Care.HEALTH, "incontinent"),
    ("On frappe une dame la nuit.", Care.DANGER, "frappe"),
    ("La nuit, on me frappe.", Care.DANGER, "on me frappe"),
    ("Elle m’a frappée, deux fois.", Care.DANGER, "Elle m’a frappée"),
    ("On m’attache au lit le soir.", Care.DANGER, "m’attache"),
    ("Elle reste attachée à son fauteuil.", Care.DANGER, "attachée à son fauteuil"),
    ("Il a voulu frapper un résident.", Care.DANGER, "frapper un"),
    ("Elle a des bleus.", Care.DANGER, "des bleus"),
    ("Il reçoit des coups.", Care.DANGER, "coups"),
    ("Elle est MALTRAITÉE le soir.", Care.DANGER, "MALTRAITÉE"),
    ("Une dame a été violée.", Care.DANGER, "violée"),
    ("Un soignant a eu des attouchements.", Care.DANGER, "attouchements"),
    ("Il parle de se suicider.", Care.DANGER, "suicider"),
    ("Une personne est en danger.", Care.DANGER, "en danger"),
    ("Ma voisine veut mourir.", Care.DANGER, "veut mourir"),
    ("Il veut en finir avec la vie.", Care.DANGER, "en finir avec la vie"),
    ("Un soignant me tire les cheveux.", Care.DANGER, "tire les cheveux"),
    ("On me prend mon argent.", Care.DANGER, "prend mon argent"),
    ("Quelqu’un a pris de mon argent.", Care.DANGER, "pris de mon argent"),
    ("On lui a volé son argent.", Care.DANGER, "volé son argent"),
    ("Elle m’a tirée par les cheveux.", Care.DANGER, "m’a tirée par les cheveux"),
    ("Son mari la frappe le soir.", Care.DANGER, "frappe"),
    ("Je voudrais en finir.", Care.DANGER, "voudrais en finir"),
    ("Elle m’a tapé hier.", Care.DANGER, "m’a tapé"),
    ("On m’enferme la nuit.", Care.DANGER, "m’enferme"),
    ("Il me menace.", Care.DANGER, "me menace"),
    ("Il m’a poussée dans l’escalier.", Care.DANGER, "m’a poussée"),
    ("On ne me donne pas à boire.", Care.DANGER, "ne me donne pas à boire"),
    ("A carer hits me at night.", Care.DANGER, "hits me"),
    ("I want to die.", Care.DANGER, "want to die"),
    ("Mon voisin la frappait hier.", Care.DANGER, "frappait"),
    ("Une aide-soignante la frappe chaque soir.", Care.DANGER, "frappe"),
    ("Dans ma chambre 12, il fait froid.", Care.IDENTIFIES, "ma chambre 12"),
    ("La chambre n° 204 est bruyante.", Care.IDENTIFIES, "chambre n° 204"),
    ("Ma mère dîne trop tôt.", Care.IDENTIFIES, "Ma mère"),
    ("J’ai 86 ans et je marche.", Care.IDENTIFIES, "J’ai 86 ans"),
    ("Je suis la seule de cet étage.", Care.IDENTIFIES, "Je suis la seule"),
]
INNOCENT = [
    "M. le Maire est venu en visite.",
    "Madame la Directrice, merci pour tout.",
    "Monsieur le Préfet a signé.",
    "Mme La Directrice le sait.",
    "Nous habitons 59000 Lille, puis 75012 Paris.",
    "Depuis 1998 et jusqu’en 2031, rien ne change.",
    "Appelez le 3977 ou le 119, sinon le 112.",
    "Le contrat va du 01/01/2027 au 31/12/2031.",
    "Il y a 84 places et 42 chambres.",
    "Le FINESS est 990000001.",
    "Le dîner est servi à 18 h 30, trop tôt.",
    "La chambre est froide l’hiver.",
    "Les familles voudraient venir le dimanche.",
    "Il manque 1 250 000 000 euros, soit 12 %.",
    "Le taux passe de 0,5 à 0,75.",
    "Merci à toute l’équipe pour son travail.",
    "Un diagnostic partagé a été fait.",
    "Il faut frapper à la porte avant d’entrer.",
    "On frappe avant d’entrer.",
    "On est attaché à la maison, et au lit douillet.",
    "Untel entre sans frapper.",
    "Frapper, puis attendre la réponse.",
    "Merci pour les coups de main.",
    "C’est une faute de frappe, pardon.",
    "La frappe du texte est trop petite.",
    "C’est un peu tiré par les cheveux.",
    "On s’arrache les cheveux avec ce planning.",
    "Chacun prend son argent à l’accueil.",
    "Je voudrais en finir avec les plateaux froids.",
    "On tape à la porte, on me pousse au jardin.",
    "The soup is good, and it helps me.",
    "Je m’attache aux résidents.",
    "Je m’enferme pour être tranquille.",
    "Ça me tape sur les nerfs.",
    "On m’a poussé en fauteuil au jardin, merci.",
    "Elle m’a poussée à participer.",
    "La frappe de texte est trop petite.",
    "On peut retirer son argent à l’accueil.",
    "Il faut en finir avec les plateaux froids.",
    "Tout à coup, un drapeau à carreaux bleus.",
    "C’est frappant, et beaucoup le disent.",
    "Des violettes et un violon.",
    "La Maison des Tilleuls ouvre ses portes.",
    "",
]


@pytest.mark.parametrize(("text", "care", "passage"), FOUND)
def test_it_is_found_and_shown_as_written(text: str, care: Care, passage: str) -> None:
    found = {one.care: one.passages for one in cautions(text)}
    assert found == {care: (passage,)}


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_words_are_left_in_peace(text: str) -> None:
    assert cautions(text) == ()


def test_a_slip_in_the_key_hides_no_number_and_a_month_that_cannot_be_is_none() -> None:
    assert is_nir("284058832102532")
    assert is_nir("284058832102533")
    assert is_nir("2-84-05-88-321-025-33")
    assert not is_nir("2841388321025")
    assert not is_nir("28405883210")


def test_the_reason_is_looked_at_too_and_few_passages_are_shown() -> None:
    assert [one.care for one in cautions("Rien.", "Mme Pivert l’a dit.")] == [Care.NAME]
    many = " ".join(f"Mme {name} est là." for name in ("Pivert", "Merle", "Grive", "Geai"))
    (one,) = cautions(many)
    assert len(one.passages) == 3


def test_several_cares_come_the_gravest_first() -> None:
    said = "On frappe ma mère la nuit, elle a des bleus."
    assert [one.care for one in cautions(said)] == [Care.DANGER, Care.IDENTIFIES]
    text = "Mme Pivert, chambre 12, 06 12 34 56 78, a un cancer."
    assert [one.care for one in cautions(text)] == [Care.PHONE, Care.NAME, Care.HEALTH, Care.IDENTIFIES]
