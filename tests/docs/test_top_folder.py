"""The files of the top folder that say what the project is: complete, packaged, and of one mind with the package."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

import modelc

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
SCHEMA = os.environ.get("MODELC_CFF_SCHEMA")
"""The schema of the Citation File Format 1.2.0, where it can be had."""


def test_the_citation_is_of_this_version() -> None:
    project = PROJECT["project"]
    assert CITATION["version"] == project["version"] == modelc.__version__
    assert CITATION["license"] == project["license"]
    assert CITATION["keywords"] == project["keywords"]
    assert CITATION["repository-code"] == project["urls"]["Homepage"]
    assert CITATION["authors"] == project["authors"]


@pytest.mark.skipif(not SCHEMA, reason="MODELC_CFF_SCHEMA names no schema")
def test_the_citation_fits_its_schema() -> None:
    assert SCHEMA is not None
    schema = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(CITATION)


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "CITATION.cff", "CHANGELOG.md", "LICENSE"])
def test_the_source_distribution_has_it_and_the_readme_names_it(name: str) -> None:
    assert name in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert name == "LICENSE" or f"]({name})" in (ROOT / "README.md").read_text(encoding="utf-8")
