"""`/docs`: the OpenAPI document as a page, whole in itself: no script and no network."""

from __future__ import annotations

import json
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 0.9em ui-monospace, monospace; }
pre { padding: 0.8rem; overflow: auto; background: color-mix(in srgb, currentColor 8%, transparent); }
section { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 0.5rem 0; }
h2 { font-size: 1rem; margin: 0.5rem 0; } h2 b { text-transform: uppercase; margin-right: 0.5rem; }
td, th { text-align: left; padding: 0.1rem 1rem 0.1rem 0; vertical-align: top; }
"""


def page(document: dict[str, Any], models: list[dict[str, Any]]) -> str:
    """The page: the models with their inputs and outputs, then every operation with its answers and examples."""
    parts = [f"<h1>{escape(document['info']['title'])} {escape(document['info']['version'])}</h1>"]
    parts.append(f"<p>{escape(document['info']['description'])} The document: <a href='openapi.json'>openapi.json</a>.")
    parts += [_model(one) for one in models]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post"):
                parts.append(_operation(method, path, operation))
    body = "\n".join(parts)
    head = "<meta charset=utf-8><meta name=viewport content='width=device-width'><title>modelc</title>"
    return f"<!doctype html><html lang=en>{head}<style>{_STYLE}</style><body>{body}</body></html>"


def _model(about: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td>{kind}<td><code>{escape(one['name'])}</code><td>{one['datatype']}<td>{one['shape']}"
        for kind, some in (("input", about["inputs"]), ("output", about["outputs"]))
        for one in some
    )
    return f"<section><h2>{escape(about['name'])}</h2><table>{rows}</table></section>"


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    text = f"<section><h2><b>{method}</b> <code>{escape(path)}</code></h2><p>{escape(operation['summary'])}. "
    text += escape(operation.get("description", ""))
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for name, example in content.get("examples", {}).items():
        value = json.dumps(example["value"], indent=2, ensure_ascii=False)
        text += f"<p>{escape(name)}:<pre>{escape(value)}</pre>"
    rows = "".join(
        f"<tr><td>{status}<td>{escape(answer['description'])}" for status, answer in operation["responses"].items()
    )
    return f"{text}<table>{rows}</table></section>"
