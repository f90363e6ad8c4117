// The list of layers. Only the rows in sight exist, so that ten thousand are as quick as ten.
class LayerList {
  static ROW = 36;

  constructor(page) {
    Object.assign(this, { page, items: [], query: "" });
    this.box = byId("list");
    this.box.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.box);
    byId("search").addEventListener("input", () => this.search(byId("search").value));
    byId("sort").addEventListener("change", () => this.refresh());
    this.box.addEventListener("keydown", (event) => this.key(event));
    byId("search").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && byId("search").value) {
        event.stopPropagation();
        byId("search").value = "";
        this.search("");
      } else if (event.key === "Enter" || event.key === "ArrowDown") {
        event.preventDefault();
        this.step(event.shiftKey ? -1 : 1);
      }
    });
  }

  search(query) {
    this.query = query.trim().toLowerCase();
    for (const pane of this.page.panes) {
      const words = this.query.split(/\s+/).filter(Boolean);
      const found = pane.model.order.filter((node) => words.every((word) => pane.model.searched(node).includes(word)));
      pane.matches = words.length ? new Set(found) : null;
      pane.searched = this.query;
      pane.draw();
    }
    this.refresh();
    this.box.scrollTop = 0;
  }

  refresh() {
    const sort = byId("sort").value;
    this.items = this.page.listed().filter(([pane, node]) => !pane.isFaint(node));
    if (sort !== "order") {
      const cost = ([pane, node]) => (typeof pane.model.columns[sort][node] === "number" ? pane.model.columns[sort][node] : -1);
      this.items = this.items.filter(([pane, node]) => pane.model.inside(node) < 0).sort((a, b) => cost(b) - cost(a));
    }
    byId("tall").style.height = `${this.items.length * LayerList.ROW}px`;
    byId("found").textContent = this.page.foundText(this.items.length, this.query);
    this.draw();
  }

  draw() {
    const first = Math.max(Math.floor(this.box.scrollTop / LayerList.ROW) - 2, 0);
    const last = Math.min(first + Math.ceil(this.box.clientHeight / LayerList.ROW) + 4, this.items.length);
    const rows = [];
    for (let i = first; i < last; i++) rows.push(this.row(i));
    byId("rows").style.top = `${first * LayerList.ROW}px`;
    byId("rows").replaceChildren(...rows);
  }

  row(i) {
    const [pane, node] = this.items[i], { model } = pane, { page } = this;
    const sort = byId("sort").value, cost = sort !== "order" ? sort : page.mode in model.shared.costs ? page.mode : "params";
    const amount = model.columns[cost][node];
    const selected = page.active === pane && pane.selected === node;
    const row = element("div", { className: "row", role: "option", id: `row-${i}` });
    row.setAttribute("aria-selected", String(selected));
    row.setAttribute("aria-setsize", String(this.items.length));
    row.setAttribute("aria-posinset", String(i + 1));
    if (selected) this.box.setAttribute("aria-activedescendant", row.id);
    if (sort === "order") row.style.paddingLeft = `${12 + 12 * Math.min(model.depth(node), 6)}px`;
    row.title = model.path(node);
    const mark = model.status ? model.status.of[node] : "";
    const name = element("b", mark ? { className: mark } : {}, `${mark ? `${model.status.marks[mark]} ` : ""}${sort === "order" ? model.name(node) : model.path(node)}`);
    row.append(
      dot(model.colour(node, page.mode)),
      element("span", {}, name, element("small", {}, amount ? told(cost, amount) : "")),
      element("span", {}, element("small", {}, model.text("type", node)), element("small", {}, shapes(model.text("shape", node)))),
    );
    const most = model.ranges[cost][1];
    if (typeof amount === "number" && amount > 0 && model.inside(node) < 0) {
      const share = element("div", { className: "share" });
      share.style.width = `${Math.max((amount / most) * 45, 0.5)}%`;
      row.append(share);
    }
    row.addEventListener("click", () => page.select(pane, node, true));
    return row;
  }

  position() {
    return this.items.findIndex(([pane, node]) => pane === this.page.active && node === pane.selected);
  }

  step(by) {
    if (!this.items.length) return;
    const at = this.position();
    const next = at < 0 ? (by > 0 ? 0 : this.items.length - 1) : (at + by + this.items.length) % this.items.length;
    this.page.select(...this.items[next], true);
  }

  key(event) {
    const page = Math.floor(this.box.clientHeight / LayerList.ROW) - 1;
    const at = this.position(), last = this.items.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.page.select(...this.items[Math.min(Math.max(to, 0), last)], true);
  }

  // Scroll to the selected layer.
  show() {
    const at = this.position();
    if (at >= 0) {
      const top = at * LayerList.ROW, { scrollTop, clientHeight } = this.box;
      if (top < scrollTop) this.box.scrollTop = top;
      else if (top + LayerList.ROW > scrollTop + clientHeight) this.box.scrollTop = top + LayerList.ROW - clientHeight;
    }
    this.draw();
  }
}
