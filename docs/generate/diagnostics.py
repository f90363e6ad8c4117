"""docs/diagnostics.md: every code with a spec that has the mistake, and what modelc says about it."""

from __future__ import annotations

from pathlib import Path

from modelc.errors import CODES, WARNINGS, ModelcError, SpecError
from modelc.model.loading import load_spec
from modelc.report.check import check

BAD = Path(__file__).resolve().parents[2] / "tests" / "bad"
WARNED = BAD.with_name("warned")

_EXAMPLES = {
    "E102": "read_missing_colon.yaml",
    "E103": "read_duplicate_key.yaml",
    "E104": "read_python_tag.yaml",
    "E105": "expand_repeat_too_many.yaml",
    "E201": "spec_key_layer_misspelt.yaml",
    "E202": "spec_missing_option.yaml",
    "E203": "spec_type_quoted_number.yaml",
    "E204": "spec_value_padding.yaml",
    "E205": "spec_layer_misspelt.yaml",
    "E206": "spec_name_twice.yaml",
    "E207": "spec_conflict_groups.yaml",
    "E208": "spec_version_later.yaml",
    "E209": "expand_block_unknown.yaml",
    "E301": "expand_extends_itself.yaml",
    "E302": "expand_variable_undefined.yaml",
    "E303": "expand_set_index.yaml",
    "E304": "spec_selector_freeze.yaml",
    "E305": "spec_graph_reference_unknown.yaml",
    "E306": "spec_graph_feeds_nothing.yaml",
    "E401": "spec_shape_window.yaml",
    "E402": "spec_input_unknown.yaml",
    "E403": "spec_shape_too_large.yaml",
    "E501": "spec_limit_params.yaml",
}
"""A file of tests/bad for each code that a spec can have."""

_WARNED = {
    "W101": "unused_variable.yaml",
    "W102": "unused_block.yaml",
    "W201": "absent_files.yaml",
    "W301": "logits.yaml",
    "W302": "twice_softmax.yaml",
    "W303": "softmax_of_one.yaml",
    "W304": "dense_over_pictures.yaml",
    "W305": "no_validation.yaml",
    "W306": "no_loss.yaml",
    "W307": "accuracy.yaml",
    "W401": "frozen.yaml",
    "W402": "channels_first.yaml",
    "W403": "unused_input.yaml",
    "W404": "small_pictures.yaml",
    "W405": "scaled_twice.yaml",
}
"""A file of tests/warned for each warning."""


_RAISED = (ModelcError, *ModelcError.__subclasses__())


def _is_elsewhere(error: type[ModelcError]) -> bool:
    return getattr(error, "usual_code", "")[:2] in ("E6", "E7")


_ELSEWHERE = {
    "E101": "For example, the file does not exist, or is damaged (`FileFormatError`).",
    "E606": "Where a model with `weights: imagenet` is built and `modelc zoo fetch` has not fetched the file.",
    "E607": "For example, a layer that draws random numbers at inference, in ONNX (`SpecError`).",
    "E801": "`modelc serve` answers with the status 413 or 415: send fewer samples at once, or set `--max-body`; send "
    "bodies as they are, or compressed by gzip or deflate.",
    "E802": "`modelc serve` answers with the status 429. `Retry-After` says in how many seconds those that wait are "
    "about to be worked off; `--max-queue` says how many may wait.",
    "E803": "`modelc serve` answers with the status 504: send fewer samples at once, or set `--timeout`.",
    "E804": "`modelc serve` answers with the status 404 or 405: `GET /docs` lists addresses and models.",
    "E805": "`modelc serve` answers with the status 500 when three worker processes have ended, one by one, while "
    "they computed a request, the last two with this request alone: there may be too little memory for it. The log of "
    "the server says how they ended.",
    "E806": "`modelc serve` answers with the status 503 to requests for a model whose file was damaged or gone when "
    "each worker process started; the other models are served. The log says why it cannot be loaded; another file is "
    "taken up when it has the path.",
    **{one.usual_code: f"Raised as `{one.__name__}`." for one in _RAISED if _is_elsewhere(one)},
}
"""A sentence for codes whose error is not in the text of a spec."""

_GROUPS = {
    "E1": "Reading the text",
    "E2": "The document and the layers",
    "E3": "Bases, variables, settings, selectors and references",
    "E4": "Shapes",
    "E5": "Budgets",
    "E6": "Arguments, arrays and files",
    "E7": "While running",
    "E8": "Requests to a service",
    "W1": "Warnings: unused definitions",
    "W2": "Warnings: files",
    "W3": "Warnings: training",
    "W4": "Warnings: the model",
}


def diagnostics_page() -> str:
    """The page."""
    parts = [
        "# Diagnostics\n",
        "Each error in a spec is reported with a stable code, its place, the line with a caret, and usually a help "
        "line. All errors of a file are reported in one run, in the order of the text, each once. The place is that of "
        "the wrong key or value; for something missing, that of the entry that lacks it; for a shape error, that of "
        "the layer.\n",
        '`modelc check --format json` prints `{"diagnostics": [{"code", "severity", "file", "line", '
        '"column", "message", "help"}]}`, lines and columns from 1; `github` and `sarif` are for GitHub\'s '
        "annotations and code scanning. In Python `diagnostics` of each `ModelcError` have the same fields; of "
        "errors that have no place in a spec, the commands print the message and the help alone.\n",
        "A warning, with a code that begins with W, marks a valid spec that is probably not what its author meant. "
        "`check` reports warnings if there are no errors; `summary`, `build` and `train` print them on stderr. The "
        "exit code stays 0. With `--strict`, an option of the commands that read specs, warnings are errors. In Python "
        "they are in `Spec.warnings`.\n",
    ]
    title = ""
    for code, meaning in (CODES | WARNINGS).items():
        if _GROUPS[code[:2]] != title:
            title = _GROUPS[code[:2]]
            parts.append(f"## {title}\n")
        parts += [f"### {code}\n", f"{meaning[0].upper()}{meaning[1:]}.\n"]
        if code in _ELSEWHERE:
            parts.append(f"{_ELSEWHERE[code]}\n")
        else:
            parts.append(_example(code, WARNED / _WARNED[code] if code in WARNINGS else BAD / _EXAMPLES[code]))
    return "\n".join(parts)


def _example(code: str, path: Path) -> str:
    """The text of a bad spec and its diagnostics."""
    lines = path.with_suffix(".settings")
    settings = lines.read_text(encoding="utf-8").splitlines()[:1] if lines.exists() else []
    found = [d for d in check(lambda: load_spec(path, settings=settings)) if d.code == code]
    if not found:
        raise SystemExit(f"{path.name} does not have the mistake {code}")
    said = str(SpecError(found)).replace(f"{path.parent}/", "").replace(str(path.parent), ".")
    option = "".join(f" --set '{setting}'" for setting in settings)
    text = path.read_text(encoding="utf-8").rstrip("\n")
    return f"```yaml\n{text}\n```\n\n```console\n$ modelc check {path.name}{option}\n{said}\n```\n"
