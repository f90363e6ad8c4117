"""The shells: the script that each runs, which asks `modelc completion SHELL --line …`, and the answer that it reads.

click says what may come next; its own scripts are not used, because bash breaks words at colons (`zoo:vgg16`), and
because folders are to be completed without a blank behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import click
from click.shell_completion import CompletionItem, ShellComplete, split_arg_string
from click.shell_completion import _resolve_context as context_of  # pyright: ignore[reportPrivateUsage]
from click.shell_completion import _resolve_incomplete as asked_of  # pyright: ignore[reportPrivateUsage]

from modelc.cli.completing.words import words_for

_BASH = """\
_modelc_completion() {
    local kind value open=
    COMPREPLY=()
    while IFS=$'\\t' read -r kind value; do
        COMPREPLY+=("$value")
        [[ $kind == open ]] && open=1
    done < <("$1" completion bash --line "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    if [[ $open && ${#COMPREPLY[@]} == 1 ]]; then compopt -o nospace; fi
}
complete -o nosort -F _modelc_completion modelc 2>/dev/null || complete -F _modelc_completion modelc
"""

_ZSH = """\
#compdef modelc
_modelc_completion() {
    local kind value help
    local -a values shown open
    while IFS=$'\\t' read -r kind value help; do
        if [[ $kind == open ]]; then
            open+=("$value")
        else
            values+=("$value")
            shown+=("$value${help:+  -- $help}")
        fi
    done < <("${words[1]}" completion zsh --line "${(j: :)words[1,CURRENT-1]} ${QIPREFIX}${PREFIX}" 2>/dev/null)
    (( $#open )) && compadd -U -S '' -a open
    (( $#values )) && compadd -U -l -V modelc -d shown -a values
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _modelc_completion modelc
"""

_FISH = """\
function _modelc_completion
    modelc completion fish --line (commandline -cp | string collect) 2>/dev/null
end
complete --no-files --command modelc --arguments "(_modelc_completion)"
"""


class _Shell(ShellComplete):
    """What the shells have in common: they give the line up to the cursor."""

    def __init__(self, cli: click.Command, line: str) -> None:
        super().__init__(cli, {}, "modelc", "")
        self.line = line

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words of the line but for its first one, and the beginning of the word at the cursor."""
        *words, last = split_arg_string(f"{self.line}{_CURSOR}")
        return words[1:], last.removesuffix(_CURSOR)

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        """What may stand at the cursor; of `--option=value` the whole word."""
        context = context_of(self.cli, {}, self.prog_name, args)
        asked, begun = asked_of(context, args, incomplete)
        if isinstance(asked, click.Option):  # a line that ends with an option is not parsed as far as its arguments
            context = context_of(self.cli, {}, self.prog_name, args[:-1])
        items = words_for(context, asked, begun) if isinstance(asked, click.Parameter) else None
        if items is None:
            items = asked.shell_complete(context, begun)
        before = incomplete[: len(incomplete) - len(begun)]
        return [CompletionItem(before + item.value, item.type, item.help) for item in items if _is_one_line(item.value)]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """The kind of the item (`open` where more follows in the same word), its value and its help."""
        return "\t".join((item.type, item.value, *([item.help.split("\n")[0]] if item.help else [])))

    def answer(self) -> Iterator[str]:
        """The lines that the script reads."""
        text = self.complete()
        yield from text.split("\n") if text else ()


_CURSOR = "\x1f"
"""A mark at the cursor: a blank before it begins a new word, which a line alone does not tell."""


def _is_one_line(text: str) -> bool:
    """Whether a word can be told in a line of an answer; names of files may hold anything."""
    return text.isprintable()


class Bash(_Shell):
    """bash replaces what is behind the last colon or equals sign of a word, and takes what it is given as it is."""

    name: ClassVar[str] = "bash"
    source_template: ClassVar[str] = _BASH

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """The kind and the part of the value that bash replaces, with what is special in it escaped."""
        value, (_, incomplete) = str(item.value), self.get_completion_args()
        if _is_quoted(self.line):
            return f"{item.type}\t{value}"
        kept = max(incomplete.rfind(":"), incomplete.rfind("=")) + 1
        return f"{item.type}\t{_SPECIAL.sub(_escaped, value[kept:])}"


_SPECIAL = re.compile(r"[^\w/.,:=@%+~-]")


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _is_quoted(line: str) -> bool:
    """Whether the end of a line is inside of quotes."""
    return re.fullmatch(r"""(?:[^\\'"]|\\.|'[^']*'|"(?:[^\\"]|\\.)*")*\\?""", line, re.DOTALL) is None


class Zsh(_Shell):
    """zsh shows help beside values."""

    name: ClassVar[str] = "zsh"
    source_template: ClassVar[str] = _ZSH


class Fish(_Shell):
    """fish takes values with their help, and adds no blank behind a slash or a colon by itself."""

    name: ClassVar[str] = "fish"
    source_template: ClassVar[str] = _FISH

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """The value and its help."""
        return super().format_completion(item).partition("\t")[2]


SHELLS: dict[str, type[_Shell]] = {shell.name: shell for shell in (Bash, Zsh, Fish)}
"""The shells by name."""
