// A drawing of one model that can be moved, zoomed and walked through.
class Pane {
  constructor(model, page, caption) {
    Object.assign(this, { model, page, open: new Set(), selected: -1, hovered: -1, mode: "kind", matches: null });
    this.canvas = element("canvas", { className: "graph", tabIndex: 0, role: "application" });
    this.canvas.setAttribute("aria-label", `The graph of ${model.data.name}. Arrow keys go from layer to layer.`);
    this.map = new Overview(this);
    this.root = element("div", { className: "pane" }, this.canvas, this.map.canvas);
    if (caption) this.root.append(this.caption = element("h2", {}, caption));
    this.context = this.canvas.getContext("2d");
    this.view = { x: 0, y: 0, scale: 1 };
    this.size = [1, 1];
    this.arrange();
    this.listen();
  }

  arrange() {
    this.placed = arrange(this.model, this.open);
    this.map.stale = true;
  }

  resize() {
    const box = this.root.getBoundingClientRect();
    this.ratio = window.devicePixelRatio || 1;
    this.size = [box.width, box.height];
    this.canvas.width = Math.round(box.width * this.ratio);
    this.canvas.height = Math.round(box.height * this.ratio);
    if (!this.shown) this.fit();
    this.shown = true;
    this.map.resize(box.height);
    this.draw();
  }

