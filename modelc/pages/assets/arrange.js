// Where everything stands. Levels are laid out with their models folded; an unfolded one makes room for itself: what is
// right of its middle moves right by what it is wider, what is in the rows below moves down by what it is higher.
function arrange(model, open) {
  const { box } = model.shared;
  const left = new Float64Array(model.size), top = new Float64Array(model.size);
  const width = new Float64Array(model.size), height = new Float64Array(model.size);
  const seen = [], edges = [];
  const sizes = new Map();

  function measure(number) {
    const level = model.levels[number];
    const extra = new Map(), rows = [];
    for (let i = 0; i < level.count; i++) {
      const node = level.first + i, inner = model.inside(node);
      let [w, h] = [box.width, box.height];
      if (inner >= 0 && open.has(inner)) {
        const size = measure(inner);
        w = Math.max(w, size.width + 2 * box.margin);
        h = size.height + box.title + box.margin;
        extra.set(level.x[i], Math.max(extra.get(level.x[i]) ?? 0, w - box.width));
      }
      width[node] = w;
      height[node] = h;
      rows[level.rank[i]] = Math.max(rows[level.rank[i]] ?? 0, h);
    }
    const tops = [0];
    for (const [row, h] of rows.entries()) tops.push(tops[row] + h + box.rowGap);
    const wider = [...extra].sort((a, b) => a[0] - b[0]);
    const moved = (x) => {
      let by = 0;
      for (const [at, more] of wider) {
        if (at > x) break;
        by += at < x ? more : more / 2;
      }
      return x + by;
    };
    const size = { rows, tops, moved, width: level.width + wider.reduce((sum, [, more]) => sum + more, 0), height: tops.at(-1) - box.rowGap };
    sizes.set(number, size);
    return size;
  }

  function place(number, x, y) {
    const level = model.levels[number], { rows, tops, moved } = sizes.get(number);
    for (let i = 0; i < level.count; i++) {
      const node = level.first + i, row = level.rank[i];
      left[node] = x + moved(level.x[i]) - width[node] / 2;
      top[node] = y + tops[row] + (rows[row] - height[node]) / 2;
      seen.push(node);
    }
    for (const [i, j, ...bends] of level.edges) {
      const source = level.first + i, target = level.first + j;
      const points = [[left[source] + width[source] / 2, top[source] + height[source]]];
      if (bends.length) {
        for (let row = level.rank[i] + 1; row < level.rank[j]; row++) {
          const at = x + moved(bends.length > 1 ? bends[row - level.rank[i] - 1] : bends[0]);
          points.push([at, y + tops[row]], [at, y + tops[row] + rows[row]]);
        }
      }
      points.push([left[target] + width[target] / 2, top[target]]);
      edges.push({ source, target, points: straightened(points) });
    }
    for (let node = level.first; node < level.first + level.count; node++) {
      const inner = model.inside(node);
      if (inner >= 0 && open.has(inner)) {
        place(inner, left[node] + (width[node] - sizes.get(inner).width) / 2, top[node] + box.title);
      }
    }
  }

  const whole = measure(0);
  place(0, 0, 0);
  return { left, top, width, height, seen, edges, size: [whole.width, whole.height] };
}

// Without the corners on a straight line down.
function straightened(points) {
  return points.filter(([x], i) => i === 0 || i === points.length - 1 || points[i - 1][0] !== x || points[i + 1][0] !== x);
}
