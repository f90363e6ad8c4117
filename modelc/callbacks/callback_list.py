"""`CallbackList`: all callbacks of a run, called as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from modelc.callbacks.callback import Array, Callback, Logs, State
from modelc.callbacks.log import History
from modelc.callbacks.progress import ProgbarLogger
from modelc.callbacks.resume import BackupAndRestore
from modelc.config.arguments import kind_of
from modelc.errors import Diagnostic, SpecError

_Hook = Callable[..., None]

_ALIASES = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}
"""The events of a batch of training, and what a callback may override instead."""


def _indexed(event: str) -> Any:
    """The method that calls an event of an epoch or a batch."""

    def call(self: CallbackList, index: int, logs: Logs | None = None) -> None:
        hooks = self.hooks(event)
        if hooks:
            plain = plain_logs(logs)
            for hook in hooks:
                hook(index, plain)

    return call


def _plain(event: str) -> Any:
    """The method that calls an event of a whole run."""

    def call(self: CallbackList, logs: Logs | None = None) -> None:
        hooks = self.hooks(event)
        if hooks:
            plain = plain_logs(logs)
            for hook in hooks:
                hook(plain)

    return call


class CallbackList(Callback):
    """Calls each of its callbacks, in order, with the same logs.

    A `BackupAndRestore` comes after all others, wherever it was given: what it saves is the state after the event,
    theirs included. An event of a batch costs nothing where no callback has a use for it.
    """

    def __init__(
        self,
        callbacks: Callback | Iterable[Callback] | None = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        given: list[Any] = [] if callbacks is None else _flat([callbacks])
        history = next((c for c in given if isinstance(c, History)), None)
        if history is None and add_history:
            history = History()
            given.append(history)
        if add_progbar and not any(isinstance(c, ProgbarLogger) for c in given):
            given.append(ProgbarLogger())
        self.history = history
        """What records the run, where there is one."""
        self.callbacks: list[Any] = sorted(given, key=lambda c: isinstance(c, BackupAndRestore))
        """In the order in which they are called."""
        self._hooks: dict[str, list[_Hook]] = {}
        for callback in self.callbacks:
            if isinstance(callback, BackupAndRestore):
                callback.attach(self)
        if model is not None:
            self.set_model(model)
        if params:
            self.set_params(params)

    def set_model(self, model: Any) -> None:
        """Called before anything else."""
        super().set_model(model)
        if self.history is not None:
            model.history = self.history
        for callback in self.callbacks:
            callback.set_model(model)

    def set_params(self, params: dict[str, Any]) -> None:
        """Called before anything else."""
        super().set_params(params)
        self._hooks.clear()
        for callback in self.callbacks:
            callback.set_params(params)

    def describe(self, about: Callable[[], dict[str, Any]]) -> None:
        """Say what run it is, where there is a callback that goes on with one."""
        backups = [callback for callback in self.callbacks if isinstance(callback, BackupAndRestore)]
        if backups:
            described = about()
            for backup in backups:
                backup.describe(described)

    def wants(self, event: str) -> bool:
        """Whether any callback does something at `event`: no logs need to be made for it otherwise."""
        return bool(self.hooks(event))

    def hooks(self, event: str) -> list[_Hook]:
        """What is called at an event."""
        if event not in self._hooks:
            self._hooks[event] = [getattr(c, event) for c in self.callbacks if _acts(c, event)]
        return self._hooks[event]

    @property
    def steers_steps(self) -> bool:
        """Whether an event of a batch of training may change how it goes on."""
        hooks = [*self.hooks("on_train_batch_begin"), *self.hooks("on_train_batch_end")]
        return not all(getattr(hook, "only_observes", False) for hook in hooks)

    def close(self) -> None:
        """Called last, however the run ended."""
        for callback in self.callbacks:
            if isinstance(callback, Callback):
                callback.close()

    # --- what a checkpoint holds of the callbacks

    def state(self) -> State:
        """The states of all, each under its type and count: `EarlyStopping_0/best`."""
        arrays: dict[str, Array] = {}
        numbers: dict[str, Any] = {}
        for key, callback in self._stateful():
            own, numbers[key] = callback.state()
            arrays.update({f"{key}/{name}": array for name, array in own.items()})
        return arrays, {key: value for key, value in numbers.items() if value or _under(key, arrays)}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Give each callback its state; one that was not in the run before begins anew."""
        for key, callback in self._stateful():
            if key in numbers:
                callback.restore(_under(key, arrays), numbers[key])

    def _stateful(self) -> list[tuple[str, Callback]]:
        """The callbacks that have states, by type and count, so that one more of another type changes no key."""
        counts: dict[str, int] = {}
        found: list[tuple[str, Callback]] = []
        for callback in self.callbacks:
            if isinstance(callback, Callback):
                kind = type(callback).__name__
                counts[kind] = counts.get(kind, -1) + 1
                found.append((f"{kind}_{counts[kind]}", callback))
        return found

    # --- events

    on_batch_begin = _indexed("on_batch_begin")
    on_batch_end = _indexed("on_batch_end")
    on_epoch_begin = _indexed("on_epoch_begin")
    on_epoch_end = _indexed("on_epoch_end")
    on_train_batch_begin = _indexed("on_train_batch_begin")
    on_train_batch_end = _indexed("on_train_batch_end")
    on_test_batch_begin = _indexed("on_test_batch_begin")
    on_test_batch_end = _indexed("on_test_batch_end")
    on_predict_batch_begin = _indexed("on_predict_batch_begin")
    on_predict_batch_end = _indexed("on_predict_batch_end")
    on_train_begin = _plain("on_train_begin")
    on_train_end = _plain("on_train_end")
    on_test_begin = _plain("on_test_begin")
    on_test_end = _plain("on_test_end")
    on_predict_begin = _plain("on_predict_begin")
    on_predict_end = _plain("on_predict_end")


