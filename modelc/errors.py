"""The exception classes, and `Diagnostic`: one located message about one mistake.

All errors that modelc raises deliberately are `ModelcError`s. Each holds its mistakes as `diagnostics`, whose code,
message and help are fields: code asks these, never the text of an error. The commands print errors without a traceback
and exit with `exit_code`: 2 for an invalid spec, data or arguments, 1 for a failure while running.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

from modelc.text.terminal import cell_widths, shown, shown_in_place, shown_message
from modelc.text.unknown import Suggestion

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
    # arguments, arrays and files
    "E601": "an argument is invalid, or an array does not match the model",
    "E602": "weights do not match the model",
    "E603": "weights or shapes of a model whose input shape is not known yet",
    "E604": "a Keras model uses something that modelc does not have",
    "E605": "an output would overwrite a file of another kind, or one that is being read",
    "E606": "published weights that were not fetched",
    "E607": "a layer that the format of an export has no operators for",
    # while running
    "E700": "a failure of another kind",
    "E701": "too little memory",
    "E702": "a file cannot be written",
    "E703": "native code cannot be compiled or loaded",
    "E704": "a loss that is not finite",
    "E706": "a process that others work with is gone",
    "E705": "a file that cannot be downloaded",
    # requests to a service
    "E801": "a request that is too large, or compressed in a way that is not read",
    "E802": "a request that is refused because too many wait",
    "E803": "a request that took too long",
    "E804": "an address, a model or a version that a service does not have",
    "E805": "a request whose worker process ended each time that it was tried",
    "E806": "a model of a service whose file cannot be loaded",
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
    "W404": "a free size whose bounds include sizes that a layer does not take",
    "W405": "pictures with other values than published weights were trained with, such as those that are scaled twice",
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

    @property
    def suggestion(self) -> Suggestion | None:
        """The word that was probably meant by the one at this place; None if the help names none."""
        return self.help if isinstance(self.help, Suggestion) else None

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
        return text + self._help_line

    @property
    def sentence(self) -> str:
        """The message and the help line, for a mistake that is not in the text of a spec: no place, no code."""
        return shown_message(self.message) + self._help_line

    @property
    def _help_line(self) -> str:
        return f"\n  help: {shown_message(self.help)}" if self.help else ""


class ModelcError(Exception):
    """Base of all errors that modelc raises deliberately: one or more mistakes, as `diagnostics`.

    `InputError(message, help)` has one diagnostic, with the code of its class. Messages contain untrusted names and
    paths; `str(error)` escapes terminal control characters in them.
    """

    exit_code: ClassVar[int] = 1
    usual_code: ClassVar[str] = "E700"
    """The code of a diagnostic that is made of a message."""

    def __init__(self, mistakes: str | Diagnostic | Iterable[Diagnostic], help: str | None = None) -> None:
        if isinstance(mistakes, str):
            mistakes = Diagnostic(self.usual_code, mistakes, help)
        self.diagnostics: tuple[Diagnostic, ...] = (mistakes,) if isinstance(mistakes, Diagnostic) else tuple(mistakes)
        """All mistakes found, in the order of the text."""
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(one.sentence for one in self.diagnostics)

    @property
    def message(self) -> str:
        """The message of the first mistake, without its help."""
        return self.diagnostics[0].message

    @property
    def help(self) -> str | None:
        """How to fix the first mistake."""
        return self.diagnostics[0].help

    def about(self, what: object) -> Self:
        """The same error, its messages beginning with what it is about: `data.csv: …`."""
        return type(self)(replace(one, message=f"{what}: {one.message}") for one in self.diagnostics)


class SpecError(ModelcError):
    """A spec, an option or an argument is invalid. `diagnostics` holds all errors found, in the order of the text."""

    exit_code = 2

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        super().__init__(diagnostics)

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class ShapeError(ModelcError):
    """An op or a layer does not accept the shape or dtype of its input. Tracing turns it into a located `SpecError`."""

    exit_code = 2
    usual_code = "E401"

    def __init__(
        self,
        message: str | Iterable[Diagnostic],
        help: str | None = None,
        code: str = usual_code,
        *,
        axis: int | Literal["rank"] | None = None,
        takes: int | None = None,
        free: Iterable[str] = (),
    ) -> None:
        super().__init__(Diagnostic(code, message, help) if isinstance(message, str) else message)
        self.axis: int | Literal["rank"] | None = axis
        """The axis that is too small, the batch axis being 0; "rank" for a wrong rank; None otherwise."""
        self.takes: int | None = takes
        """The rank of the input that is accepted, with the batch axis, if that is what is wrong."""
        self.free: tuple[str, ...] = tuple(free)
        """The names of the free sizes that would have to be fixed, if that is what is wrong."""

    @property
    def code(self) -> str:
        """The code of the mistake."""
        return self.diagnostics[0].code


class NotOneCallError(ShapeError):
    """A step of a loop cannot go on without others than who computes it. Where the steps of the loop are not written
    out, it is an error of the layer."""


class NotBuiltError(ModelcError):
    """Weights or shapes were requested from a model whose input shape is not known yet."""

    exit_code = 2
    usual_code = "E603"


class WeightsError(ModelcError):
    """A weight file or a list of arrays does not match the model. Nothing was loaded."""

    exit_code = 2
    usual_code = "E602"

    def __str__(self) -> str:
        return "\n".join(one.sentence if one.file is None else str(one) for one in self.diagnostics)


class InputError(ModelcError):
    """An argument is invalid, or an array does not match the model in rank, shape or dtype."""

    exit_code = 2
    usual_code = "E601"


class FileFormatError(ModelcError):
    """A file is damaged, of an unexpected format, or larger than allowed."""

    exit_code = 2
    usual_code = "E101"


class UnsupportedError(ModelcError):
    """A model of Keras, or one in an ONNX file, uses something that modelc does not have."""

    exit_code = 2
    usual_code = "E604"


class ResourceError(ModelcError):
    """A model or a batch needs more memory than the machine, the container or the process has."""

    usual_code = "E701"


class StorageError(ModelcError):
    """A file could not be written, for lack of space or permission. An existing file is unchanged."""

    usual_code = "E702"


class DownloadError(ModelcError):
    """A file could not be downloaded, or what arrived is not that file. What is a part of it is kept for the next
    try."""

    usual_code = "E705"


class OverwriteError(ModelcError):
    """An output would overwrite a file of another kind, or one that is being read. Nothing was written."""

    exit_code = 2
    usual_code = "E605"


class CompileError(ModelcError):
    """Native code could not be compiled or loaded on this machine."""

    usual_code = "E703"


class NotFiniteError(ModelcError):
    """The loss of a step of training is not a number, or infinite. The step changed nothing."""

    usual_code = "E704"


class LostWorkerError(ModelcError):
    """A process that works for this one or together with it is gone, does not answer in time, or failed; or one task
    has ended several such processes, since it needs more memory than they have, or crashes them."""

    usual_code = "E706"
