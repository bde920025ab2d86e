"""decisions that were taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision_undos",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "decision"],
            ["decisions.district", "decisions.id"],
            name=op.f("fk_decision_undos_decisions"),
        ),
        sa.PrimaryKeyConstraint("district", "decision", name=op.f("pk_decision_undos")),
        sa.UniqueConstraint("district", "id", name=op.f("uq_decision_undos_district_id")),
    )
    op.create_index(
        op.f("ix_decision_undos_district_student"), "decision_undos", ["district", "student"]
    )
