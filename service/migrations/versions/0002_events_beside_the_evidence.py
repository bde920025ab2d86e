"""events beside the evidence, and a state's trail."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_events_students"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("district", "id", name=op.f("uq_events_district_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_events_district_student"), "events", ["district", "student"])
    for column in (
        sa.Column("hints", sa.Integer(), nullable=True),
        sa.Column("artifact", sa.Text(), nullable=True),
        sa.Column("work", sa.String(length=200), nullable=True),
    ):
        op.add_column("evidence", column)
    op.drop_table("states")  # a cache: states are folded anew when they are next asked for
    op.create_table(
        "states",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=16), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("trail", sa.LargeBinary(), nullable=False),
        sa.Column("tail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_states_students"),
        ),
        sa.PrimaryKeyConstraint("district", "student", name=op.f("pk_states")),
    )
