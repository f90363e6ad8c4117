// What the colours mean.
function legend(page) {
  const { model } = page.panes[0], { shared } = model, parts = [];
  if (page.mode === "change") {
    for (const [name, colour] of Object.entries(model.status.colours)) parts.push(element("span", {}, dot(colour), { "": "unchanged", reshaped: "other shapes" }[name] ?? name));
  } else if (page.mode === "kind") {
    const counts = new Map();
    for (const pane of page.panes) for (const node of pane.model.order) {
      const kind = pane.model.text("kind", node);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    for (const [name, [label, colour]] of Object.entries(shared.kinds)) {
      if (counts.has(name)) parts.push(element("span", {}, dot(colour), `${label} ${counts.get(name)}`));
    }
  } else {
    const [least, most] = model.ranges[page.mode];
    const bar = drawn("svg", { viewBox: "0 0 40 1", preserveAspectRatio: "none", "aria-hidden": "true" });
    for (let i = 0; i < 40; i++) bar.append(drawn("rect", { x: i, y: 0, width: 1.1, height: 1, fill: blended(shared.scale, i / 39) }));
    const scale = most ? [told(page.mode, least), bar, told(page.mode, most)] : ["none"];
    parts.push(element("span", {}, `${shared.costs[page.mode]} of a layer: `, ...scale), element("span", {}, dot(shared.nothing), "none"));
  }
  byId("legend").replaceChildren(...parts);
}
