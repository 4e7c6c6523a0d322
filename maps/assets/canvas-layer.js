// Many points as one canvas. Points that share a cell of the screen are drawn as one glyph, divided
// by tier, so that none hides another; a point that is alone in its cell is drawn as itself.
const CELLS_PER_TILE = 10;
const DEGREE_STEPS = 1e5;
const MARGIN_PX = 1;
const FEWEST_PX = 4.5;
const PX_PER_DOUBLING = 1.1;
// How much further than its radius a symbol reaches, its halo included.
const REACH = 1.35;
const HALO_PX = 1.5;
const NAMES_IN_TIP = 5;

function fromBase64(text, Numbers) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) {
    bytes[i] = letters.charCodeAt(i);
  }
  return new Numbers(bytes.buffer);
}

function readPoints(data) {
  const lon = fromBase64(data.lon, Int32Array);
  const lat = fromBase64(data.lat, Int32Array);
  const count = lon.length;
  const [x, y] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i += 1) {
    x[i] = worldX(lon[i] / DEGREE_STEPS);
    y[i] = worldY(lat[i] / DEGREE_STEPS);
  }
  return { count, x, y, tier: fromBase64(data.tier, Uint8Array) };
}

// The points by cells of a grid that goes round the world; tier 0 is "no tier". Sums give the
// middle of a cell's points, `first` and `next` lead through them, `tier` is that of the first.
function cellsAt(points, level, tiers) {
  const across = CELLS_PER_TILE * 2 ** level;
  const index = new Map();
  const keys = new Float64Array(points.count);
  const counts = new Uint32Array(points.count * (tiers + 1));
  const size = new Uint32Array(points.count);
  const [x, y] = [new Float64Array(points.count), new Float64Array(points.count)];
  const first = new Int32Array(points.count).fill(-1);
  const next = new Int32Array(points.count);
  const tier = new Uint8Array(points.count);
  for (let i = points.count - 1; i >= 0; i -= 1) {
    const key = Math.min(across - 1, Math.floor(points.y[i] * across)) * across + Math.min(across - 1, Math.floor(points.x[i] * across));
    let cell = index.get(key);
    if (cell === undefined) {
      cell = index.size;
      index.set(key, cell);
      keys[cell] = key;
    }
    counts[cell * (tiers + 1) + points.tier[i]] += 1;
    size[cell] += 1;
    x[cell] += points.x[i];
    y[cell] += points.y[i];
    next[i] = first[cell];
    first[cell] = i;
    tier[cell] = points.tier[i];
  }
  return { across, level, index, keys, counts, size, x, y, first, next, tier, tiers };
}

function hasNeighbour({ across, index }, key) {
  const [row, column] = [Math.floor(key / across), key % across];
  for (let down = -1; down <= 1; down += 1) {
    for (let right = -1; right <= 1; right += 1) {
      const other = (row + down) * across + ((column + right + across) % across);
      if (other !== key && index.has(other)) {
        return true;
      }
    }
  }
  return false;
}

