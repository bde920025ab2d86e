"""Routes on the groups of a class: propose, solve under rules, accept, look back."""

from fastapi import APIRouter

from service.api.asking import Ask
from service.contract import Acceptance, GroupRules, Groups, RoundOut, Rounds
from service.guards import PathId
from service.usecases import grouping

router = APIRouter(tags=["groups"])


@router.get("/classes/{class_id}/groups")
def get_groups(ask: Ask, class_id: PathId) -> Groups:
    """Return the best groups for today, under the policy alone."""
    return grouping.class_groups(ask.store, ask.principal, class_id, ask.clock())


@router.post("/classes/{class_id}/groups")
def solve_groups(ask: Ask, class_id: PathId, rules: GroupRules) -> Groups:
    """Return the best groups for today under some rules; nothing is stored.

    Rules that cannot all be kept are refused (422) with the smallest set of them that clash.
    """
    return grouping.class_groups(ask.store, ask.principal, class_id, ask.clock(), rules)


@router.get("/classes/{class_id}/rounds")
def get_rounds(ask: Ask, class_id: PathId) -> Rounds:
    """Return the groups that were accepted, the latest first, and what became of them."""
    return grouping.class_rounds(ask.store, ask.principal, class_id, ask.clock())


@router.post("/classes/{class_id}/rounds")
def accept_groups(ask: Ask, class_id: PathId, acceptance: Acceptance) -> RoundOut:
    """Accept groups, as proposed or changed; the same groups on one day are kept once."""
    return grouping.accept(ask.store, ask.principal, class_id, acceptance, ask.clock())
