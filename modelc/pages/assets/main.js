// The page: its panes, its list, what is selected, and its keys.
const KEYS = [
  ["↑ ↓ ← →", "to the layer before, after, beside"], ["Enter", "fold or unfold a model"], ["/", "search"],
  ["n  p", "next and previous layer found, or change"], ["+  −", "zoom"], ["f  0", "fit the width, fit all"],
  ["c", "other colours"], ["u  o", "unfold all, fold all"], ["l", "the list of layers"], ["t", "light or dark"],
  ["Home  End", "first and last layer"], ["Esc", "select nothing"], ["Wheel", "move; with Ctrl, zoom"],
];

class Page {
  constructor(data) {
    this.data = data;
    document.documentElement.dataset.theme = this.storedTheme() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const captions = data.diff ? data.diff.captions : [""];
    this.panes = data.models.map((model, i) => new Pane(new Model(model, data.shared, data.diff ? statusOf(data.diff, i) : null), this, captions[i]));
    this.active = this.panes.at(-1);
    byId("panes").append(...this.panes.map((pane) => pane.root));
    this.head();
    this.list = new LayerList(this);
    this.setMode(data.diff ? "change" : "kind");
    this.listen();
    details(this);
    for (const pane of this.panes) pane.canvas.dataset.ready = "true";
  }

  head() {
    const { data } = this, { model } = this.active;
    byId("title").textContent = byId("title").title = data.title;
    if (!data.diff) {
      const sums = [["layers", full(leavesOf(model).length)], ["parameters", short(sumOf(model, "params"))], ["MACs per sample", short(sumOf(model, "macs"))]];
      byId("totals").replaceChildren(...sums.flatMap(([name, value], i) => [i ? " · " : "", element("b", {}, value), ` ${name}`]));
    } else byId("totals").textContent = data.diff.summary;
    const modes = [...(data.diff ? [["change", "change"]] : []), ["kind", "kind"], ...Object.entries(data.shared.costs)];
    byId("colours").replaceChildren(...modes.map(([value, label]) => element("option", { value }, label)));
    const sorts = [["order", "in order"], ...Object.entries(data.shared.costs).map(([value, label]) => [value, `most ${label}`])];
    byId("sort").replaceChildren(...sorts.map(([value, label]) => element("option", { value }, label)));
    const nested = this.panes.some((pane) => pane.model.levels.length > 1);
    byId("fold").parentElement.hidden = !nested;
    const keys = element("tbody", {}, ...KEYS.map(([key, what]) => element("tr", {}, element("td", {}, element("kbd", {}, key)), element("td", {}, what))));
    byId("keys").replaceChildren(element("table", {}, keys));
  }

  listed() {
    if (this.data.diff) return changedLayers(this);
    return this.panes.flatMap((pane) => pane.model.order.map((node) => [pane, node]));
  }

  foundText(count, query) {
    if (!this.data.diff && !query) return "";
    return `${full(count)} ${count === 1 ? "layer" : "layers"} ${query ? "found" : "that differ"}`;
  }

  select(pane, node, centre = false) {
    this.active = pane;
    for (const other of this.panes) if (other !== pane) other.selected = partnerOf(this, pane, node);
    pane.selected = node;
    for (const one of this.panes) {
      if (one.selected >= 0) one.reveal(one.selected, centre || one !== pane);
      else if (one !== pane && node >= 0 && nearby(this, pane, node) >= 0) one.reveal(nearby(this, pane, node), true);
      one.draw();
    }
    details(this);
    this.list.show();
    const { model } = pane;
    byId("said").textContent = node < 0 ? "" : `${model.path(node)}, ${model.text("type", node)}, output ${shapes(model.text("shape", node))}`;
  }

  enter(pane) {
    this.active = pane;
  }

  setMode(mode) {
    this.mode = byId("colours").value = mode;
    for (const pane of this.panes) {
      pane.mode = mode;
      pane.draw();
    }
    legend(this);
    this.list.refresh();
  }

  listen() {
    const all = (act) => () => this.panes.forEach(act);
    const acts = {
      in: all((pane) => pane.zoom(1.25)), out: all((pane) => pane.zoom(0.8)), fit: all((pane) => pane.fit()),
      whole: all((pane) => pane.fit(true)), theme: () => this.turn(), help: () => byId("keys").showModal(),
      unfold: all((pane) => this.unfold(pane, true)), fold: all((pane) => this.unfold(pane, false)),
      "show-layers": () => this.showLayers(),
    };
    for (const [id, act] of Object.entries(acts)) byId(id).addEventListener("click", act);
    byId("colours").addEventListener("change", () => this.setMode(byId("colours").value));
    byId("keys").addEventListener("click", () => byId("keys").close());
    if (matchMedia("(max-width: 760px)").matches) this.showLayers();
    const named = {
      "+": "in", "=": "in", "-": "out", f: "fit", 0: "whole", t: "theme", "?": "help", u: "unfold", o: "fold", l: "show-layers",
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT)$/.test(event.target.tagName)) return;
      if (event.key in named) byId(named[event.key]).click();
      else if (event.key === "/") {
        if (byId("layers").hidden) this.showLayers();
        byId("search").focus();
      } else if (event.key === "n" || event.key === "p") this.list.step(event.key === "n" ? 1 : -1);
      else if (event.key === "c") {
        const modes = [...byId("colours").options].map((option) => option.value);
        this.setMode(modes[(modes.indexOf(this.mode) + 1) % modes.length]);
      } else if (event.key === "Escape" && !byId("keys").open) this.select(this.active, -1);
      else return;
      event.preventDefault();
    });
  }

  keyInGraph(pane, event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { order } = pane.model;
    if (event.key.startsWith("Arrow")) this.select(pane, pane.neighbour(event.key));
    else if (event.key === "Home" || event.key === "End") this.select(pane, order.at(event.key === "Home" ? 0 : -1), true);
    else if ((event.key === "Enter" || event.key === " ") && pane.selected >= 0) pane.toggle(pane.selected);
    else return;
    event.preventDefault();
    event.stopPropagation();
    details(this);
  }

  unfold(pane, open) {
    const levels = new Set(open ? pane.model.levels.keys() : []);
    levels.delete(0);
    const kept = pane.selected >= 0 && (open || pane.model.levelOf[pane.selected] === 0) ? pane.selected : pane.model.levels[0].first;
    const anew = kept !== pane.selected;
    pane.setOpen(levels, kept);
    if (anew) this.select(pane, -1);
    if (anew) pane.fit();
  }

  showLayers() {
    const list = byId("layers");
    list.hidden = !list.hidden;
    byId("show-layers").setAttribute("aria-pressed", String(!list.hidden));
  }

  storedTheme() {
    try {
      return localStorage.getItem("modelc-theme");
    } catch {
      return null; // a page in a frame of its own has no storage
    }
  }

  turn() {
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("modelc-theme", theme);
    } catch { /* as above */ }
    for (const pane of this.panes) pane.draw();
  }
}

const sumOf = (model, cost) => leavesOf(model).reduce((sum, node) => sum + (typeof model.columns[cost][node] === "number" ? model.columns[cost][node] : 0), 0);

new Page(JSON.parse(byId("data").textContent));