function within(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

// The glyphs in view. One that has a neighbour keeps to its cell, so that no two ever meet.
function placeGlyphs(cells, view, reach) {
  const side = view.scale / cells.across;
  const glyphs = [];
  for (let cell = 0; cell < cells.index.size; cell += 1) {
    const count = cells.size[cell];
    const y = (cells.y[cell] / count) * view.scale - view.corner.y;
    if (y < -side || y > view.size.y + side) {
      continue;
    }
    const middle = (cells.x[cell] / count) * view.scale - view.corner.x;
    const shown = view.copies.map((copy) => middle + copy * view.scale).filter((x) => x > -side && x < view.size.x + side);
    if (shown.length === 0) {
      continue;
    }
    const most = side / 2 - MARGIN_PX;
    const radius = count === 1 ? Math.min(most, reach[cells.tier[cell]]) : Math.min(most, FEWEST_PX + PX_PER_DOUBLING * Math.log2(count));
    const key = cells.keys[cell];
    const kept = hasNeighbour(cells, key);
    const top = Math.floor(key / cells.across) * side - view.corner.y;
    for (const x of shown) {
      const left = Math.floor((x - middle) / view.scale + 0.5) * view.scale + (key % cells.across) * side - view.corner.x;
      glyphs.push({
        cell,
        count,
        radius,
        x: kept ? within(x, left + radius, left + side - radius) : x,
        y: kept ? within(y, top + radius, top + side - radius) : y,
      });
    }
  }
  return glyphs;
}

// A disc whose wedges are the tiers' shares: the best from the top, clockwise, "no tier" last.
function drawShares(context, glyph, cells, symbols, style) {
  const { x, y, radius, cell, count } = glyph;
  let from = -Math.PI / 2;
  for (let step = 1; step <= cells.tiers + 1; step += 1) {
    const tier = step % (cells.tiers + 1);
    const share = cells.counts[cell * (cells.tiers + 1) + tier] / count;
    if (share > 0) {
      context.fillStyle = symbols[tier].fill;
      context.beginPath();
      if (share < 1) {
        context.moveTo(x, y);
      }
      context.arc(x, y, radius, from, from + share * 2 * Math.PI);
      context.fill();
      from += share * 2 * Math.PI;
    }
  }
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = 1;
  context.strokeStyle = style.ink;
  context.stroke();
}

function tipLines(data, cells, symbols, glyph) {
  const point = cells.first[glyph.cell];
  if (glyph.count === 1) {
    const tier = cells.tier[glyph.cell];
    return [
      make("strong", {}, make("bdi", {}, data.names[point] ?? "")),
      make("span", {}, symbolIcon(symbols[tier]), make("bdi", {}, data.labels[tier])),
      ...Object.entries(data.fields).map(([title, column]) => make("span", {}, make("bdi", {}, title), ": ", make("bdi", {}, column[point]))),
    ];
  }
  const names = [];
  for (let i = point; i >= 0 && names.length < NAMES_IN_TIP; i = cells.next[i]) {
    names.push(make("bdi", {}, data.names[i] ?? ""));
  }
  const order = [...symbols.keys()].slice(1).concat(0);
  return [
    make("strong", {}, data.words.places.replace("{n}", glyph.count.toLocaleString(data.lang))),
    ...order
      .map((tier) => [tier, cells.counts[glyph.cell * symbols.length + tier]])
      .filter(([, count]) => count > 0)
      .map(([tier, count]) => make("span", {}, symbolIcon(symbols[tier]), make("bdi", {}, data.labels[tier]), ` · ${count.toLocaleString(data.lang)}`)),
    make("span", { class: "names" }, names, glyph.count > names.length ? make("bdi", {}, "…") : null),
  ];
}

const CanvasPoints = CanvasLayer.extend({
  initialize(data, options) {
    CanvasLayer.prototype.initialize.call(this, (context, view) => this._draw(context, view), { padding: 0.2, ...options });
    this._data = data;
    this._points = readPoints(data);
    this._symbols = [data.unranked, ...data.symbols];
    this._reach = this._symbols.map(({ radius_px }) => radius_px * REACH + HALO_PX);
    this._glyphs = [];
    this._tip = L.tooltip({ className: "canvas-points-tip", opacity: 1, direction: "auto", offset: [10, 0] });
  },

  getEvents() {
    return { ...CanvasLayer.prototype.getEvents.call(this), move: this._follow, mousemove: this._hover, mouseout: this._leave, movestart: this._leave };
  },

  onAdd(map) {
    CanvasLayer.prototype.onAdd.call(this, map);
    this._container.setAttribute("role", "img");
    this._container.setAttribute("aria-hidden", "false");
    this._container.setAttribute("aria-label", this._data.summary);
    this._container.style.pointerEvents = "none";
    if (this._data.legend) {
      this._legend ??= this._makeLegend();
      this._legend.addTo(map);
    }
  },

  onRemove(map) {
    this._leave();
    this._legend?.remove();
    CanvasLayer.prototype.onRemove.call(this, map);
  },

  // What was drawn last: `count` points at `x`, `y`, in pixels of the canvas.
  glyphs() {
    return this._glyphs;
  },

  _draw(context, view) {
    const level = Math.max(0, Math.round(view.zoom));
    if (this._cells?.level !== level) {
      this._cells = cellsAt(this._points, level, this._symbols.length - 1);
    }
    this._glyphs = placeGlyphs(this._cells, view, this._reach);
    for (const glyph of this._glyphs) {
      if (glyph.count === 1) {
        const tier = this._cells.tier[glyph.cell];
        drawSymbol(context, this._symbols[tier], glyph.x, glyph.y, glyph.radius / this._reach[tier]);
      } else {
        drawShares(context, glyph, this._cells, this._symbols, this._data);
      }
    }
  },

  // The canvas is redrawn while the map is dragged, once a frame.
  _follow() {
    if (!this._waiting) {
      this._waiting = requestAnimationFrame(() => {
        this._waiting = 0;
        if (this._map) {
          this._update();
        }
      });
    }
  },

  _hover(event) {
    const point = event.layerPoint.subtract(this._bounds.min);
    const under = this._glyphs.find((glyph) => Math.hypot(glyph.x - point.x, glyph.y - point.y) <= glyph.radius + 1);
    if (!under) {
      this._leave();
      return;
    }
    const at = this._map.layerPointToLatLng(this._bounds.min.add([under.x, under.y]));
    this._tip.setContent(make("div", {}, tipLines(this._data, this._cells, this._symbols, under)));
    this._tip.setLatLng(at).addTo(this._map);
  },

  _leave() {
    this._tip.remove();
  },

  _makeLegend() {
    const legend = L.control({ position: "bottomleft" });
    const { labels, totals, title } = this._data;
    const order = [...this._symbols.keys()].slice(1).concat(0);
    const rows = order
      .filter((tier) => tier > 0 || totals[0] > 0)
      .map((tier) => make("li", {}, symbolIcon(this._symbols[tier]), make("bdi", {}, labels[tier]), make("b", {}, totals[tier].toLocaleString(this._data.lang))));
    legend.onAdd = () => make("div", { class: "canvas-points-legend" }, make("strong", {}, make("bdi", {}, title)), make("ul", {}, rows));
    return legend;
  },
});

L.canvasPoints = (data, options) => new CanvasPoints(data, options);
