"""`load_definition`: from a file, text or mapping to a validated `Definition`."""

from __future__ import annotations

import os
from collections.abc import Sequence

from modelc.errors import SpecError
from modelc.language.definition import Definition
from modelc.language.expansion.expand import expand
from modelc.language.project import project_of
from modelc.language.shared_files import examined_spec
from modelc.language.text.source import SpecSource
from modelc.language.validation.validate import validate


def load_definition(
    source: SpecSource, *, settings: Sequence[str] = (), folder: str | os.PathLike[str] | None = None
) -> Definition:
    """The spec in a YAML or JSON file, in text, in a file object or in a mapping.

    `settings` are assignments such as `"layers.0.filters=64"`, made before anything is checked; `folder` is where
    relative paths start from where `source` has no folder of its own. For a file, the settings of its repository hold
    (`modelc/language/project.py`). Raises `SpecError` with every mistake.
    """
    node, found = examined_spec(source, folder)
    is_file = node is not None and not node.source.name.startswith("<")
    project = project_of(node.source.folder) if node is not None and is_file else None
    loaded = expand(node, found, settings, project=project)
    if loaded.node is None:
        raise SpecError(loaded.diagnostics)
    return validate(loaded.node, loaded.diagnostics, loaded.remarks)
