"""Everything kept: one database, its schema and migrations, and every query.

No SQL is written outside this package. SQLite is the default; any database that
SQLAlchemy speaks to can take its place.
"""

from service.store import decisions, documents, events, evidence, people, rounds, states, support
from service.store.connection import Store, StoreTrouble, Unit, is_missing, open_store
from service.store.people import SchoolClass, Student

__all__ = [
    "SchoolClass",
    "Store",
    "StoreTrouble",
    "Student",
    "Unit",
    "decisions",
    "documents",
    "events",
    "evidence",
    "is_missing",
    "open_store",
    "people",
    "rounds",
    "states",
    "support",
]