  draw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.theme = themeColours();
      paint(this);
      this.map.paint();
    });
  }

  // The width that is left beside the overview.
  get room() { return this.size[0] - Overview.WIDTH; }

  figure(node) {
    const cost = this.mode in this.model.shared.costs ? this.mode : null;
    return cost ? told(cost, this.model.columns[cost][node]) : shapes(this.model.text("shape", node));
  }

  isOpen(node) { return this.model.inside(node) >= 0 && this.open.has(this.model.inside(node)); }
  isFaint(node) { return this.matches !== null && !this.matches.has(node); }

  // What is drawn where: all that is in sight, or, where all is to be seen at once, columns of it side by side.
  parts() {
    const [wide, high] = this.size, { x, y, scale } = this.view;
    if (!this.columns) return [{ x, y, from: -y / scale, to: (high - y) / scale, clip: [0, 0, wide, high] }];
    const { count, width, height, margin, side } = this.columns;
    return Array.from({ length: count }, (_, i) => ({
      x: i * width + side, y: margin - i * height * scale, from: i * height, to: (i + 1) * height,
      clip: [i * width, margin, width, height * scale],
    }));
  }

  // The place in the graph that a place in the window shows.
  placeAt(x, y) {
    const { view } = this;
    if (!this.columns) return [(x - view.x) / view.scale, (y - view.y) / view.scale];
    const { count, width, height, margin, side } = this.columns;
    const i = Math.min(Math.max(Math.floor(x / width), 0), count - 1);
    const down = Math.min(Math.max((y - margin) / view.scale, 0), height);
    return [(x - i * width - side) / view.scale, i * height + down];
  }

  // Where the drawing begins at the earliest: below the caption, if there is one.
  top(margin) { return this.caption ? this.caption.offsetTop + this.caption.offsetHeight + 8 : margin; }

  // All of it in columns, as large as they fit.
  fitColumns() {
    const [width, height] = this.placed.size, margin = this.top(12), high = this.size[1] - 2 * margin;
    let best = null;
    for (let count = 1; count <= 80; count++) {
      const side = count > 8 ? 3 : 12;
      const scale = Math.min((this.room / count - 2 * side) / width, high / (height / count), 1);
      if (scale > (best?.scale ?? 0)) best = { count, scale, side };
    }
    this.view.scale = best.scale;
    this.columns = { count: best.count, width: this.room / best.count, height: height / best.count, margin, side: best.side };
    this.draw();
  }

  // Back to one drawing, with what is at a place of the window in its middle.
  leaveColumns(x = this.room / 2, y = this.size[1] / 2) {
    if (!this.columns) return false;
    const [wx, wy] = this.placeAt(x, y);
    this.columns = null;
    this.view.scale = Math.max(this.view.scale, 0.55);
    this.view.x = this.room / 2 - wx * this.view.scale;
    this.view.y = this.size[1] / 2 - wy * this.view.scale;
    this.draw();
    return true;
  }

  // From the top, as wide as it can be and be read; or all of it.
  fit(whole = false) {
    this.columns = null;
    const tall = this.placed.size[1] / this.placed.size[0] > (1.5 * this.size[1]) / this.room;
    if (whole && tall && this.room > 100) return this.fitColumns();
    const [width, height] = this.placed.size, margin = 24, top = this.top(margin);
    const across = (this.room - 2 * margin) / width, down = (this.size[1] - top - margin) / height;
    const scale = whole ? Math.min(across, down) : Math.min(Math.max(across, 0.55), 1);
    this.view.scale = Math.min(Math.max(scale, 0.004), 1.2);
    this.view.x = (this.room - width * this.view.scale) / 2;
    this.view.y = Math.max(top, (this.size[1] - height * this.view.scale) / 2);
    if (!whole && width * this.view.scale > this.room) this.centreOn(this.model.levels[0].first, true);
    this.draw();
  }

  zoom(factor, x = this.room / 2, y = this.size[1] / 2) {
    if (this.leaveColumns(x, y)) return;
    const scale = Math.min(Math.max(this.view.scale * factor, 0.004), 4);
    this.view.x = x - ((x - this.view.x) * scale) / this.view.scale;
    this.view.y = y - ((y - this.view.y) * scale) / this.view.scale;
    this.view.scale = scale;
    this.draw();
  }

  move(dx, dy) {
    if (this.columns) {
      if (Math.abs(dx) + Math.abs(dy) > 2) this.leaveColumns();
      return;
    }
    this.view.x += dx;
    this.view.y += dy;
    const [width, height] = this.placed.size, keep = 80;
    this.view.x = Math.min(Math.max(this.view.x, keep - width * this.view.scale), this.room - keep);
    this.view.y = Math.min(Math.max(this.view.y, keep - height * this.view.scale), this.size[1] - keep);
    this.draw();
  }

  centreOn(node, sideways = false) {
    this.columns = null;
    const { placed, view } = this;
    if (view.scale < READABLE && !sideways) view.scale = 0.8;
    view.x = this.room / 2 - (placed.left[node] + placed.width[node] / 2) * view.scale;
    if (!sideways) view.y = this.size[1] / 2 - (placed.top[node] + Math.min(placed.height[node], 300) / 2) * view.scale;
    this.draw();
  }

  // Move only where the layer is not in sight.
  reveal(node, centre) {
    let changed = false;
    for (let owner = this.model.owner(node); owner >= 0; owner = this.model.owner(owner)) {
      const level = this.model.inside(owner);
      changed ||= !this.open.has(level);
      this.open.add(level);
    }
    if (changed) this.arrange();
    const { placed, view } = this;
    const x = placed.left[node] * view.scale + view.x, y = placed.top[node] * view.scale + view.y;
    const hidden = this.columns ? false : x < 0 || x + placed.width[node] * view.scale > this.room || y < 10 || y + 60 * view.scale > this.size[1];
    if ((centre && !this.columns) || hidden || changed) this.centreOn(node);
    this.draw();
  }

  // Fold or unfold the models in `levels`, with `node` where it is on the screen.
  setOpen(levels, node) {
    this.leaveColumns();
    const at = [this.placed.left[node] + this.placed.width[node] / 2, this.placed.top[node]];
    this.open = levels;
    this.arrange();
    this.view.x += (at[0] - this.placed.left[node] - this.placed.width[node] / 2) * this.view.scale;
    this.view.y += (at[1] - this.placed.top[node]) * this.view.scale;
    this.draw();
  }

  toggle(node) {
    const level = this.model.inside(node);
    if (level < 0) return;
    const levels = new Set(this.open);
    if (!levels.delete(level)) levels.add(level);
    this.setOpen(levels, node);
  }

  nodeAt(x, y) {
    const { placed } = this, [wx, wy] = this.placeAt(x, y);
    let found = -1;
    for (const node of placed.seen) {
      const left = placed.left[node], top = placed.top[node];
      if (wx < left || wy < top || wx > left + placed.width[node] || wy > top + placed.height[node]) continue;
      if (found < 0 || placed.width[node] * placed.height[node] <= placed.width[found] * placed.height[found]) found = node;
    }
    return found;
  }

  listen() {
    const { canvas } = this, pointers = new Map();
    let travelled = 0, spread = 0;
    new ResizeObserver(() => this.resize()).observe(this.root);
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const unit = event.deltaMode === 1 ? 24 : event.deltaMode === 2 ? this.size[1] : 1;
      if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(-event.deltaY * unit * 0.004), event.offsetX, event.offsetY);
      else if (event.shiftKey) this.move(-event.deltaY * unit, 0);
      else this.move(-event.deltaX * unit, -event.deltaY * unit);
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
      [travelled, spread] = [0, 0];
      canvas.classList.add("moving");
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) {
        const over = this.nodeAt(event.offsetX, event.offsetY);
        if (over !== this.hovered) {
          this.hovered = over;
          canvas.title = over < 0 ? "" : `${this.model.path(over)} (${this.model.text("type", over)})`;
          this.draw();
        }
        return;
      }
      pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
      const [dx, dy] = [event.offsetX - before[0], event.offsetY - before[1]];
      travelled += Math.abs(dx) + Math.abs(dy);
      this.move(dx / pointers.size, dy / pointers.size);
      if (pointers.size === 2) {
        const [[ax, ay], [bx, by]] = [...pointers.values()];
        const apart = Math.hypot(ax - bx, ay - by);
        if (spread) this.zoom(apart / spread, (ax + bx) / 2, (ay + by) / 2);
        spread = apart;
      }
    });
    const end = (event) => {
      if (!pointers.delete(event.pointerId)) return;
      canvas.classList.remove("moving");
      if (event.type === "pointerup" && travelled < 5) {
        const node = this.nodeAt(event.offsetX, event.offsetY);
        const onMark = node >= 0 && this.isOnMark(node, event.offsetX, event.offsetY);
        this.page.select(this, node);
        if (onMark) this.toggle(node);
      }
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("dblclick", (event) => {
      const node = this.nodeAt(event.offsetX, event.offsetY);
      if (node >= 0 && !this.isOnMark(node, event.offsetX, event.offsetY)) this.toggle(node);
    });
    canvas.addEventListener("keydown", (event) => this.page.keyInGraph(this, event));
    canvas.addEventListener("focus", () => this.page.enter(this));
  }

  // Whether a place is on the triangle that folds or unfolds a model.
  isOnMark(node, x, y) {
    if (this.model.inside(node) < 0) return false;
    const [wx, wy] = this.placeAt(x, y), [dx, dy] = [wx - this.placed.left[node], wy - this.placed.top[node]];
    return dx < 30 && dy < 32;
  }

  // The layer that an arrow key leads to.
  neighbour(key) {
    const { model, selected, placed } = this;
    if (selected < 0) return model.levels[0].first;
    if (key === "ArrowDown") {
      if (this.isOpen(selected)) return model.levels[model.inside(selected)].first;
      return model.after[selected][0] ?? this.leave(selected, model.after);
    }
    if (key === "ArrowUp") return model.before[selected][0] ?? model.owner(selected);
    const level = model.levels[model.levelOf[selected]], rank = level.rank[selected - level.first];
    const row = [];
    for (let i = 0; i < level.count; i++) if (level.rank[i] === rank) row.push(level.first + i);
    row.sort((a, b) => placed.left[a] - placed.left[b]);
    return row[row.indexOf(selected) + (key === "ArrowRight" ? 1 : -1)] ?? selected;
  }

  // What follows the model that a layer without followers is in.
  leave(node, next) {
    for (let owner = this.model.owner(node); owner >= 0; owner = this.model.owner(owner)) {
      if (next[owner].length) return next[owner][0];
    }
    return node;
  }
}
