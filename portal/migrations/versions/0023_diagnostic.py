"""The shared diagnostic: its axes with their questions, whose finding it is, where it holds, who validated it.

Until now a finding named its axis in free words: each name becomes an axis of its contract, in the order that
is proposed to everybody, then in the order of the findings.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel.ids import new_id

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.String(26)
MOMENT = sa.DateTime(timezone=True)
FINDING = "finding"
# What was proposed on the day of this step.
QUESTIONS = {
    "Besoins du territoire et offre": "Trouve-t-on près de chez soi la place ou l’aide dont on a besoin\u00a0?",
    "Profil et droits des personnes accompagnées": "Qui sont les personnes accompagnées, et leurs choix sont-ils respectés\u00a0?",
    "Prestations de soins et d’accompagnement": "Les soins et l’aide de chaque jour vous conviennent-ils\u00a0?",
    "Ressources humaines et qualité de vie au travail": "Les équipes sont-elles assez nombreuses et stables pour vous\u00a0?",
    "Finances et budget": "L’argent suffit-il, et à quoi sert-il\u00a0?",
    "Immobilier, sécurité, accessibilité, transition écologique": "Les lieux sont-ils sûrs, confortables et faciles à vivre pour tous\u00a0?",
    "Système d’information et numérique": "Les outils numériques aident-ils vraiment, et vos données sont-elles protégées\u00a0?",
    "Coopérations, partenariats, ouverture sur le territoire": "Avec qui travaillons-nous autour de nous, et êtes-vous en lien avec le quartier\u00a0?",
    "Démarche qualité, gestion des risques, évaluation HAS": "Quand quelque chose ne va pas, le voit-on, le dit-on et l’améliore-t-on\u00a0?",
    "Gouvernance, siège et stratégie du gestionnaire": "Qui décide, où va-t-on, et vous écoute-t-on\u00a0?",
}
AXIS = sa.table(
    "axis",
    *(sa.column(name) for name in ("id", "contract_id", "number", "name", "question", "version")),
)
ITEM = sa.table(
    "item", *(sa.column(name) for name in ("id", "contract_id", "kind", "number", "axis", "axis_id"))
)


def upgrade() -> None:
    op.create_table(
        "axis",
        sa.Column("id", ID, nullable=False),
        sa.Column("contract_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_axis"),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name="fk_axis_contract_id_contract"),
    )
    op.create_index("ix_axis_place", "axis", ["contract_id", "number"])
    with op.batch_alter_table("item") as item:
        item.add_column(sa.Column("axis_id", ID, nullable=True))
        item.add_column(sa.Column("by_authority_id", ID, nullable=True))
        item.add_column(sa.Column("evidence", sa.String(300), nullable=False, server_default=""))
        item.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        item.add_column(sa.Column("withdrawn_at", MOMENT, nullable=True))
        item.add_column(sa.Column("withdrawn_by", sa.String(120), nullable=False, server_default=""))
        item.add_column(sa.Column("withdrawn_reason", sa.String(300), nullable=False, server_default=""))
        item.create_foreign_key("fk_item_axis_id_axis", "axis", ["axis_id"], ["id"])
        item.create_foreign_key(
            "fk_item_by_authority_id_organisation", "organisation", ["by_authority_id"], ["id"]
        )
    op.create_index("ix_item_axis_id", "item", ["axis_id"])
    op.create_table(
        "finding_place",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("establishment_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "establishment_id", name="pk_finding_place"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_finding_place_item_id_item"),
        sa.ForeignKeyConstraint(
            ["establishment_id"], ["establishment.id"], name="fk_finding_place_establishment_id_establishment"
        ),
    )
    op.create_table(
        "finding_validation",
        sa.Column("item_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_function", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "organisation_id", name="pk_finding_validation"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_finding_validation_item_id_item"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_finding_validation_organisation_id_organisation",
        ),
    )
    _gather()


def _gather() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(ITEM.c.contract_id, ITEM.c.axis)
        .where(ITEM.c.kind == FINDING)
        .order_by(ITEM.c.contract_id, ITEM.c.number)
    ).all()
    names: dict[str, list[str]] = {}
    for contract_id, name in rows:
        known = names.setdefault(contract_id, [])
        if name not in known:
            known.append(name)
    proposed = list(QUESTIONS)
    for contract_id, found in names.items():
        found.sort(key=lambda name: proposed.index(name) if name in QUESTIONS else len(proposed))
        for number, name in enumerate(found, 1):
            axis_id = new_id()
            connection.execute(
                AXIS.insert().values(
                    id=axis_id,
                    contract_id=contract_id,
                    number=number,
                    name=name,
                    question=QUESTIONS.get(name, ""),
                    version=1,
                )
            )
            connection.execute(
                ITEM.update()
                .where(ITEM.c.contract_id == contract_id, ITEM.c.kind == FINDING, ITEM.c.axis == name)
                .values(axis_id=axis_id, axis="")
            )


def downgrade() -> None:
    named = sa.select(AXIS.c.name).where(AXIS.c.id == ITEM.c.axis_id).scalar_subquery()
    op.get_bind().execute(ITEM.update().where(ITEM.c.axis_id.is_not(None)).values(axis=named))
    op.drop_table("finding_validation")
    op.drop_table("finding_place")
    op.drop_index("ix_item_axis_id", "item")
    with op.batch_alter_table("item") as item:
        item.drop_constraint("fk_item_by_authority_id_organisation", type_="foreignkey")
        item.drop_constraint("fk_item_axis_id_axis", type_="foreignkey")
        for name in (
            "withdrawn_reason",
            "withdrawn_by",
            "withdrawn_at",
            "version",
            "evidence",
            "by_authority_id",
            "axis_id",
        ):
            item.drop_column(name)
    op.drop_table("axis")
