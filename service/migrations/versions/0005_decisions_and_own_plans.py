"""decisions on choices, and what a plan expected to take."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("minutes", sa.Float(), nullable=True))
    op.create_table(
        "decisions",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("recommendation", sa.String(length=200), nullable=False),
        sa.Column("said", sa.String(length=16), nullable=False),
        sa.Column("option", sa.String(length=500), nullable=True),
        sa.Column("why", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("goal", sa.String(length=200), nullable=True),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_decisions_students"),
        ),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_district_student"), "decisions", ["district", "student"])
