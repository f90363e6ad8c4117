"""Compares results of the conformance runner (`--json`) with the differences from Keras that are known and meant.

    python tests/conformance_known.py result.json…

Exits with 1 where a check did not pass that is not in `KNOWN`, and where one in `KNOWN` passed: then the row goes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Known:
    """Checks that do not pass: of which cases, by which words of the message, and why that is right."""

    cases: str
    words: str
    reason: str


KNOWN = (
    Known(r"\.RNN\.", "RNNCell", "the cells are classes that Keras's tests define: a file's code is not run"),
    Known(
        r"^guide_0[14]_",
        r"\[None, 2\], 8\], want \['layer1', 'Dense', \[3, 2\]",
        "a model that a call built takes any number of samples; Keras shows the number of that call",
    ),
    Known(r"test_ln_basics\.5$", "must be greater than 0", "an input without elements is refused where it is declared"),
    Known(
        r"softmax_mask_broadcastable|MultiHeadAttention.*(test_causal_only_fast_path\.2|with_different_shapes\.0)",
        "different numbers of samples|do not broadcast",
        "the mask is one array for all samples; as an input of a model a mask has one for each sample",
    ),
    Known(r"^g\.Concatenate-6$", "different batch sizes", "samples are joined along the batch"),
)


def unexpected(results: list[dict[str, object]], used: set[Known]) -> Iterator[str]:
    """What did not pass and is not known; known ones that occur are added to `used`."""
    for result in results:
        checks: dict[str, dict[str, str]] = result["checks"]  # type: ignore[assignment]
        for check, found in checks.items():
            if found["status"] in ("pass", "skip"):
                continue
            message = found["message"] or ""
            known = [k for k in KNOWN if re.search(k.cases, str(result["id"])) and re.search(k.words, message)]
            used.update(known)
            if not known:
                yield f"{found['status']}: {result['section']}/{result['id']} [{check}] {message}"


def main() -> int:
    used: set[Known] = set()
    problems: list[str] = []
    sections: set[object] = set()
    for path in sys.argv[1:]:
        results = json.loads(Path(path).read_text(encoding="utf-8"))["results"]
        sections.update(result["section"] for result in results)
        problems += unexpected(results, used)
    if sections == {"layers", "models", "applications"}:
        problems += [f"known, but all such checks pass: {known.cases}" for known in KNOWN if known not in used]
    print("\n".join(problems) or f"conformance: all as expected ({len(used)} known differences)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
