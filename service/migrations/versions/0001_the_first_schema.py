"""the first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "classes",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_classes")),
    )
    op.create_table(
        "documents",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("district", "kind", "version", name=op.f("pk_documents")),
    )
    op.create_table(
        "students",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("interests", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_students")),
    )
    op.create_table(
        "active",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "kind", "version"],
            ["documents.district", "documents.kind", "documents.version"],
            name=op.f("fk_active_documents"),
        ),
        sa.PrimaryKeyConstraint("district", "kind", name=op.f("pk_active")),
    )
    op.create_table(
        "enrollments",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("class_id", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "class_id"],
            ["classes.district", "classes.id"],
            name=op.f("fk_enrollments_classes"),
        ),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_enrollments_students"),
        ),
        sa.PrimaryKeyConstraint("district", "class_id", "student", name=op.f("pk_enrollments")),
    )
    op.create_table(
        "evidence",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.Column("task", sa.String(length=500), nullable=True),
        sa.Column("observed_at", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("scale", sa.String(length=200), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("rater", sa.String(length=200), nullable=True),
        sa.Column("duration", sa.Float(), nullable=True),
        sa.Column("supersedes", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_evidence_students"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_evidence")),
        sa.UniqueConstraint("district", "id", name=op.f("uq_evidence_district_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evidence_district_student"), ["district", "student"], unique=False
        )

    op.create_table(
        "states",
        sa.Column("district", sa.String(length=64), nullable=False),
        sa.Column("student", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=16), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district", "student"],
            ["students.district", "students.id"],
            name=op.f("fk_states_students"),
        ),
        sa.PrimaryKeyConstraint("district", "student", name=op.f("pk_states")),
    )
