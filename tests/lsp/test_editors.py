"""What editors are given: the extension for VS Code, the configuration in docs/editors.md, an entry for SchemaStore."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest

from modelc.language.schema.schema import SCHEMA_ID, schema
from modelc.language.text.recognize import NAMED

ROOT = Path(__file__).parents[2]
VSCODE = ROOT / "editors" / "vscode"
PAGE = (ROOT / "docs" / "editors.md").read_text()

# Stands for VS Code and its client library: notes what the extension does.
STUBS = """
const Module = require("module");
const done = [];
let handler;
const vscode = {
  workspace: {
    getConfiguration: () => ({ get: (key) => { done.push(["get", key]); return ["/venv/modelc", "lsp"]; } }),
    onDidChangeConfiguration: (call) => { handler = call; return {}; },
  },
  window: { showErrorMessage: async (text, ...more) => { done.push(["error", text]); return more[0]; } },
  commands: {
    registerCommand: (name) => { done.push(["command", name]); return {}; },
    executeCommand: async (...all) => done.push(["run", ...all]),
  },
};
class LanguageClient {
  constructor(id, name, server, options) { done.push(["client", server, options.documentSelector]); }
  async start() { if (process.argv[2] === "fails") throw new Error("not found"); done.push(["start"]); }
  async stop() { done.push(["stop"]); }
  isRunning() { return true; }
}
const load = Module._load;
Module._load = (name, ...more) =>
  name === "vscode" ? vscode : name === "vscode-languageclient/node" ? { LanguageClient } : load(name, ...more);
(async () => {
  const extension = require(process.argv[1]);
  const context = { subscriptions: [] };
  await extension.activate(context);
  if (process.argv[2] !== "fails") await handler({ affectsConfiguration: (key) => key === "modelc.command" });
  await extension.deactivate();
  console.log(JSON.stringify(done));
})();
"""


def _extension(*arguments: str) -> list[list[object]]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is absent")
    command = [node, "-e", STUBS, str(VSCODE / "src" / "extension.js"), *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout)


def test_the_extension_starts_what_its_setting_says_and_restarts() -> None:
    done = _extension()
    clients = [what for what in done if what[0] == "client"]
    assert [what[1] for what in clients] == [{"command": "/venv/modelc", "args": ["lsp"]}] * 2
    assert {"scheme": "file", "language": "yaml"} in clients[0][2]  # type: ignore[operator]
    assert [what[0] for what in done if what[0] in ("start", "stop")] == ["start", "stop", "start", "stop"]


def test_the_extension_tells_what_is_missing() -> None:
    done = _extension("fails")
    (told,) = [what[1] for what in done if what[0] == "error"]
    assert "`/venv/modelc lsp` does not start: not found" in str(told)
    assert ["run", "workbench.action.openSettings", "modelc.command"] in done


def test_the_extension_has_what_its_manifest_says() -> None:
    manifest = json.loads((VSCODE / "package.json").read_text())
    code = (VSCODE / "src" / "extension.js").read_text()
    contributed = manifest["contributes"]
    for command in contributed["commands"]:
        assert f'registerCommand("{command["command"]}"' in code
    assert contributed["configuration"]["properties"]["modelc.command"]["default"] == ["modelc", "lsp"]
    assert {key.partition(".")[0] for key in contributed["configuration"]["properties"]} == {"modelc"}


@pytest.mark.skipif("MODELC_VSIX" not in os.environ, reason="packaged by .ci/run, with npm")
def test_the_package_is_whole() -> None:
    with zipfile.ZipFile(os.environ["MODELC_VSIX"]) as package:
        manifest = json.loads(package.read("extension/package.json"))
        assert f"extension/{manifest['main'].removeprefix('./')}" in package.namelist()
        assert not [name for name in package.namelist() if "node_modules" in name]


def _block(language: str) -> str:
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return block


def test_helix() -> None:
    configuration = tomllib.loads(_block("toml"))
    assert configuration["language-server"]["modelc"] == {"command": "modelc", "args": ["lsp"]}
    assert all("modelc" in language["language-servers"] for language in configuration["language"])


# What a user of Neovim does after opening a spec, and what is told of each step.
ASKED = """
local told = {}
local function lines() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end
local function wait(what) return vim.wait(60000, what, 50) end
local function ask(method, line, column)
  local document = vim.lsp.util.make_text_document_params(0)
  local params = { textDocument = document, position = { line = line, character = column } }
  local _, answer = next(vim.lsp.buf_request_sync(0, method, params, 60000))
  return answer.result
end
local function run()
  wait(function() return #vim.diagnostic.get(0) > 0 end)
  for _, one in ipairs(vim.diagnostic.get(0)) do table.insert(told, one.code .. " " .. one.lnum) end
  vim.api.nvim_buf_set_text(0, 4, 22, 4, 22, { "s" })
  table.insert(told, tostring(wait(function() return #vim.diagnostic.get(0) == 0 end)))
  table.insert(told, tostring(wait(function() return #vim.lsp.inlay_hint.get({ bufnr = 0 }) == 2 end)))
  table.insert(told, ask("textDocument/hover", 3, 12).contents.value:match("[^\\n]*"))
  for _, item in ipairs(ask("textDocument/completion", 4, 18).items) do
    if item.label == "use_bias" then table.insert(told, item.label) end
  end
  vim.api.nvim_win_set_cursor(0, { 4, 36 })
  vim.lsp.buf.rename("first")
  table.insert(told, tostring(wait(function() return lines()[6] == "outputs: [first,   dense]" end)))
  vim.lsp.buf.format({ timeout_ms = 60000 })
  table.insert(told, lines()[6])
end
local ended, problem = pcall(run)
if not ended then table.insert(told, problem) end
io.stdout:write(vim.json.encode(told))
vim.cmd("qa!")
"""


def test_neovim(tmp_path: Path) -> None:
    nvim = shutil.which("nvim")
    version = subprocess.run([nvim, "--version"], capture_output=True, text=True).stdout if nvim is not None else ""
    if nvim is None or tuple(map(int, re.findall(r"\d+", version)[:2])) < (0, 10):
        pytest.skip("nvim is absent, or older than 0.10")
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "modelc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m modelc "$@"\n')
    script.chmod(0o755)
    (tmp_path / "init.lua").write_text(_block("lua"))
    (tmp_path / "net.yaml").write_text(
        "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 8, name: stem}\n"
        "  - {type: Dense, unit: 3}\noutputs: [stem,   dense]\n"
    )
    (tmp_path / "ask.lua").write_text(ASKED)
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path),
                   "PYTHONPATH": str(ROOT)}  # fmt: skip
    command = [nvim, "--headless", "-u", "init.lua", "net.yaml", "-S", "ask.lua"]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=400)
    assert json.loads(ended.stdout) == [
        "E201 4", "true", "true", "**Dense**", "use_bias", "true", "outputs: [first, dense]",
    ], ended.stderr  # fmt: skip


def test_the_entry_for_schemastore() -> None:
    catalog = json.loads((ROOT / "schemas" / "catalog.json").read_text())
    (entry,) = catalog["schemas"]
    assert entry.keys() == {"name", "description", "fileMatch", "url"}
    assert entry["url"] == schema()["$id"] == SCHEMA_ID
    assert [f"*{name}" for name in NAMED] == entry["fileMatch"]
    assert any(fnmatch("net.modelc.yaml", pattern) for pattern in entry["fileMatch"])
    assert schema()["$schema"] == "http://json-schema.org/draft-07/schema#"
