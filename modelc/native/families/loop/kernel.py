"""The kernels that loops over steps consist of, around those of a step."""

from __future__ import annotations

from modelc.native.code.memory import load_i64, store_i64
from modelc.native.code.vector import inlined
from modelc.native.code.view import view
from modelc.native.families.loop.params import BEGIN, PART, STATE, TURN
from modelc.native.families.move.kernel import copy_run


def begin_loop(ctx, params, begin, end):
    """No step is done, see `BEGIN`."""
    args = view(BEGIN, ctx, params)
    store_i64(args.done, 0, 0)


def turn(ctx, params, begin, end):
    """One more step is done, see `TURN`."""
    args = view(TURN, ctx, params)
    store_i64(args.done, 0, load_i64(args.done, 0) + 1)


@inlined
def has_another_turn(ctx, params):
    """Whether more steps are to be done, see `TURN`."""
    args = view(TURN, ctx, params)
    return load_i64(args.done, 0) < args.steps


@inlined
def _place(args):
    """The place of the step among all."""
    done = load_i64(args.done, 0)
    return args.steps - 1 - done if args.backward != 0 else done


def take_part(ctx, params, begin, end):
    """`part[n] = whole[n, t]`, see `PART`."""
    args = view(PART, ctx, params)
    part, size, steps = args.part, args.size, args.steps
    first = args.whole + 4 * _place(args) * size
    for n in range(begin, end):
        copy_run(part + 4 * n * size, first + 4 * n * steps * size, size)


def put_part(ctx, params, begin, end):
    """`whole[n, t] = part[n]`, see `PART`."""
    args = view(PART, ctx, params)
    part, size, steps = args.part, args.size, args.steps
    first = args.whole + 4 * _place(args) * size
    for n in range(begin, end):
        copy_run(first + 4 * n * steps * size, part + 4 * n * size, size)


def set_state(ctx, params, begin, end):
    """`y[n] = x[n]`, see `STATE`."""
    args = view(STATE, ctx, params)
    size = args.size
    copy_run(args.y + 4 * begin * size, args.x + 4 * begin * size, (end - begin) * size)


KERNELS = (begin_loop, turn, take_part, put_part, set_state)
