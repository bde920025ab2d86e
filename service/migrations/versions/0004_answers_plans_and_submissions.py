"""answers to interventions, plans agreed with students, and work that waits for its mark."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("class_id", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("said", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_answers_students"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_answers")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_answers_district_student"), "answers", ["district", "student"])
    op.create_table(
        "plans",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("goal", sa.String(length=200), nullable=True),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("formats", sa.Text(), nullable=False),
        sa.Column("reflection", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_plans_students"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_plans")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_plans_district_student"), "plans", ["district", "student"])
    op.create_table(
        "submissions",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("task", sa.String(length=500), nullable=True),
        sa.Column("handed_in_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_submissions_students"),
        ),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_submissions")),
    )
    op.create_index(op.f("ix_submissions_district_student"), "submissions", ["district", "student"])
