// Drawing one pane. Texts are drawn where they can be read; far out, layers are marks in their colours.
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';
const NAME_FONT = `600 13px ${FONT}`, SMALL_FONT = `11.5px ${FONT}`, TAG_FONT = `600 10px ${FONT}`;
const READABLE = 0.42;

const fitted = new Map();

// The text, cut to a width; texts occur again in every frame.
function fitting(context, text, width) {
  const key = `${context.font}|${width}|${text}`;
  let made = fitted.get(key);
  if (made === undefined) {
    if (fitted.size > 50000) fitted.clear();
    made = text;
    if (context.measureText(text).width > width) {
      let low = 0, high = text.length;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
        else high = middle - 1;
      }
      made = `${text.slice(0, low)}…`;
    }
    fitted.set(key, made);
  }
  return made;
}

function rounded4(context, x, y, width, height, radius) {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
}

function way(context, points) {
  context.moveTo(...points[0]);
  for (let i = 1; i < points.length; i++) {
    const [x, y] = points[i - 1], [x2, y2] = points[i];
    if (x === x2) context.lineTo(x2, y2);
    else context.bezierCurveTo(x, (y + y2) / 2, x2, (y + y2) / 2, x2, y2);
  }
}

function paint(pane) {
  const { context, view: { scale }, theme } = pane;
  const [wide, high] = pane.size;
  context.setTransform(pane.ratio, 0, 0, pane.ratio, 0, 0);
  context.fillStyle = theme.page;
  context.fillRect(0, 0, wide, high);
  for (const { x, y, from, to, clip } of pane.parts()) {
    context.save();
    context.beginPath();
    context.rect(...clip);
    context.clip();
    context.setTransform(pane.ratio * scale, 0, 0, pane.ratio * scale, pane.ratio * x, pane.ratio * y);
    paintPart(pane, from, to);
    context.restore();
  }
}

function paintPart(pane, from, to) {
  const { context, placed, view: { scale } } = pane;
  const containers = [], boxes = [];
  for (const node of placed.seen) {
    if (placed.top[node] > to || placed.top[node] + placed.height[node] < from) continue;
    (pane.isOpen(node) ? containers : boxes).push(node);
  }
  for (const node of containers) paintContainer(pane, node);
  paintEdges(pane, from, to);
  if (scale < READABLE) paintMarks(pane, boxes);
  else for (const node of boxes) paintBox(pane, node);
}

function paintEdges(pane, from, to) {
  const { context, placed, view, theme, selected } = pane;
  const lit = [];
  context.beginPath();
  for (const edge of placed.edges) {
    const { points } = edge;
    if (points[0][1] > to || points.at(-1)[1] < from) continue;
    if (edge.source === selected || edge.target === selected) lit.push(points);
    else way(context, points);
  }
  context.lineWidth = Math.max(1.3, 1.1 / view.scale);
  context.strokeStyle = context.fillStyle = theme.edge;
  context.stroke();
  if (view.scale >= READABLE) {
    for (const { points, source, target } of placed.edges) {
      const [x, y] = points.at(-1);
      if (y >= from && y <= to + 10 && source !== selected && target !== selected) arrow(context, x, y);
    }
  }
  context.lineWidth = Math.max(2.4, 1.6 / view.scale);
  context.strokeStyle = context.fillStyle = theme.accent;
  for (const points of lit) {
    context.beginPath();
    way(context, points);
    context.stroke();
    if (view.scale >= READABLE) arrow(context, ...points.at(-1));
  }
}

function arrow(context, x, y) {
  context.beginPath();
  context.moveTo(x - 4, y - 6);
  context.lineTo(x + 4, y - 6);
  context.lineTo(x, y);
  context.fill();
}

