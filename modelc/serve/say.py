"""What a server tells its operator, on standard error."""

from __future__ import annotations

import sys

from modelc.text.terminal import shown_message


def tell(text: str) -> None:
    """Print it at once: several processes share the stream."""
    print(shown_message(text), file=sys.stderr, flush=True)
