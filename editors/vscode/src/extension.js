// Starts `modelc lsp` for YAML and JSON files; the server says nothing of those that are no specs.

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const SELECTOR = ["yaml", "json", "jsonc"].map((language) => ({ scheme: "file", language }));
const HELP = "Open the settings";

let client;

async function start() {
  const [command, ...args] = vscode.workspace.getConfiguration("modelc").get("command");
  client = new LanguageClient("modelc", "modelc", { command, args }, { documentSelector: SELECTOR });
  try {
    await client.start();
  } catch (error) {
    const told = `\`${[command, ...args].join(" ")}\` does not start: ${error.message}. It is installed by: pip install 'modelc[lsp]'`;
    if ((await vscode.window.showErrorMessage(told, HELP)) === HELP) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "modelc.command");
    }
  }
}

async function stop() {
  const old = client;
  client = undefined;
  if (old && old.isRunning()) await old.stop();
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("modelc.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("modelc.command") && restart()),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
