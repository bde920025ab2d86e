"""The tables of the store. Every row knows its district; ids are the caller's own.

Documents (curriculum, model, policy) are immutable values under their content version, so
that a recommendation can name exactly what it was made with. The log is `evidence` and
`events`, both append-only: what is corrected, withdrawn, judged or undone is one more event.
`states` is a cache: it can be dropped and rebuilt from the log, bit for bit.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

documents = Table(
    "documents",
    metadata,
    Column("district", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("version", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("district", "kind", "version"),
)

active = Table(
    "active",
    metadata,
    Column("district", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("version", String(16), nullable=False),
    PrimaryKeyConstraint("district", "kind"),
    ForeignKeyConstraint(
        ["district", "kind", "version"],
        ["documents.district", "documents.kind", "documents.version"],
    ),
)

students = Table(
    "students",
    metadata,
    Column("district", String(64), nullable=False),
    Column("id", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("interests", Text, nullable=False),
    PrimaryKeyConstraint("district", "id"),
)

classes = Table(
    "classes",
    metadata,
    Column("district", String(64), nullable=False),
    Column("id", String(200), nullable=False),
    Column("title", String(200), nullable=False),
    PrimaryKeyConstraint("district", "id"),
)

enrollments = Table(
    "enrollments",
    metadata,
    Column("district", String(64), nullable=False),
    Column("class_id", String(200), nullable=False),
    Column("student", String(200), nullable=False),
    PrimaryKeyConstraint("district", "class_id", "student"),
    ForeignKeyConstraint(["district", "class_id"], ["classes.district", "classes.id"]),
    ForeignKeyConstraint(["district", "student"], ["students.district", "students.id"]),
)

# Times are microseconds since 1970 UTC: exact, sortable, the same in every database.
evidence = Table(
    "evidence",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("district", String(64), nullable=False),
    Column("id", String(200), nullable=False),
    Column("student", String(200), nullable=False),
    Column("targets", Text, nullable=False),
    Column("kind", String(200), nullable=False),
    Column("score", Float),
    Column("missed", Boolean, nullable=False),
    Column("task", String(500)),
    Column("observed_at", BigInteger),
    Column("position", BigInteger),
    Column("level", Integer),
    Column("scale", String(200)),
    Column("attempt", Integer),
    Column("rater", String(200)),
    Column("duration", Float),
    Column("supersedes", String(200)),
    Column("note", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("hints", Integer),
    Column("artifact", Text),
    Column("work", String(200)),
    UniqueConstraint("district", "id"),
    Index(None, "district", "student"),
    ForeignKeyConstraint(["district", "student"], ["students.district", "students.id"]),
    sqlite_autoincrement=True,
)

# What people did to the log: `subject` is the evidence that is replaced or withdrawn, the
# learning target that is judged, or the event that is undone; `body` is JSON.
events = Table(
    "events",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("district", String(64), nullable=False),
    Column("id", String(200), nullable=False),
    Column("student", String(200), nullable=False),
    Column("type", String(16), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    UniqueConstraint("district", "id"),
    Index(None, "district", "student"),
    ForeignKeyConstraint(["district", "student"], ["students.district", "students.id"]),
    sqlite_autoincrement=True,
)

# `trail` holds where each estimate stood after each piece; `tail` is the reading key of the
# last piece, after which a new one may simply be observed (null: fold the whole log again).
states = Table(
    "states",
    metadata,
    Column("district", String(64), nullable=False),
    Column("student", String(200), nullable=False),
    Column("model", String(16), nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("trail", LargeBinary, nullable=False),
    Column("tail", Text),
    PrimaryKeyConstraint("district", "student"),
    ForeignKeyConstraint(["district", "student"], ["students.district", "students.id"]),
)

# Groups that a teacher accepted together, each with its aim and its members; the day on which
# they `expire` is ISO text.
rounds = Table(
    "rounds",
    metadata,
    Column("district", String(64), nullable=False),
    Column("id", String(200), nullable=False),
    Column("class_id", String(200), nullable=False),
    Column("accepted_at", BigInteger, nullable=False),
    Column("accepted_by", String(200), nullable=False),
    Column("expires", String(10), nullable=False),
    Column("model", String(16), nullable=False),
    Column("policy", String(16), nullable=False),
    Column("curriculum", String(16), nullable=False),
    PrimaryKeyConstraint("district", "id"),
    Index(None, "district", "class_id"),
    ForeignKeyConstraint(["district", "class_id"], ["classes.district", "classes.id"]),
)

round_groups = Table(
    "round_groups",
    metadata,
    Column("district", String(64), nullable=False),
    Column("round", String(200), nullable=False),
    Column("number", Integer, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("target", String(200), nullable=False),
    Column("word", String(200), nullable=False),
    Column("lowest", Boolean, nullable=False),
    PrimaryKeyConstraint("district", "round", "number"),
    ForeignKeyConstraint(["district", "round"], ["rounds.district", "rounds.id"]),
)

round_members = Table(
    "round_members",
    metadata,
    Column("district", String(64), nullable=False),
    Column("round", String(200), nullable=False),
    Column("number", Integer, nullable=False),
    Column("student", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    PrimaryKeyConstraint("district", "round", "student"),
    ForeignKeyConstraint(
        ["district", "round", "number"],
        ["round_groups.district", "round_groups.round", "round_groups.number"],
    ),
    ForeignKeyConstraint(["district", "student"], ["students.district", "students.id"]),
)

# What people answered to an intervention: `id` is that of the proposal, `body` is JSON: what was
# proposed, on what it rested, and where the estimate stood then.
answers = Table(
    "answers",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("district", String(64), nullable=False),
    Column("id", String(200), nullable=False),
    Column("class_id", String(200), nullable=False),
    Column("student", String(200), nullable=False),
    Column("said", String(16), nullable=False),
    Column("author", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "district", "student"),
    ForeignKeyConstraint(["district", "student"], ["students.district", "students.id"]),
    sqlite_autoincrement=True,
)

# What was agreed with a student, and their own words; the last row of a student counts.
# `minutes` is what the way to the goal was expected to take then.
plans = Table(
    "plans",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("district", String(64), nullable=False),
    Column("student", String(200), nullable=False),
    Column("goal", String(200)),
    Column("due", String(10)),
    Column("formats", Text, nullable=False),
    Column("reflection", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("minutes", Float),
    Index(None, "district", "student"),
    ForeignKeyConstraint(["district", "student"], ["students.district", "students.id"]),
    sqlite_autoincrement=True,
)

# What was decided on choices that were offered: `said` is *taken*, *declined* or *other*,
# `option` what it is about (null: something else was wished for), `offer` and `versions` are JSON:
# the options in the order they were offered with their purposes, and what they were made with.
decisions = Table(
    "decisions",
    metadata,
    Column("district", String(64), nullable=False),
    Column("id", String(200), nullable=False),
    Column("student", String(200), nullable=False),
    Column("recommendation", String(200), nullable=False),
    Column("said", String(16), nullable=False),
    Column("option", String(500)),
    Column("why", String(32), nullable=False),
    Column("words", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("goal", String(200)),
    Column("offer", Text, nullable=False),
    Column("versions", Text, nullable=False),
    PrimaryKeyConstraint("district", "id"),
    Index(None, "district", "student"),
    ForeignKeyConstraint(["district", "student"], ["students.district", "students.id"]),
)

# Decisions that were taken back: one row more, and the decision itself stays.
decision_undos = Table(
    "decision_undos",
    metadata,
    Column("district", String(64), nullable=False),
    Column("decision", String(200), nullable=False),
    Column("id", String(200), nullable=False),
    Column("student", String(200), nullable=False),
    Column("author", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("undone_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("district", "decision"),
    UniqueConstraint("district", "id"),
    Index(None, "district", "student"),
    ForeignKeyConstraint(["district", "decision"], ["decisions.district", "decisions.id"]),
)

# Work that was handed in; it waits until evidence of it is recorded.
submissions = Table(
    "submissions",
    metadata,
    Column("district", String(64), nullable=False),
    Column("id", String(200), nullable=False),
    Column("student", String(200), nullable=False),
    Column("targets", Text, nullable=False),
    Column("task", String(500)),
    Column("handed_in_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("district", "id"),
    Index(None, "district", "student"),
    ForeignKeyConstraint(["district", "student"], ["students.district", "students.id"]),
)
