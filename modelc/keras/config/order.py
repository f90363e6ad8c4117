"""The order of the calls of a Functional model: each after those that it depends on, layers in Keras's order; and that
order, for models that Keras is to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modelc.errors import FileFormatError

Key = tuple[str, int]
"""A call: the layer, and which of its calls."""


def order_calls(layers: Sequence[str], calls: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """All calls, given what each depends on.

    Layers come in the order in which they are given, by the first of their calls whose inputs are there by then;
    further calls come as soon as theirs are. Raises `FileFormatError` where calls depend on each other in a circle.
    """
    return _CallOrder(layers, calls).run()


def keras_order(calls: Mapping[int, tuple[str, Sequence[int]]], outputs: Sequence[int]) -> list[str]:
    """The layers as Keras orders `model.layers`, by which the files of Keras 3 number them, whatever order they are
    written in: `keras.src.ops.function.map_graph`.

    Each call has its layer, and the calls that it takes tensors of. Layers come by their depth, which is the longest
    way to an output, the deepest first; those of one depth in the order in which a walk from the outputs meets them.
    """
    met: dict[str, int] = {}
    done = _after_their_inputs(calls, outputs, met)
    depths: dict[str, int] = {}
    of_call: dict[int, int] = {}
    for call in reversed(done):
        layer, needed = calls[call]
        depths[layer] = depth = max(of_call.get(call, 0), depths.get(layer, 0))
        for one in needed:
            of_call[one] = max(of_call.get(one, 0), depth + 1)
    return sorted(depths, key=lambda layer: (-depths[layer], met[layer]))


def _after_their_inputs(
    calls: Mapping[int, tuple[str, Sequence[int]]], outputs: Sequence[int], met: dict[str, int]
) -> list[int]:
    """The calls that the outputs depend on, each after those; layers are numbered in `met` as they are met."""
    done: dict[int, None] = {}
    for output in outputs:
        stack = [output]
        while stack:
            call = stack[-1]
            layer, needed = calls[call]
            met.setdefault(layer, len(met))
            waiting = next((one for one in needed if one not in done), None)
            if call in done or waiting is None:
                done[stack.pop()] = None
            else:
                stack.append(waiting)
    return list(done)


class _CallOrder:
    def __init__(self, layers: Sequence[str], calls: Mapping[Key, Sequence[Key]]) -> None:
        self._layers, self._calls = layers, calls
        self._missing = {key: len(set(needed)) for key, needed in calls.items()}
        self._users: dict[Key, list[Key]] = {}
        self._of: dict[str, list[Key]] = {name: [] for name in layers}
        for key, needed in calls.items():
            self._of[key[0]].append(key)
            for one in set(needed):
                self._users.setdefault(one, []).append(key)
        self._met: set[str] = set()
        self._done: dict[Key, None] = {}

    def run(self) -> list[Key]:
        for name in self._layers:
            if name not in self._met:
                self._meet(name)
        return list(self._done)

    def _meet(self, name: str) -> None:
        """Add a call of a layer that has none yet, and before it what it needs."""
        ready = next((key for key in self._of[name] if self._missing[key] == 0), None)
        if ready is not None:
            self._add(ready)
            return
        # Not in Keras's order: what the first call needs goes before it.
        stack: list[Key] = self._of[name][:1]
        open_calls: set[Key] = set()
        while stack:
            key = stack[-1]
            if key in self._done:
                stack.pop()
            elif self._missing[key] == 0:
                self._add(stack.pop())
            elif key in open_calls:
                raise FileFormatError(f"the Keras model is malformed: the layer `{key[0]}` depends on its own output")
            else:
                open_calls.add(key)
                stack += [needed for needed in self._calls[key] if needed not in self._done]

    def _add(self, key: Key) -> None:
        """Add a call, and the further calls of layers that are met which waited for it."""
        waiting = [key]
        while waiting:
            key = waiting.pop(0)
            if key in self._done:
                continue
            self._done[key] = None
            if key[0] not in self._met:
                self._met.add(key[0])
                waiting += [k for k in self._of[key[0]] if self._missing[k] == 0]
            for user in self._users.get(key, ()):
                self._missing[user] -= 1
                if self._missing[user] == 0 and user[0] in self._met:
                    waiting.append(user)
