"""The exception tree, and `Diagnostic`: one located message about one mistake.

Every error that modelc raises on purpose is a `ModelcError`. The commands print it without a traceback and
exit with its `exit_code`: 2 where the spec, the data or the arguments are wrong, 1 where running failed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from modelc.text.terminal import cell_widths, shown, shown_in_place, shown_message

Severity = Literal["error", "warning"]

CODES: dict[str, str] = {
    # reading the text
    "E101": "the file cannot be read",
    "E102": "the text is not well-formed YAML or JSON",
    "E103": "a key occurs twice in one mapping",
    "E104": "a YAML feature that specs do not allow (tags, several documents, merge keys, non-text keys)",
    "E105": "the text is larger, deeper or more aliased than a spec may be",
    # the document around the layers
    "E201": "an unknown key",
    "E202": "a required key is missing",
    "E203": "a value of the wrong type",
    "E204": "a value out of its range or set",
    "E205": "an unknown layer type",
    "E206": "a name is used twice, or is not a legal name",
    "E207": "two options that do not go together",
    "E208": "a version of the spec language that this modelc does not know",
    "E209": "a block that is not there, or that uses itself",
    # expanding
    "E301": "`extends` cannot be followed",
    "E302": "an undefined variable, or a reference that is not a whole value",
    "E303": "`--set` names a place that the spec does not have",
    "E304": "a selector that is malformed or matches nothing",
    "E305": "a reference to an entry, or to one of its tensors, that is not there",
    "E306": "an entry that feeds nothing",
    # shapes
    "E401": "a layer cannot take the shape that reaches it",
    "E402": "the input shape is not known",
    "E403": "a tensor is larger than any that modelc handles",
    # budgets
    "E501": "a limit is exceeded",
}
"""Every code of a mistake, with what it means. Codes are stable: they are never renumbered or reused."""

WARNINGS: dict[str, str] = {
    # what is written for nothing
    "W101": "a variable that nothing uses",
    "W102": "a block that nothing uses",
    # files
    "W201": "a file that is named and does not exist",
    # training
    "W301": "a cross-entropy of what are no probabilities",
    "W302": "a cross-entropy that turns probabilities into probabilities once more",
    "W303": "a softmax over a single unit",
    "W304": "a Dense that is applied at every place of a picture, where a Flatten is probably missing",
    "W305": "something that looks at validation data, where there is none",
    "W306": "an output that is never trained",
    "W307": "an accuracy of a model that gives numbers",
    # the model
    "W401": "a layer that is frozen, with weights that are random",
    "W402": "pictures whose channels probably come first",
    "W403": "an input that nothing uses",
}
"""Every code of a warning: what is allowed, and probably not what was meant. `--strict` makes mistakes of them."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake: where it is, what was found, what was expected and what to do.

    `line` and `column` count from 1, as editors do; both are None where the input has no text (a Python dict).
    """

    code: str
    message: str
    help: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    source_line: str | None = None
    severity: Severity = "error"

    @property
    def location(self) -> str:
        """`file:line:column`, as far as it is known."""
        parts = [self.file or "<spec>"]
        if self.line is not None:
            parts += [str(self.line), str(self.column)]
        return ":".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """The fields of the documented JSON form."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "help": self.help,
        }

    def __str__(self) -> str:
        text = f"{shown(self.location)}: {self.severity}[{self.code}]: {shown(self.message)}"
        if self.source_line is not None and self.column is not None:
            # Tabs keep their width in both lines, and wide characters have two blanks, so that the caret stays under
            # its character.
            line = shown_in_place(self.source_line)
            before = line[: self.column - 1]
            indent = "".join("\t" if c == "\t" else " " * w for c, w in zip(before, cell_widths(before), strict=True))
            text += f"\n    {line}\n    {indent}^"
        if self.help:
            text += f"\n  help: {shown_message(self.help)}"
        return text


class ModelcError(Exception):
    """Base of every error that modelc raises on purpose."""

    exit_code: ClassVar[int] = 1

    def __str__(self) -> str:
        # Names and paths that others wrote are in messages: a terminal must not obey them.
        return shown_message(super().__str__())


class SpecError(ModelcError):
    """A spec, an option or an argument is wrong. Holds every mistake found, in the order of the text."""

    exit_code = 2

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = (
            (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        )
        super().__init__("\n".join(str(d) for d in self.diagnostics))

    def __str__(self) -> str:
        return str(self.args[0])  # each of them is harmless, and begins at the left


class ShapeError(ModelcError):
    """An op or a layer refuses the shape or dtype that reaches it. Tracing turns it into a located `SpecError`."""

    exit_code = 2

    def __init__(
        self, message: str, help: str | None = None, code: str = "E401", *, axis: int | Literal["rank"] | None = None
    ) -> None:
        self.message, self.help, self.code = message, help, code
        self.axis: int | Literal["rank"] | None = axis
        """The axis that is too small, the batch being 0; "rank" where their number is wrong; None for other reasons."""
        super().__init__(message if help is None else f"{message}\n  help: {help}")


class NotBuiltError(ModelcError):
    """Weights or shapes were asked of a model that has not seen an input shape yet."""

    exit_code = 2


class WeightsError(ModelcError):
    """A weight file or a list of arrays does not match the model. Nothing was loaded."""

    exit_code = 2


class InputError(ModelcError):
    """An input array does not match the model's input in rank, shape or dtype."""

    exit_code = 2


class FileFormatError(ModelcError):
    """A file is not what its name says, is damaged, or is larger than its kind may be."""

    exit_code = 2


class ResourceError(ModelcError):
    """A model, or a batch, needs more memory than this machine, its container or this process may have."""


class StorageError(ModelcError):
    """A file could not be written, for want of space or of permission. What it was to replace still stands."""


class OverwriteError(ModelcError):
    """A result would take the place of a file that is not an older result of its kind. Nothing was written."""

    exit_code = 2


class CompileError(ModelcError):
    """Native code could not be made or loaded on this machine."""
