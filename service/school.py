"""The documents in force for one school, read once for each version."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

from engine import Layout, Policy, policy_from_document
from graphs import Curriculum, EvidenceKind, FootpathError, curriculum_from_document
from graphs.framework import DEFAULT_KINDS
from models import BKTModel, MasteryModel, model_document, model_from_document
from models.starts import USUAL, Joint, Starts, starts_from_document
from models.wheel_spinning import PUBLISHED, WheelSpinning, wheel_spinning_from_document
from service.contract import Versions
from service.store import Unit, documents

T = TypeVar("T")


class NothingYet(FootpathError):
    """The school has no curriculum yet; never for an unknown id in one that has."""


@dataclass(frozen=True)
class School:
    """Curriculum, mastery model and policy in force, with their versions.

    `spinning` is the model of wheel-spinning in force, `starts` that of where students start: the
    published ones until the school fits its own.
    """

    layout: Layout
    model: MasteryModel
    policy: Policy
    versions: Versions
    spinning: WheelSpinning = PUBLISHED
    starts: Starts = USUAL

    @property
    def curriculum(self) -> Curriculum:
        """The curriculum in force."""
        return self.layout.curriculum

    @cached_property
    def joint(self) -> Joint:
        """Where new students start, over this curriculum."""
        return Joint(self.starts, self.curriculum.graph)


def load_school(unit: Unit) -> School:
    """Read the documents in force. Raises `NothingYet` before a curriculum was imported."""
    active = documents.active_versions(unit)
    if "curriculum" not in active:
        raise NothingYet("there is no curriculum yet; import one: footpath import framework")
    layout = _parsed(unit, "curriculum", active, _layout, None)
    model, policy = load_rules(unit, layout.curriculum.framework.kinds)
    versions = Versions(
        model=active.get("model") or version_of(model),
        policy=policy.version,
        curriculum=active["curriculum"],
    )
    spinning = _parsed(unit, "alert_model", active, wheel_spinning_from_document, PUBLISHED)
    starts = _parsed(unit, "starts", active, starts_from_document, USUAL)
    return School(layout, model, policy, versions, spinning, starts)


def load_rules(
    unit: Unit, kinds: Iterable[EvidenceKind] = DEFAULT_KINDS
) -> tuple[MasteryModel, Policy]:
    """Read the model and the policy in force; a school without its own starts with defaults.

    Before the first fit each of its `kinds` of evidence counts as the school says.
    """
    active = documents.active_versions(unit)
    unfitted: MasteryModel = BKTModel(reliability={kind.id: kind.weight for kind in kinds})
    return (
        _parsed(unit, "model", active, model_from_document, unfitted),
        _parsed(unit, "policy", active, policy_from_document, Policy()),
    )


def make_school(curriculum: Curriculum, model: MasteryModel, policy: Policy) -> School:
    """Join three documents that are not in a store."""
    versions = Versions(
        model=version_of(model), policy=policy.version, curriculum=curriculum.version
    )
    return School(Layout(curriculum), model, policy, versions)


def version_of(model: MasteryModel) -> str:
    """Return the content version of a model."""
    return str(model_document(model)["version"])


MOST_PARSED = 30
"""Documents kept parsed: five for each of the few schools that one process serves."""
_cache: dict[tuple[str, str], Any] = {}


def _parsed(
    unit: Unit,
    kind: documents.DocumentKind,
    active: Mapping[str, str],
    parse: Callable[[Mapping[str, Any]], T],
    default: T | None,
) -> T:
    """Return a document in force, parsed; immutable under its version, so parsed once."""
    if kind not in active:
        return cast(T, default)
    key = (kind, active[kind])
    value = _cache.get(key)
    if value is None:
        value = parse(documents.get_document(unit, *key))
        if len(_cache) >= MOST_PARSED:
            _cache.clear()
        _cache[key] = value
    return cast(T, value)


def _layout(document: Mapping[str, Any]) -> Layout:
    return Layout(curriculum_from_document(document))
