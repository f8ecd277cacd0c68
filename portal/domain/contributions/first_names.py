"""First names that people bear in France today, of every age and origin: what a text is looked through for. Pure."""

from __future__ import annotations

from portal.kernel.text import folded

_WOMEN = """
Adèle Adeline Adrienne Agathe Agnès Aïcha Aïssatou Alexandra Alice Alicia Aline Alix Alizée Amélie Amina Aminata Amira
Anaïs Anastasia Andréa Andrée Anissa Anita Anna Annabelle Anne Annette Annick Annie Antoinette Apolline Ariane Arlette
Armelle Asma Assia Assiya Astrid Audrey Augustine Aurélie Awa Aya Béatrice Bénédicte Bérangère Bérénice Bernadette
Bertha Berthe Betty Binta Bintou Brigitte Bruna Camélia Camille Carine Carla Carole Caroline Cassandra Catherine Cécile
Cécilia Célestine Célia Céline Chaïma Chantal Chloé Christelle Christiane Christine Clara
Clarisse Clélia Clotilde Coline Colette Coralie Corinne Cynthia Danièle Danielle Daphné Débora Deborah
Delphine Denise Diana Dina Djamila Djénéba Dolorès Dominique Dorothée Dounia Édith Edwige Elena Éléonore Éliane Élina
Élisa Élisabeth Elizabeth Élise Ella Élodie Éloïse Elsa Elvire Emma Emmanuelle Émilie Émilienne Emna Erika Ernestine
Esma Esther Estelle Eugénie Eulalie Eva Évelyne Fabienne Fadila Fanny Fanta Farah Farida Fatiha Fatima Fatimata Fatma
Fatou Fatoumata Fernande Flavie Florine Francine Françoise Frédérique Gabrielle Gaëlle Geneviève Georgette Géraldine
Germaine Ghislaine Gilberte Ginette Gisèle Gwenaëlle Gwendoline Habiba Hadja Hafida Halima Hanane Hasna Hayat Heidi
Hélène Héloïse Henriette Hermine Hoda Houda Houria Huguette Ilona Imane Imen Inaya Inès Inna Irène Irina Irma Isabelle
Ismahane Isaure Jacqueline Jamila Jeanne Jeannette Jeannine Janine Jenny Jessica Joëlle Jocelyne Joséphine Josette
Josiane Judith Julia Julie Juliette Justine Kadiatou Karima Karine Katia Kenza Khadija Khadidiatou Kheira Laetitia
Laëtitia Laïla Lamia Laura Laure Laurence Laurie Léa Leïla Léna Léonie Léontine Leslie Liliane Lilou Lina Linda
Lisette Loana Lola Louane Louise Louisette Louna Lucette Lucie Lucienne Lucile Lucille Ludivine Lydia Lydie Lyna Maëlle
Maëlys Maéva Magali Magalie Maïmouna Malika Malya Manel Manon Margaux Margot Maria Mariam Mariama Marianne Marie
Marielle Mariette Marilyn Marina Marinette Marion Marlène Marthe Martine Maryam Maryline Maryse Maryvonne Mathilde Maud
Maya Mauricette Mégane Mélanie Mélina Mélissa Meriem Meryem Micheline Michèle Michelle Mireille Moira Monique Morgane
Mounia Muriel Myriam Nadège Nadia Nadine Naïma Natacha Natalia Nathalie Nawal Nelly Nesrine Nicole Nina Ninon Noélie
Noémie Noëlle Nolwenn Nora Nouria Océane Odette Odile Olga Olivia Ophélie Oumou Ouarda Paola Pascale Patricia Paule
Paulette Pauline Pélagie Pénélope Perrine Philippine Pierrette Priscilla Rachel Rachida Raïssa Ramata Raphaëlle Raymonde
Rébecca Régine Rita Roberte Rokia Rolande Romane Rosalie Roselyne Rosemarie Rosine Roxane Sabine
Sabrina Safia Saïda Salima Salimata Salma Salomé Samantha Samia Samira Sandra Sandrine Sara Sarah Sasha Selma Sévérine
Sidonie Sihem Silvia Simone Sirine Sofiane Solange Solène Soline Sonia Sophie Soraya Soukaina Stella Stéphanie Suzanne
Suzette Suzie Sybille Sylvaine Sylvette Sylviane Sylvie Tatiana Tania Téa Thaïs Thérèse Tiffany Tiphaine Valentine
Valérie Vanessa Véra Véronique Victoria Vinciane Virginie Vivianne Viviane Wafa Wassila Wendy Xavière Yamina Yasmina
Yasmine Yolande Yseult Yvette Yvonne Zahra Zara Zélie Zineb Zoé Zohra Zoubida Zoulikha
"""
_MEN = """
Aaron Abdallah Abdel Abdelaziz Abdelkader Abdelkrim Abdou Abdoulaye Abel Adam Adama Adel Adil Adrien Ahmed Alain Alan
Alassane Albert Albin Alexandre Alexis Alfred Ali Alphonse Amadou Amaury Amin Amine Amir Anatole André Anis Anselme
Anthony Antoine Antonin Antonio Antony Aristide Armand Arnaud Arsène Arthur Ayoub Aymeric Aziz Bachir Bakary Baptiste
Barnabé Barthélemy Bastien Benjamin Benoît Bernard Bertrand Bilal Boris Boubacar Brahim Brice Bruno Bryan Carlos Cédric
Charles Charlie Cheikh Chérif Christian Christophe Clovis Corentin Cyprien Cyril Cyrille Damien Daniel Danny
Dany David Denis Didier Diego Dimitri Djamel Donatien Driss Dylan Edgar Edgard Edmond Édouard Edouardo Eliott Élie
Émile Émilien Emmanuel Enzo Eric Éric Erwan Esteban Étienne Eudes Eugène Evan Fabien Fabrice Fadel Farid Farès Faouzi
Félicien Ferdinand Fernand Fernando Florent Florian Fouad Francis Francisco Franck François Frédéric Fulbert Gabin
Gabriel Gaël Gaëtan Gaspard Gauthier Gautier Geoffrey Geoffroy Georges Gérald Gérard Germain Ghislain Gilbert Gilles
Giovanni Giuseppe Grégoire Grégory Guillaume Guilhem Gustave Guy Habib Hakim Hamid Hamza Harold Hassan Hector Henri
Henry Hervé Hicham Hippolyte Houssam Hubert Hugues Hussein Hyacinthe Ibrahim Ibrahima Idriss Idrissa Ignace
Igor Ilan Ilyas Ilyès Isaac Isidore Ismaël Ismaïl Issa Ivan Jacky Jacob Jacques Jamal Jason Javier Jean Jeannot Jérémie
Jérémy Jérôme Jimmy Joachim Joaquim Joël Joffrey Johan Johann John Jonathan Jordan Jorge Joris José Joseph Joshua Josué
Juan Jules Julien Justin Kamel Karim Karl Kévin Khaled Khalid Khalil Kylian Lahcen Lamine Lancelot Larbi Laurent
Léandre Léo Léonard Léopold Lilian Lionel Loïc Loïs Lorenzo Lotfi Louis Louka Luc Luca Lucas Lucien Ludovic Luigi Luis
Maël Mahdi Mahmoud Malik Malo Mamadou Marceau Marcel Marcelin Marco Marius Marvin Massimo Mathéo Mathias
Mathieu Mathis Mathurin Mattéo Matthias Matthieu Maurice Maxence Médard Mehdi Melvin Michaël Mickaël Michel
Miguel Mohamed Mohammed Mokhtar Moïse Momar Morad Morgan Mostafa Moussa Mouloud Mourad Moustapha Mustapha Nabil Nacer
Nadir Nahel Nathan Nathanaël Nelson Nicolas Nils Noa Noah Noam Nolan Norbert Nordine Octave Octavien Olivier Omar
Osman Othman Oumar Oscar Oussama Pablo Paolo Patrice Patrick Paul Paulin Pedro Philibert Philippe Pierrick Pierrot
Quentin Rachid Rafaël Rafik Raoul Raphaël Raymond Rayan Régis Rémi Rémy Renaud René Ricardo Richard Rida Robert Robin
Rodolphe Rodrigue Rodrigo Roger Roland Romaric Roméo Ronan Ruben Sacha Saïd Salah Salif Salim Salvatore
Sami Samir Samuel Samy Sébastien Sékou Selim Serge Sergio Séverin Siméon Simon Slimane Sofian Soufiane Souleymane
Stanislas Steeve Stéphane Steve Steven Sylvain Tahar Tanguy Tarek Tariq Théo Théodore Théophile Thibaud Thibault Thibaut
Thierry Thomas Tidiane Timéo Timothée Titouan Tom Tony Toufik Tristan Ugo Ulysse Urbain Valentin Valère Valéry Vasco
Vianney Victor Victorien Vincent Virgile Vladimir Walid Walter William Wilfried Willy Xavier Yacine Yanis Yann Yannick
Yassine Yohan Yohann Youcef Younès Youssef Youssouf Yvan Yves Yvon Zacharie Zakaria Zakari Zinedine Ziad
"""
# Also a flower, a colour, a virtue, a feast, a place, a prize or a dish: somebody only with another name behind.
_ALSO_WORDS = """
Aimé Aimée Alma Amandine Ambre Ange Angèle Angélique Anémone Aude Aurore Auguste Avril Barbe Basile Bienvenue Blanche
Blandine Capucine Carmen Céleste César Charlotte Claire Clémence Clément Colombe Côme Constance
Constant Dahlia Désiré Désirée Diane Dieudonné Églantine Ève Félicité Félix Fidèle Fleur Flora Flore Florence
Gaston Grâce Hortense Hugo Iris Jade Jasmine Jonquille Juste Lilas Line Lisa Lorraine Loup Luce Lys Madeleine Marc
Marguerite Marine Martial Martin Mélodie Mercedes Modeste Mona Nancy Noël Olive Opale Parfait Patience
Perle Pierre Placide Prosper Prudence Prune Reine Rose Rosa Sylvestre Toussaint Victoire Violette Clémentine Lise Rime
Samba Max Maxime Manuel Honoré Romain Mario Kelly
"""
# One beginning with its endings: « Marcel//le/ine » stands for Marcel, Marcelle and Marceline.
_FAMILIES = """
Albert//e/ine Ana Andrée Augustin//e Aurélien//ne Bernard//e Charlène Cindy Claud/e/ette/ie/ine/ia Edmée Éliette
Ernest//ine Estelle Fabiola Gaby Gérald//ine Jean/ine/ette/ot Jennifer Léon//ie/ce/tine Malvina Manuela Marcel//le/ine
Marjorie Maryannick Marylène Mauricette Mylène Pascal//e Raymond//e René//e Robert//e/a Rolland Solenn//e Violaine
Abdelhak Abderrahmane Assetou Bineta Brahima Coumba Dieynaba Drissa Fodé Hind Ilham Kadidia Latifa Lhoussaine Mbarek
Najat Naoual Ndeye Nour Ousmane Rabah Rania Seydou Siham Souad
Agnieszka Antonella Conceição Consuelo Encarnación Filipe Giulia Isabel Ivana João Katarzyna Kateryna Ludmila Lurdes
Nuno Oksana Paulo Pilar Rui Svetlana Tiago Zofia Anjali Linh Priya Sunita Thanh
"""


def _known(names: str) -> frozenset[str]:
    return frozenset(folded(one) for one in names.split())


def _family(written: str) -> str:
    beginning, *endings = written.split("/")
    return " ".join(f"{beginning}{ending}" for ending in endings) or beginning


ALSO_WORDS = _known(_ALSO_WORDS)
FIRST_NAMES = _known(_WOMEN) | _known(_MEN) | _known(" ".join(map(_family, _FAMILIES.split())))
