"""rounds of accepted groups."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("class_id", sa.String(length=200), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_by", sa.String(length=200), nullable=False),
        sa.Column("expires", sa.String(length=10), nullable=False),
        sa.Column("model", sa.String(length=16), nullable=False),
        sa.Column("policy", sa.String(length=16), nullable=False),
        sa.Column("curriculum", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "class_id"],
            ["classes.district", "classes.id"],
            name=op.f("fk_rounds_classes"),
        ),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_rounds")),
    )
    op.create_index(op.f("ix_rounds_district_class_id"), "rounds", ["district", "class_id"])
    op.create_table(
        "round_groups",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("round", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("word", sa.String(length=200), nullable=False),
        sa.Column("lowest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "round"],
            ["rounds.district", "rounds.id"],
            name=op.f("fk_round_groups_rounds"),
        ),
        sa.PrimaryKeyConstraint("district", "round", "number", name=op.f("pk_round_groups")),
    )
    op.create_table(
        "round_members",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("round", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "round", "number"],
            ["round_groups.district", "round_groups.round", "round_groups.number"],
            name=op.f("fk_round_members_round_groups"),
        ),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_round_members_students"),
        ),
        sa.PrimaryKeyConstraint("district", "round", "student", name=op.f("pk_round_members")),
    )
