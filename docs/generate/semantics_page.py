"""docs/semantics.md: what Keras 2 and Keras 3 compute differently."""

from __future__ import annotations

import typing

from modelc.semantics import KERAS_2, KERAS_3, Rule, Semantics

READING = ("hard_sigmoid", "gate_default", "kernel_order", "training_in_call")
"""The rules that are settled while a file is read."""


def semantics_page() -> str:
    """The page: a row for each rule."""
    rules = {name: kind for name, kind in typing.get_type_hints(Semantics).items() if name != "name"}
    return "\n".join(
        [
            "# Keras 2 and Keras 3\n",
            "A Keras file is interpreted as the version of Keras that saved it and its backend would. Both "
            "are recorded in the file; if they are not, Keras 3 is recognized by the module names in it. Where the "
            "versions differ, modelc follows the rules below in all commands that read Keras files and in `load_spec`. "
            "Each rule is tested against recorded outputs of Keras.\n",
            "## Resolved when a file is read\n",
            "The spec expresses these by other options, so that it computes the same when it is read back.\n",
            *_table({name: kind for name, kind in rules.items() if name in READING}),
            "\n## Recorded in the spec\n",
            "These rules concern masks, RandomCrop, resizing and padding. By default a spec follows Keras 3; the spec "
            "of a file saved by Keras 2 has `semantics: keras2` if the model uses one of these, `keras2-theano` if "
            "Theano saved it. A nested model has its own `semantics`. The export to Keras 3 is refused if such a model "
            "would compute something else there.\n",
            *_table({name: kind for name, kind in rules.items() if name not in READING}),
            "",
        ]
    )


def _table(rules: dict[str, type[Rule]]) -> list[str]:
    rows = [
        f"| {kind.question()} | {_answers(kind, name, before=True)} | {_answers(kind, name, before=False)} |"
        for name, kind in rules.items()
    ]
    return ["| | Keras 2 | Keras 3 |", "|---|---|---|", *rows]


def _answers(kind: type[Rule], name: str, *, before: bool) -> str:
    """The answer of Keras 3; of Keras 2 those of all of its versions and backends."""
    latest, now = getattr(KERAS_2, name), getattr(KERAS_3, name)
    older = [answer for answer in kind if answer not in (latest, now)]
    given = [*older, latest] if before else [now]
    return "; ".join(str(answer.value) for answer in given)
