// A canvas that follows the map. World coordinates run from 0 to 1, west to east, north to south.
function worldX(lon) {
  return (lon + 180) / 360;
}

function worldY(lat) {
  const limit = Math.max(-85.0511, Math.min(85.0511, lat));
  const sine = Math.sin((limit * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

const CanvasLayer = L.Renderer.extend({
  initialize(paint, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._paint = paint;
  },

  _initContainer() {
    this._container = L.DomUtil.create("canvas", "atlas-canvas");
    this._container.setAttribute("aria-hidden", "true");
  },

  _destroyContainer() {
    this._container.remove();
  },

  // Leaflet calls this after every move; a canvas that covers more than the view is redrawn.
  _update() {
    if (this._map._animatingZoom && this._bounds) {
      return;
    }
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = window.devicePixelRatio || 1;
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    this.redraw();
  },

  _updatePaths() {},

  redraw() {
    if (!this._map || !this._bounds) {
      return;
    }
    const context = this._container.getContext("2d");
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this._container.width, this._container.height);
    this._paint(context, this._view(ratio));
  },

  _view(ratio) {
    return viewFrom(this._map, this._bounds.min, this._bounds.getSize(), ratio);
  },
});

// Scale and offset of the world, and the copies of it that are in view, for a frame whose corner
// is given in the map's own pixels.
function viewFrom(map, min, size, ratio) {
  const zoom = map.getZoom();
  const corner = map.getPixelOrigin().add(min);
  const scale = 256 * 2 ** zoom;
  const first = Math.floor(corner.x / scale);
  const last = Math.floor((corner.x + size.x) / scale);
  const copies = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return { ratio, scale, corner, size, copies, zoom };
}

// A path that can also tell its steps, so that it can be written as SVG.
class TracedPath extends Path2D {
  constructor() {
    super();
    this.steps = [];
  }

  moveTo(x, y) {
    super.moveTo(x, y);
    this.steps.push(["M", x, y]);
  }

  lineTo(x, y) {
    super.lineTo(x, y);
    this.steps.push(["L", x, y]);
  }

  closePath() {
    super.closePath();
    this.steps.push(["Z"]);
  }
}

// With its neighbours, for what reaches from one copy of the world into the next.
function withNeighbours(view) {
  const { copies } = view;
  return { ...view, copies: [copies[0] - 1, ...copies, copies[copies.length - 1] + 1] };
}

// Calls `draw` once per copy of the world in view, with the context in world coordinates.
function eachCopy(context, view, draw) {
  const { ratio, scale, corner } = view;
  for (const copy of view.copies) {
    context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (copy * scale - corner.x), -ratio * corner.y);
    draw(1 / scale, copy);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

// Pixels of a place in every copy of the world that is in view.
function pixels(view, lon, lat) {
  const y = worldY(lat) * view.scale - view.corner.y;
  if (y < -20 || y > view.size.y + 20) {
    return [];
  }
  return view.copies
    .map((copy) => ({ x: (worldX(lon) + copy) * view.scale - view.corner.x, y }))
    .filter(({ x }) => x > -20 && x < view.size.x + 20);
}