// Far out: marks, at least a pixel high.
function paintMarks(pane, boxes) {
  const { context, model, placed, view, theme } = pane;
  const least = 1.2 / view.scale;
  for (const node of boxes) {
    context.globalAlpha = pane.isFaint(node) ? 0.25 : 1;
    context.fillStyle = model.colour(node, pane.mode);
    const height = Math.max(placed.height[node], least);
    if (view.scale > 0.12) {
      rounded4(context, placed.left[node], placed.top[node], placed.width[node], height, 9);
      context.fill();
    } else context.fillRect(placed.left[node], placed.top[node], placed.width[node], height);
  }
  context.globalAlpha = 1;
  if (boxes.includes(pane.selected)) outline(pane, pane.selected, theme.accent, 3 / view.scale);
}

function outline(pane, node, colour, width) {
  const { context, placed } = pane;
  rounded4(context, placed.left[node], placed.top[node], placed.width[node], placed.height[node], 9);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

function paintBox(pane, node) {
  const { context, model, placed, theme, mode } = pane;
  const x = placed.left[node], y = placed.top[node], w = placed.width[node], h = placed.height[node];
  const colour = model.colour(node, mode), folded = model.inside(node) >= 0;
  context.globalAlpha = pane.isFaint(node) ? 0.32 : 1;
  if (folded) {
    context.fillStyle = theme.card;
    rounded4(context, x + 4, y + 4, w, h, 9);
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = theme.line;
    context.stroke();
  }
  rounded4(context, x, y, w, h, 9);
  context.fillStyle = theme.card;
  context.fill();
  context.save();
  context.clip();
  context.fillStyle = colour;
  context.fillRect(x, y, 6, h);
  context.globalAlpha *= 0.13;
  context.fillRect(x, y, w, h);
  context.restore();
  outline(pane, node, node === pane.selected ? theme.accent : node === pane.hovered ? theme.soft : theme.line, node === pane.selected ? 2.5 : 1);
  const mark = model.status ? model.status.marks[model.status.of[node]] : "";
  context.fillStyle = theme.ink;
  context.font = NAME_FONT;
  const name = `${folded ? "▸ " : ""}${model.name(node)}`;
  context.fillText(fitting(context, name, w - (mark ? 40 : 24)), x + 14, y + 21);
  if (mark) {
    context.fillStyle = model.colour(node, "change");
    context.fillText(mark, x + w - 18, y + 21);
  }
  context.font = SMALL_FONT;
  context.fillStyle = theme.soft;
  const right = fitting(context, pane.figure(node), w * 0.6);
  const used = context.measureText(right).width;
  context.fillText(right, x + w - 12 - used, y + 39);
  context.fillText(fitting(context, model.text("type", node), w - 34 - used), x + 14, y + 39);
  if (model.columns.outputs[node].length) tag(context, "output", x + w / 2, y + h, theme.ink, theme.page);
  context.globalAlpha = 1;
}

function tag(context, text, x, y, fill, ink) {
  context.font = TAG_FONT;
  const width = context.measureText(text).width + 12;
  rounded4(context, x - width / 2, y - 7, width, 14, 7);
  context.fillStyle = fill;
  context.fill();
  context.fillStyle = ink;
  context.fillText(text, x - width / 2 + 6, y + 3.5);
}

function paintContainer(pane, node) {
  const { context, model, placed, theme, mode, view } = pane;
  const x = placed.left[node], y = placed.top[node], w = placed.width[node], h = placed.height[node];
  const colour = model.colour(node, mode);
  rounded4(context, x, y, w, h, 12);
  context.save();
  context.globalAlpha = 0.07;
  context.fillStyle = colour;
  context.fill();
  context.restore();
  context.lineWidth = Math.max(node === pane.selected ? 2.5 : 1.3, 0.8 / view.scale);
  context.strokeStyle = node === pane.selected ? theme.accent : colour;
  context.stroke();
  if (view.scale < READABLE) return;
  context.font = NAME_FONT;
  context.fillStyle = theme.ink;
  const title = `▾ ${model.name(node)}  ·  ${model.text("type", node)}`;
  context.fillText(fitting(context, title, w - 28), x + 14, y + 20);
}
