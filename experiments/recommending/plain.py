"""The same slate option by option, in plain Python over networkx: the peer of the benchmark.

Written from the rules in `docs/adr/0022-slates.md` alone and sharing no code with the engine, so
that it is a second opinion as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from engine import Board, Option, Policy, Wishes

DAY_APART = 10 * 3600.0
LATER = 1_000
BACK = {"review", "gap"}
LIKE = {"target": 0.3, "format": 0.7, "kind": 0.8, "interest": 0.85, "purpose": 0.5}


@dataclass
class Learner:
    """One student as dictionaries: by fact, its value on each target, as the board has it."""

    graph: nx.DiGraph
    policy: Policy
    bar: float
    now: float
    facts: Mapping[str, Mapping[str, float]]

    def is_(self, fact: str, target: str) -> bool:
        """Whether a fact holds of a target."""
        return bool(self.facts[fact][target])


def learner(board: Board, student: str) -> Learner:
    """Read one row of a board into dictionaries."""
    row, targets = board.row(student), board.targets
    graph = nx.DiGraph()
    graph.add_nodes_from(targets)
    graph.add_edges_from((e.prereq, e.target) for e in board.curriculum.edges)
    status = board.status[row]
    arrays = {
        "p": board.p, "p_next": board.p_next, "learned": board.learned, "count": board.count,
        "retrievable": board.retrievable, "p_right": board.p_right, "last": board.last,
        "met": board.met, "implied": board.implied, "enough": board.enough,
    }  # fmt: skip
    facts = {name: dict(zip(targets, a[row].tolist(), strict=True)) for name, a in arrays.items()}
    facts["mastered"] = dict(zip(targets, (status == 4).tolist(), strict=True))
    facts["faded"] = dict(zip(targets, (status == 5).tolist(), strict=True))
    return Learner(graph, board.policy, board.bar, board.now, facts)


def plain_slate(who: Learner, options: Mapping[str, Option], wishes: Wishes) -> list[str]:
    """Return the ids of the choices, best first."""
    way = _way(who, wishes.goal)
    order = _order(who, None if wishes.goal is None else way)
    scores = {n: _score(who, o, wishes, way, order) for n, o in options.items() if _may(who, o)}
    left, picked = dict(scores), list[str]()
    front = _front(who, None if wishes.goal is None else way)
    rest = {n: _rest(who, o, front) for n, o in options.items() if n in left}
    least = min(rest.values(), default=0)
    number = wishes.number or who.policy.choices
    while len(picked) < number:
        pool = {n: s for n, s in left.items()
                if rest[n] <= least or (picked and rest[n] == LATER)}  # fmt: skip
        back = [_purpose(who, options[n]) in BACK for n in picked]
        if len(picked) == number - 1 and picked and (all(back) or not any(back)):
            turn = {n: s for n, s in pool.items()
                    if (_purpose(who, options[n]) in BACK) == (not any(back))}  # fmt: skip
            pool = turn or pool
        if not pool and len(picked) < 2:
            pool = left  # no choice otherwise: what rests fills up
        if not pool:
            break
        best = max(pool, key=pool.__getitem__)
        picked.append(best)
        left = {n: s * _unlike(who, options[n], options[best]) for n, s in left.items()
                if n != best}  # fmt: skip
    return picked


def _may(who: Learner, option: Option) -> bool:
    if not all(who.is_("met", p) for t in option.targets for p in who.graph.predecessors(t)):
        return False
    return any(_is_open(who, t) for t in option.targets)


def _is_open(who: Learner, target: str) -> bool:
    done = who.is_("mastered", target) or who.is_("enough", target)
    return not done and (not who.is_("implied", target) or _under_stuck(who, target))


def _order(who: Learner, among: set[str] | None) -> list[str]:
    """Return what can be worked on now, on the way if there is one, in the order it comes up."""
    front = _front(who, among)
    ready = [t for t in _to_do(who, among) if _is_ready(who, t)]
    return sorted(ready, key=lambda t: (t not in front, t in front and _rests(who, t)))


def _to_do(who: Learner, among: set[str] | None) -> list[str]:
    return [t for t in who.graph if _is_open(who, t) and (among is None or t in among)]


def _is_ready(who: Learner, target: str) -> bool:
    return all(who.is_("met", p) for p in who.graph.predecessors(target))


def _front(who: Learner, among: set[str] | None) -> set[str]:
    """Return the first targets to do, and the first on the way to a goal."""
    found = set[str]()
    for all_ in (None, among):
        number = ready = 0
        for target in _to_do(who, all_):
            found.add(target)
            number, ready = number + 1, ready + _is_ready(who, target)
            if number >= who.policy.at_once and ready >= 2:
                break
    return found


def _rest(who: Learner, option: Option, front: set[str]) -> int:
    """Return how much an option should rest: 0 to 1, more where it is not at the front."""
    tired = int(any(_rests(who, t) for t in option.targets))
    first = any(t in front or who.is_("faded", t) or _under_stuck(who, t) for t in option.targets)
    return tired if first else LATER + tired


def _score(who: Learner, option: Option, wishes: Wishes, way: set[str], order: list[str]) -> float:
    rule, fact = who.policy, who.facts
    worth = 0.0
    for t in option.targets:
        p = fact["p"][t]
        gain = max(fact["p_next"][t] - p, 0.0)
        opened = 0 if who.is_("met", t) else sum(
            not who.is_("met", d)
            and all(who.is_("met", q) for q in who.graph.predecessors(d) if q != t)
            for d in who.graph.successors(t)
        )  # fmt: skip
        worth += rule.w_gain * gain + rule.w_opens * gain * opened
        worth += rule.w_goal * (t in way)
        worth += rule.w_order / (order.index(t) + 1) if t in order else 0.0
        worth += rule.w_information * 4 * p * (1 - p) / (1 + fact["count"][t])
        if who.is_("faded", t):
            worth += rule.w_review * (fact["learned"][t] - fact["retrievable"][t])
        if _under_stuck(who, t):
            worth += rule.w_gap * (1 - p)
    chance = sum(fact["p_right"][t] for t in option.targets) / len(option.targets)
    outside = max(rule.band_low - chance, chance - rule.band_high, 0.0)
    worth *= max(1 - outside / rule.band_slope, rule.band_floor)
    worth += rule.w_interest * bool(set(option.interests) & set(wishes.interests))
    return worth / (option.minutes * wishes.extra_time)


def _way(who: Learner, goal: str | None) -> set[str]:
    if goal is None or who.is_("mastered", goal):
        return set()
    found, waiting = {goal}, [goal]
    while waiting:
        for before in who.graph.predecessors(waiting.pop()):
            if before not in found and not who.is_("met", before):
                found.add(before)
                waiting.append(before)
    return found


def _stuck(who: Learner, target: str) -> bool:
    tried = who.facts["count"][target] >= who.policy.stuck_after
    reached = who.facts["learned"][target] >= who.bar or who.is_("mastered", target)
    return tried and not reached and not who.is_("enough", target)


def _under_stuck(who: Learner, target: str) -> bool:
    above = who.graph.successors(target)
    return not who.is_("mastered", target) and any(_stuck(who, t) for t in above)


def _rests(who: Learner, target: str) -> bool:
    tried = who.facts["count"][target] >= who.policy.stuck_after
    today = who.now - who.facts["last"][target] < DAY_APART
    return today and tried and who.facts["learned"][target] < who.bar


def _purpose(who: Learner, option: Option) -> str:
    if any(who.is_("faded", t) for t in option.targets):
        return "review"
    if any(_under_stuck(who, t) for t in option.targets):
        return "gap"
    if any(who.facts["count"][t] for t in option.targets):
        return "learn"
    before = [list(who.graph.predecessors(t)) for t in option.targets]
    sure = all(each and all(who.is_("mastered", p) for p in each) for each in before)
    return "ahead" if sure else "probe"


def _unlike(who: Learner, option: Option, picked: Option) -> float:
    same = {
        "target": bool(set(option.targets) & set(picked.targets)),
        "format": option.format == picked.format != "",
        "kind": option.kind == picked.kind != "",
        "interest": bool(set(option.interests) & set(picked.interests)),
        "purpose": _purpose(who, option) == _purpose(who, picked),
    }
    left = 1.0
    for name, is_same in same.items():
        left *= LIKE[name] if is_same else 1.0
    return left
