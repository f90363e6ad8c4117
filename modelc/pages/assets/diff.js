// Two models side by side: what differs, and which layer of one is which of the other.
function statusOf(diff, side) {
  const theme = themeColours();
  return {
    of: diff.status[side],
    marks: { "": "", added: "+", removed: "−", changed: "~", renamed: "→" },
    get colours() {
      const now = themeColours();
      return { "": "#9ca3af", added: now.added, removed: now.removed, changed: now.changed, renamed: now.renamed };
    },
  };
}

function partnerOf(page, pane, node) {
  if (node < 0 || !page.data.diff) return -1;
  return page.data.diff.partner[page.panes.indexOf(pane)][node];
}

// What was removed, in the place where it was, and what was added or changed.
function changedLayers(page) {
  const { order } = page.data.diff;
  const differing = page.list?.query ? page.panes.flatMap((pane) => pane.model.order.map((node) => [pane, node])) : order.map(([side, node]) => [page.panes[side], node]);
  return differing;
}

function ofDiff(page) {
  const { diff } = page.data;
  const rows = diff.costs.map(([name, ...values]) => element("tr", {}, element("th", { scope: "row" }, name), ...values.map((value) => element("td", {}, value))));
  const notes = diff.notes.map(([kind, text]) => element("p", { className: kind }, text));
  return [heading("Costs"), element("table", {}, element("tbody", {}, ...rows)), ...(notes.length ? [heading("Beside layers"), ...notes] : [])];
}

function ofChange(page, pane, node) {
  const { diff } = page.data, status = pane.model.status.of[node];
  if (!status) return [element("p", { className: "soft" }, "unchanged")];
  const parts = [element("p", { className: status }, status === "renamed" ? "another name" : status)];
  const other = page.panes.find((one) => one !== pane), partner = partnerOf(page, pane, node);
  if (partner >= 0 && other.model.path(partner) !== pane.model.path(node)) {
    const names = [pane.model.path(node), other.model.path(partner)];
    parts.push(element("p", {}, (pane === page.panes[0] ? names : names.reverse()).join(" → ")));
  }
  const changes = diff.options[page.panes.indexOf(pane)][node] ?? [];
  if (changes.length) parts.push(heading("Changed"), table(changes.map(([name, before, after]) => [name, `${before} → ${after}`])));
  return parts;
}
