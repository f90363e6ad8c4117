"""`modelc review`."""

from __future__ import annotations

import click

from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc review": "what the changes since the last commit do to the specs of a repository",
        "modelc review specs --since HEAD~1 --markdown": "the comment of a pull request on the specs of a folder",
    },
)
@click.argument("paths", nargs=-1, metavar="[SPEC|DIR]...")
@click.option("--since", default="HEAD", show_default=True, metavar="REVISION", help="What to compare with, of git.")
@click.option("--markdown", is_flag=True, help="Print Markdown, for the comment on a pull request.")
def command(paths: tuple[str, ...], since: str, markdown: bool) -> None:
    """Tell what a change does to the specs of a git repository: layers, costs, and how much of each limit is used.

    Each spec, by default all below the current folder, is compared with its version at another revision. Told of are
    those whose files have changed, and those that depend on files which have: bases, nested specs, settings.

    Exit codes: 0 done, 2 if a spec is invalid.
    """
    import tempfile
    from pathlib import Path

    from modelc.model.loading import load_spec
    from modelc.report.review import review

    with tempfile.TemporaryDirectory() as folder:
        found = review(paths or (".",), since, load_spec, Path(folder))
    if markdown:
        from modelc.report.markdown import as_markdown

        say(as_markdown(found, since), nl=False)
    else:
        from modelc.report.review_text import as_text

        say(as_text(found, since))
    if any(one.what == "invalid" for one in found):
        raise click.exceptions.Exit(2)
