// Two models side by side: what differs, and which layer of one is which of the other.
function statusOf(diff, side) {
  return {
    of: diff.status[side],
    marks: { "": "", added: "+", removed: "−", changed: "~", renamed: "→", reshaped: "" },
    get colours() {
      const now = themeColours();
      return { "": "#9ca3af", added: now.added, removed: now.removed, changed: now.changed, renamed: now.renamed, reshaped: "#c084fc" };
    },
  };
}

function partnerOf(page, pane, node) {
  if (node < 0 || !page.data.diff) return -1;
  return page.data.diff.partner[page.panes.indexOf(pane)][node];
}

// The layer of another pane that is in the place of one that it lacks: that of the nearest layer before.
function nearby(page, pane, node) {
  const { order } = pane.model;
  for (let i = order.indexOf(node); i >= 0; i--) {
    const partner = partnerOf(page, pane, order[i]);
    if (partner >= 0) return partner;
  }
  return -1;
}

// What was removed, in the place where it was, and what was added or changed.
function changedLayers(page) {
  const { order } = page.data.diff;
  const differing = page.list?.query ? page.panes.flatMap((pane) => pane.model.order.map((node) => [pane, node])) : order.map(([side, node]) => [page.panes[side], node]);
  return differing;
}

function ofDiff(page) {
  const { diff } = page.data;
  const rows = diff.costs.slice(1).map(([name, before, after, change]) => [name, element("span", {}, before === after ? before : `${before} → ${after}`, element("br"), change === "—" ? "the same" : change)]);
  const notes = diff.notes.map(([kind, text]) => element("p", { className: kind }, text));
  if (!rows.length) return [element("p", {}, "No differences.")];
  return [heading("Costs"), table(rows), ...(notes.length ? [heading("Beside layers"), ...notes] : [])];
}

function ofChange(page, pane, node) {
  const { diff } = page.data, status = pane.model.status.of[node];
  if (!status) return [element("p", { className: "soft" }, "unchanged")];
  const parts = [element("p", { className: status }, { renamed: "another name", reshaped: "other shapes, caused by earlier changes" }[status] ?? status)];
  const other = page.panes.find((one) => one !== pane), partner = partnerOf(page, pane, node);
  if (partner >= 0 && other.model.path(partner) !== pane.model.path(node)) {
    const names = [pane.model.path(node), other.model.path(partner)];
    parts.push(element("p", {}, (pane === page.panes[0] ? names : names.reverse()).join(" → ")));
  }
  const changes = diff.options[page.panes.indexOf(pane)][node] ?? [];
  if (changes.length) parts.push(heading("Changed"), table(changes.map(([name, before, after]) => [name, before ? `${before} → ${after}` : after])));
  return parts;
}
