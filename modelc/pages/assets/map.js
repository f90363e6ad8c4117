// The overview at the right edge of a pane: all layers in their colours, and the part that is in sight.
class Overview {
  static WIDTH = 76;

  constructor(pane) {
    Object.assign(this, { pane, stale: true, made: document.createElement("canvas") });
    this.canvas = element("canvas", { className: "map", title: "The whole model: click to go there" });
    this.canvas.setAttribute("aria-hidden", "true");
    const go = (event) => {
      if (!(event.buttons & 1)) return;
      pane.leaveColumns();
      const { view, size } = pane;
      view.y = size[1] / 2 - ((event.offsetY - this.margin) / this.scale) * view.scale;
      pane.draw();
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      go(event);
    });
    this.canvas.addEventListener("pointermove", go);
  }

  get margin() { return 6; }
  get scale() { return Math.min((this.height - 2 * this.margin) / this.pane.placed.size[1], 0.3); }

  resize(height) {
    this.height = height;
    this.canvas.width = this.made.width = Overview.WIDTH * this.pane.ratio;
    this.canvas.height = this.made.height = Math.round(height * this.pane.ratio);
    this.stale = true;
  }

  // Layers are drawn anew only where they, their colours or the search have changed.
  layers() {
    const { placed, model, ratio, mode, theme } = this.pane;
    const context = this.made.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, Overview.WIDTH, this.height);
    const across = (Overview.WIDTH - 16) / placed.size[0];
    for (const node of this.uppermostLast()) {
      context.globalAlpha = this.pane.isFaint(node) ? 0.15 : 1;
      context.fillStyle = model.colour(node, mode);
      const [w, h] = [Math.max(placed.width[node] * across, 2), placed.height[node] * this.scale];
      const y = this.margin + placed.top[node] * this.scale;
      // Whole pixels where there are several layers to one, so that colours do not mix.
      context.fillRect(8 + placed.left[node] * across, h < 2 ? Math.floor(y) : y, w, h < 2 ? Math.max(Math.round(h), 1) : h);
    }
    context.globalAlpha = 1;
    this.stale = false;
  }

  // The layers, those that a search has found and those of the largest cost over the others.
  uppermostLast() {
    const { pane } = this, { columns, shared } = pane.model;
    const nodes = pane.placed.seen.filter((node) => !pane.isOpen(node));
    const cost = pane.mode in shared.costs ? columns[pane.mode] : null;
    const weight = (node) => (pane.isFaint(node) ? 0 : 1e18) + (cost && typeof cost[node] === "number" ? cost[node] : 0);
    return cost || pane.matches ? nodes.sort((a, b) => weight(a) - weight(b)) : nodes;
  }

  paint() {
    const { pane } = this, { view, ratio, theme, placed } = pane;
    const state = `${pane.mode}|${theme.page}|${pane.searched}`;
    if (this.stale || this.state !== state) this.layers();
    this.state = state;
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.made, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const all = pane.columns ? placed.size[1] : null;
    const top = this.margin + (all ? 0 : -view.y / view.scale) * this.scale, height = (all ?? pane.size[1] / view.scale) * this.scale;
    context.fillStyle = theme.accent;
    context.globalAlpha = 0.14;
    context.fillRect(0, top, Overview.WIDTH, Math.max(height, 3));
    context.globalAlpha = 1;
    context.strokeStyle = theme.accent;
    context.strokeRect(0.5, top, Overview.WIDTH - 1, Math.max(height, 3));
    if (pane.selected >= 0) {
      const y = this.margin + placed.top[pane.selected] * this.scale;
      context.beginPath();
      context.moveTo(0, y - 4);
      context.lineTo(7, y);
      context.lineTo(0, y + 4);
      context.fill();
    }
  }
}