def plain_logs(logs: Mapping[str, Any] | None) -> Logs:
    """A copy for the callbacks: sorted, without nesting, and with Python's floats where values are numbers."""
    plain: Logs = {}
    for name, value in sorted((logs or {}).items()):
        if isinstance(value, Mapping):
            plain.update(plain_logs(cast("Mapping[str, Any]", value)))
            continue
        try:
            plain[name] = float(value)
        except (TypeError, ValueError):
            plain[name] = value
    return plain


def _is_one(callbacks: Any) -> bool:
    return not isinstance(callbacks, Iterable) or isinstance(callbacks, Callback)


def _flat(callbacks: Iterable[Any]) -> list[Any]:
    """All callbacks of lists in lists. Raises `SpecError` for what is none; those of Keras do as well."""
    found: list[Any] = []
    for item in callbacks:
        if isinstance(item, type) or not (hasattr(item, "set_model") or isinstance(item, list | tuple | Iterator)):
            given = f"the class {item.__name__}" if isinstance(item, type) else kind_of(item)
            help = f"write `{item.__name__}(…)`" if isinstance(item, type) else "take them from `modelc.callbacks`"
            raise SpecError(Diagnostic("E203", f"expected callbacks, found {given}", help, "callbacks"))
        found += [item] if _is_one(item) else _flat(cast("Iterable[Any]", item))
    return found


def _acts(callback: Any, event: str) -> bool:
    """Whether the callback has an event of its own; one that is not ours is asked in any case."""
    if not isinstance(callback, Callback):
        return hasattr(callback, event)
    if event in callback.unused_events():
        return False
    names = (event, _ALIASES[event]) if event in _ALIASES else (event,)
    return any(name in vars(callback) or getattr(type(callback), name) is not getattr(Callback, name) for name in names)


def _under(key: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name[len(key) + 1 :]: array for name, array in arrays.items() if name.startswith(key + "/")}
