"""Hold a prerequisite graph against what students answered: questions, never verdicts on people.

`audit(edges, log)` says of each edge whether the answers bear it out, and which pairs may lack
an edge; `question` puts a finding to the author of the curriculum. docs/graph-audit.md says
how to read them, ADR 24 how well they find what was planted.
"""

from models.audit.direction import PARTS, WEIGHTS, Direction
from models.audit.findings import FLOOR, Audit, Counts, Finding, Verdict, audit
from models.audit.questions import missing_question, question
from models.audit.support import Support, Without

__all__ = [
    "FLOOR",
    "PARTS",
    "WEIGHTS",
    "Audit",
    "Counts",
    "Direction",
    "Finding",
    "Support",
    "Verdict",
    "Without",
    "audit",
    "missing_question",
    "question",
]
