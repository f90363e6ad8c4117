// What is known of the selected layer, or of the whole model where none is selected.
function details(page) {
  const root = byId("details"), pane = page.active, node = pane.selected;
  root.classList.toggle("empty", node < 0);
  root.replaceChildren(...(node < 0 ? ofModel(page, pane) : ofLayer(page, pane, node)));
  root.scrollTop = 0;
}

const heading = (text) => element("h3", {}, text);

function table(rows) {
  const body = element("tbody");
  for (const [name, value] of rows) body.append(element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value)));
  return element("table", {}, body);
}

function ofModel(page, pane) {
  const { model } = pane, { data } = model;
  const parts = [element("h2", {}, data.name), element("p", { className: "soft" }, "Select a layer to see what is known of it.")];
  if (page.data.diff) parts.push(...ofDiff(page));
  else parts.push(heading("Totals"), table([["layers", full(leavesOf(model).length)], ...data.totals.map(([name, value]) => [name, value.replace(/^\d+/, (digits) => full(Number(digits)))])]));
  const heavy = (cost) => leavesOf(model).filter((n) => model.columns[cost][n] > 0).sort((a, b) => model.columns[cost][b] - model.columns[cost][a]).slice(0, 5);
  for (const cost of ["macs", "params"]) {
    const nodes = heavy(cost);
    if (nodes.length < 2) continue;
    parts.push(heading(`Most ${model.shared.costs[cost]}`), table(nodes.map((n) => [link(page, pane, n, model.path(n)), short(model.columns[cost][n])])));
  }
  return parts;
}

const leavesOf = (model) => model.order.filter((node) => model.inside(node) < 0 && model.text("type", node) !== "input");

function link(page, pane, node, text = pane.model.name(node)) {
  const made = element("button", { type: "button", className: "link" }, text);
  made.addEventListener("click", () => page.select(pane, node, true));
  return made;
}

function ofLayer(page, pane, node) {
  const { model } = pane, { columns, shared } = model;
  const kind = shared.kinds[model.text("kind", node)];
  const parts = [element("h2", {}, model.name(node))];
  if (model.path(node) !== model.name(node)) parts.push(element("p", { className: "soft" }, model.path(node)));
  const tags = element("p", {}, element("span", { className: "tag" }, dot(kind[1]), model.text("type", node)));
  if (columns.frozen[node]) tags.append(element("span", { className: "tag" }, "frozen"));
  if (columns.uses[node] > 1) tags.append(element("span", { className: "tag" }, `used at ${columns.uses[node]} places`));
  for (const output of columns.outputs[node]) tags.append(element("span", { className: "tag" }, output === model.name(node) ? "output" : `output ${output}`));
  parts.push(tags);
  if (model.status) parts.push(...ofChange(page, pane, node));
  if (model.inside(node) >= 0) {
    const button = element("button", { type: "button" }, pane.isOpen(node) ? "fold" : "unfold");
    button.addEventListener("click", () => {
      pane.toggle(node);
      details(page);
    });
    parts.push(button);
  }
  const rows = [["output", shapes(model.text("shape", node))]];
  const input = model.before[node].map((n) => shapes(model.text("shape", n))).join(", ");
  if (input) rows.unshift(["input", input]);
  for (const [cost, label] of Object.entries(shared.costs)) {
    const amount = columns[cost][node];
    if (cost === "trainable" && amount === columns.params[node]) continue;
    rows.push([label, amountTold(model, cost, amount)]);
  }
  if (model.text("kernel", node)) rows.push(["kernel", model.text("kernel", node)]);
  if (model.text("field", node)) rows.push(["receptive field", model.text("field", node)]);
  parts.push(heading("Shapes and costs"), table(rows));
  if (columns.options[node].length) parts.push(heading("Options"), table(columns.options[node].map(([name, value]) => [name, model.strings[value]])));
  const origin = columns.origin[node];
  if (origin) {
    const [file, line, text, site] = origin;
    parts.push(heading("In the spec"), element("p", {}, element("code", { className: "place" }, `${model.strings[file]}:${line}`)));
    if (model.strings[text]) parts.push(element("pre", {}, model.strings[text]));
    if (model.strings[site]) parts.push(element("p", { className: "soft" }, model.strings[site]));
  }
  parts.push(...joined("From", model.before[node], page, pane), ...joined("To", model.after[node], page, pane));
  const weights = columns.weights[node];
  if (weights.length) parts.push(heading("Weights"), ...weights.map((weight) => weightTold(model, weight)));
  return parts;
}

function amountTold(model, cost, amount) {
  const exact = cost === "memory" ? bytes(amount) : full(amount);
  const whole = leavesOf(model).reduce((sum, node) => sum + (typeof model.columns[cost][node] === "number" ? model.columns[cost][node] : 0), 0);
  const share = typeof amount === "number" && amount > 0 && cost !== "memory" ? ` (${((100 * amount) / whole).toPrecision(2)}%)` : "";
  return exact + share;
}

function joined(title, nodes, page, pane) {
  if (!nodes.length) return [];
  const shown = nodes.slice(0, 40).map((node) => link(page, pane, node));
  return [heading(title), element("p", {}, ...shown, nodes.length > 40 ? `and ${nodes.length - 40} more` : "")];
}

function weightTold(model, [name, shape, trainable, counts, least, largest, mean, deviation, zeros, notFinite]) {
  const box = element("div", { className: "weight" }, element("div", {}, element("b", {}, model.strings[name]), element("span", { className: "soft" }, `${model.strings[shape]}${trainable ? "" : ", not trained"}`)));
  if (!counts) return box;
  const most = Math.max(...counts), picture = drawn("svg", { viewBox: `0 0 ${counts.length * 10} 56`, preserveAspectRatio: "none", role: "img" });
  picture.setAttribute("aria-label", `values from ${number(least)} to ${number(largest)}, mean ${number(mean)}`);
  counts.forEach((count, i) => {
    const high = count ? Math.max((54 * count) / most, 1) : 0;
    picture.append(drawn("rect", { x: i * 10 + 0.5, y: 56 - high, width: 9, height: high, fill: "currentColor" }, drawn("title", {}, full(count))));
  });
  const ends = element("div", { className: "ends" }, element("span", {}, number(least)), element("span", {}, `mean ${number(mean)}, deviation ${number(deviation)}`), element("span", {}, number(largest)));
  box.append(picture, ends);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const notes = [];
  if (zeros) notes.push(`${((100 * zeros) / all).toPrecision(3)}% zeros`);
  if (notFinite) notes.push(`${full(notFinite)} not finite`);
  if (notes.length) box.append(element("p", { className: notFinite ? "removed" : "soft" }, notes.join(", ")));
  return box;
}
