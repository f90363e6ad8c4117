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
            "A file in a format of Keras means what the version that saved it meant, and the backend that this version "
            "ran on. Both are noted in the file; where they are not, Keras 3 is told by the modules that it names. "
            "Where the versions differ, modelc asks the rules below, wherever a file comes in: `import`, `summary`, "
            "`check`, `build`, `run`, `train`, `export` and `load_spec`. For each rule there is a test with outputs "
            "that were recorded from Keras.\n",
            "## Settled when a file is read\n",
            "A spec says these in other words, so that it computes the same when it is read back.\n",
            *_table({name: kind for name, kind in rules.items() if name in READING}),
            "\n## Said in the spec\n",
            "These are about masks, and about RandomCrop. A spec of modelc's own follows Keras 3; that of a file which "
            "Keras 2 saved says `semantics: keras2` at the top where the model has either. A model that is used as a "
            "layer says its own. Exported for Keras 3, such a model must compute the same by its rules, "
            "or the export is refused.\n",
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
