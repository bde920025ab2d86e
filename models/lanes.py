"""Eight numbers at a time: the vector registers of every common processor, in compiled code.

Inside a compiled function `load` reads eight neighbouring numbers of a table whose last axis has
`LANES` of them, + - * / work lane by lane (also with a plain number), `put` and `add` write back,
`total` sums the lanes. Each becomes a few vector instructions. LLVM does not get there from plain
loops: it must assume that the tables of a kernel overlap.
"""

import operator
from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, register_model

LANES = 8
"""Numbers in a group: two AVX2 registers, one AVX-512 register, four of NEON."""
Lanes = Any
"""A group inside compiled code; it never reaches Python."""

_GROUP = ir.VectorType(ir.DoubleType(), LANES)
_NOTHING = ir.Constant(_GROUP, ir.Undefined)
_OPERATORS = {
    operator.add: "fadd",
    operator.iadd: "fadd",
    operator.sub: "fsub",
    operator.mul: "fmul",
    operator.truediv: "fdiv",
}


class LanesType(types.Type):
    """The compiler's type of a group."""

    def __init__(self) -> None:
        super().__init__(name="lanes")


_lanes = LanesType()


class _LanesModel(PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _GROUP)  # type: ignore[no-untyped-call]


register_model(LanesType)(_LanesModel)


def _shuffled(builder: Any, group: Any, order: list[int]) -> Any:
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), order)
    return builder.shuffle_vector(group, _NOTHING, mask)


def _spread(builder: Any, value: Any) -> Any:
    """Repeat a number in all lanes; a group stays as it is."""
    if value.type == _GROUP:
        return value
    first = builder.insert_element(_NOTHING, value, ir.IntType(32)(0))
    return _shuffled(builder, first, [0] * LANES)


def _learn_operator(function: Callable[..., Any], name: str) -> None:
    """Teach the compiler an operator between groups, and between a group and a number."""
    pairs = [(_lanes, _lanes), (_lanes, types.float64), (types.float64, _lanes)]
    found = {"cases": [signature(_lanes, *pair) for pair in pairs]}
    infer_global(function)(type(f"Lanes_{name}", (ConcreteTemplate,), found))

    def lower(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return getattr(builder, name)(*(_spread(builder, value) for value in values))

    for pair in pairs:
        lower_builtin(function, *pair)(lower)


for _function, _name in _OPERATORS.items():
    _learn_operator(_function, _name)


def _place(context: Any, builder: Any, kinds: Any, values: Any) -> Any:
    """Pointer to a group of a C-ordered table, given its leading indices."""
    table = context.make_array(kinds[0])(context, builder, values[0])
    sizes = cgutils.unpack_tuple(builder, table.shape, kinds[0].ndim)
    position = ir.Constant(cgutils.intp_t, 0)
    for i, kind in enumerate(kinds[1]):
        index = builder.extract_value(values[1], i)
        index = context.cast(builder, index, kind, types.intp)
        position = builder.add(builder.mul(position, sizes[i]), index)
    position = builder.mul(position, ir.Constant(cgutils.intp_t, LANES))
    return builder.bitcast(builder.gep(table.data, [position]), _GROUP.as_pointer())


def _known_to_compiler(function: Callable[..., Any]) -> Callable[..., Any]:
    return cast(Callable[..., Any], intrinsic(function))


@_known_to_compiler
def load(_: Any, table: Any, at: Any) -> Any:
    """Return ``table[at]`` as a group; `at` is the tuple of all indices but the last."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        return builder.load(_place(context, builder, sig.args, values), align=8)

    return _lanes(table, at), generate


@_known_to_compiler
def put(_: Any, table: Any, at: Any, group: Any) -> Any:
    """Set ``table[at] = group``; a number fills all lanes."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        place = _place(context, builder, sig.args, values)
        builder.store(_spread(builder, values[2]), place, align=8)
        return context.get_dummy_value()

    return types.void(table, at, group), generate


@_known_to_compiler
def spread(_: Any, number: Any) -> Any:
    """Return a group with this number in all lanes."""

    def generate(__: Any, builder: Any, ___: Any, values: Any) -> Any:
        return _spread(builder, values[0])

    return _lanes(types.float64), generate


@_known_to_compiler
def total(_: Any, group: Any) -> Any:
    """Return the sum of the lanes: neighbours, then pairs, then halves."""

    def generate(__: Any, builder: Any, ___: Any, values: Any) -> Any:
        found = values[0]
        for step in (1, 2, 4):
            turned = _shuffled(builder, found, [(i + step) % LANES for i in range(LANES)])
            found = builder.fadd(found, turned)
        return builder.extract_element(found, ir.IntType(32)(0))

    return types.float64(group), generate
