"""The exception classes, and `Diagnostic`: one located message about one mistake.

All errors that modelc raises deliberately are `ModelcError`s. The commands print them without a traceback and exit with
`exit_code`: 2 for an invalid spec, data or arguments, 1 for a failure while running.
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
    "E206": "a name that is used twice or is not valid",
    "E207": "options or layers that contradict each other",
    "E208": "an unsupported version of the spec language",
    "E209": "a block that does not exist or uses itself",
    # expanding
    "E301": "a base spec (`extends`) or nested spec that cannot be read",
    "E302": "an undefined variable, or a reference that is not a whole value",
    "E303": "a setting (`--set`) that is malformed or names a place that does not exist",
    "E304": "a selector that is malformed or matches nothing",
    "E305": "a reference to an entry or an output that does not exist",
    "E306": "an entry that is not used by any output of the model",
    # shapes
    "E401": "a layer does not accept the shape of its input",
    "E402": "the input shape is not known",
    "E403": "a tensor is larger than the supported maximum",
    # budgets
    "E501": "a limit is exceeded",
}
"""The error codes and their meanings. Codes are stable: they are never renumbered or reused."""

WARNINGS: dict[str, str] = {
    # unused definitions
    "W101": "an unused variable",
    "W102": "an unused block",
    # files
    "W201": "a file that does not exist",
    # training
    "W301": "a cross-entropy of outputs that are not probabilities",
    "W302": "a cross-entropy from logits of outputs that are probabilities already",
    "W303": "a softmax over a single unit",
    "W304": "a Dense layer applied at each position of an image, where a Flatten is probably missing",
    "W305": "an option or callback that needs validation data, without validation data",
    "W306": "an output without a loss",
    "W307": "an accuracy of an output that is trained by regression",
    # the model
    "W401": "a frozen layer with random weights",
    "W402": "image inputs that are probably channels-first",
    "W403": "an unused input",
}
"""The warning codes and their meanings: valid specs that are probably not what was meant. `--strict` turns warnings
into errors."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning: its place, what was found, what was expected, and how to fix it (`help`).

    `line` and `column` count from 1, as in editors; both are None if the input has no text (a Python dict).
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
        """`file:line:column`, as far as known."""
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
    """Base of all errors that modelc raises deliberately."""

    exit_code: ClassVar[int] = 1

    def __str__(self) -> str:
        # Messages contain untrusted names and paths: terminal control characters in them are escaped.
        return shown_message(super().__str__())


class SpecError(ModelcError):
    """A spec, an option or an argument is invalid. `diagnostics` holds all errors found, in the order of the text."""

    exit_code = 2

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = (
            (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        )
        super().__init__("\n".join(str(d) for d in self.diagnostics))

    def __str__(self) -> str:
        return str(self.args[0])  # the diagnostics are escaped already


class ShapeError(ModelcError):
    """An op or a layer does not accept the shape or dtype of its input. Tracing turns it into a located `SpecError`."""

    exit_code = 2

    def __init__(
        self, message: str, help: str | None = None, code: str = "E401", *, axis: int | Literal["rank"] | None = None
    ) -> None:
        self.message, self.help, self.code = message, help, code
        self.axis: int | Literal["rank"] | None = axis
        """The axis that is too small, the batch axis being 0; "rank" for a wrong rank; None otherwise."""
        super().__init__(message if help is None else f"{message}\n  help: {help}")


class NotBuiltError(ModelcError):
    """Weights or shapes were requested from a model whose input shape is not known yet."""

    exit_code = 2


class WeightsError(ModelcError):
    """A weight file or a list of arrays does not match the model. Nothing was loaded."""

    exit_code = 2


class InputError(ModelcError):
    """An argument is invalid, or an array does not match the model in rank, shape or dtype."""

    exit_code = 2


class FileFormatError(ModelcError):
    """A file is damaged, of an unexpected format, or larger than allowed."""

    exit_code = 2


class ResourceError(ModelcError):
    """A model or a batch needs more memory than the machine, the container or the process has."""


class StorageError(ModelcError):
    """A file could not be written, for lack of space or permission. An existing file is unchanged."""


class OverwriteError(ModelcError):
    """An output would overwrite a file of another kind, or one that is being read. Nothing was written."""

    exit_code = 2


class CompileError(ModelcError):
    """Native code could not be compiled or loaded on this machine."""
