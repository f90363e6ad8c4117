// A model as the page's data holds it: columns by node, and levels, of which each is a model in it.
class Model {
  constructor(data, shared, status = null) {
    Object.assign(this, { data, shared, status, columns: data.nodes, levels: data.levels, strings: data.strings });
    this.size = this.columns.name.length;
    this.levelOf = new Int32Array(this.size);
    this.before = Array.from({ length: this.size }, () => []);
    this.after = Array.from({ length: this.size }, () => []);
    this.levels.forEach((level, number) => {
      this.levelOf.fill(number, level.first, level.first + level.count);
      for (const [source, target] of level.edges) {
        this.after[level.first + source].push(level.first + target);
        this.before[level.first + target].push(level.first + source);
      }
    });
    this.ranges = {};
    for (const cost of Object.keys(shared.costs)) this.ranges[cost] = this.range(cost);
    this.order = [];
    this.list(0);
  }

  // The nodes in the order of the model, those inside of a model after it.
  list(number) {
    const { first, count } = this.levels[number];
    for (let node = first; node < first + count; node++) {
      this.order.push(node);
      if (this.inside(node) >= 0) this.list(this.inside(node));
    }
  }

  range(cost) {
    const known = this.columns[cost].filter((amount, node) => typeof amount === "number" && amount > 0 && this.inside(node) < 0);
    return known.reduce(([least, most], amount) => [Math.min(least, amount), Math.max(most, amount)], [Infinity, 0]);
  }

  name(node) { return this.columns.name[node]; }
  path(node) { return this.columns.path[node]; }
  text(column, node) { return this.strings[this.columns[column][node]]; }
  inside(node) { return this.columns.inside[node]; }
  owner(node) { return this.levels[this.levelOf[node]].owner; }

  depth(node) {
    let depth = 0;
    for (let owner = this.owner(node); owner >= 0; owner = this.owner(owner)) depth++;
    return depth;
  }

  searched(node) {
    this.words ??= [];
    return (this.words[node] ??= [this.path(node), this.name(node), this.text("type", node), shapes(this.text("shape", node))].join(" ").toLowerCase());
  }

  colour(node, mode) {
    if (mode === "change") return this.status.colours[this.status.of[node]];
    if (mode === "kind") return this.shared.kinds[this.text("kind", node)][1];
    return this.costColour(mode, this.columns[mode][node]);
  }

  costColour(cost, amount) {
    if (!(amount > 0)) return this.shared.nothing;
    const [least, most] = this.ranges[cost];
    const share = most > least ? Math.log(amount / least) / Math.log(most / least) : 1;
    return blended(this.shared.scale, Math.min(Math.max(share, 0), 1));
  }
}

function blended(colours, share) {
  const at = share * (colours.length - 1);
  const first = Math.min(Math.floor(at), colours.length - 2);
  const part = (colour, k) => parseInt(colour.slice(k, k + 2), 16);
  const mixed = [1, 3, 5].map((k) => Math.round(part(colours[first], k) + (part(colours[first + 1], k) - part(colours[first], k)) * (at - first)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
