// Layers beside cities and clusters, each with a switch: names, coast, ranges, routes, hot spots.
const LAYERS = ["names", "coast", "ranges", "routes", "spots"];
const NAME_KINDS = { sea: "coast", lake: "coast", range: "range" };
const ROUTE_NAMES_FROM_ZOOM = 3.5;
const TURQUOISE = { light: "#0a6a74", dark: "#62d2dc" };
const EARTH = { light: "#75552a", dark: "#d9b27a" };

function linePath(points) {
  const path = new TracedPath();
  for (let i = 0; i < points.length; i += 2) {
    path[i ? "lineTo" : "moveTo"](worldX(points[i]), worldY(points[i + 1]));
  }
  return path;
}

// Which layers there is something for.
function layersOf(data) {
  const { names = [], ranges = [], routes = [] } = data.layers ?? {};
  const there = { names: names.length, coast: data.land.length, ranges: ranges.length, routes: routes.length, spots: Object.keys(data.spots ?? {}).length };
  return LAYERS.filter((name) => there[name] > 0);
}

function createLayers(model) {
  const { names = [], ranges = [], routes = [] } = model.data.layers ?? {};
  const lines = routes.map((route) => ({ ...route, path: linePath(route.line) }));
  let mountains = null;
  let shores = null;

  function under(context, view, state) {
    const theme = shownTheme(state);
    const on = (name) => state.layers.includes(name);
    mountains ??= on("ranges") ? landPaths(ranges).areas : null;
    shores ??= on("coast") ? landPaths(model.data.land).coasts : null;
    eachCopy(context, view, (pixel) => {
      if (on("ranges")) {
        context.fillStyle = EARTH[theme];
        context.globalAlpha = 0.24;
        context.fill(mountains, "evenodd");
        context.globalAlpha = 1;
      }
      if (on("coast")) {
        context.strokeStyle = TURQUOISE[theme];
        context.lineWidth = 1.6 * pixel;
        context.stroke(shores);
      }
      if (on("routes")) {
        context.strokeStyle = model.data.style.landforms.inland.colour;
        context.lineWidth = 2 * pixel;
        context.setLineDash([9 * pixel, 3 * pixel, 2 * pixel, 3 * pixel]);
        lines.forEach(({ path }) => context.stroke(path));
        context.setLineDash([]);
      }
    });
  }

  // Names stand only where they have room on the map and cover nothing else.
  function label(context, view, { state, room }) {
    const theme = shownTheme(state);
    const halo = model.data.style.halo;
    const perKm = view.scale / 40075;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const put = (text, lon, lat, { km, colour, size }) => {
      context.font = `400 ${size}px ${FONTS[state.lang]}`;
      const half = context.measureText(text).width / 2;
      if (half > (1.5 * km * perKm) / Math.cos((Math.min(80, Math.abs(lat)) * Math.PI) / 180)) {
        return;
      }
      for (const { x, y } of pixels(view, lon, lat)) {
        if (room.claim({ left: x - half - 4, right: x + half + 4, top: y - 9, bottom: y + 9 })) {
          drawText(context, text, x, y, { colour, halo });
        }
      }
    };
    if (state.layers.includes("names")) {
      for (const [kind, zh, en, lon, lat, km] of names) {
        const colour = (NAME_KINDS[kind] === "range" ? EARTH : TURQUOISE)[theme];
        put(state.lang === "zh" ? zh : en, lon, lat, { km, colour, size: 11.5 });
      }
    }
    if (state.layers.includes("routes") && view.zoom >= ROUTE_NAMES_FROM_ZOOM) {
      for (const route of lines) {
        const middle = 2 * Math.floor(route.line.length / 4);
        const colour = model.data.style.landforms.inland.colour;
        put(route[state.lang], route.line[middle], route.line[middle + 1] + 0.6, { km: 1e5, colour, size: 11.5 });
      }
    }
  }

  return { under, label };
}

function drawLayers({ model, store }, state) {
  const words = WORDS[state.lang];
  const box = byId("layers");
  const toggle = (name) => () => {
    const { layers } = store.get();
    store.set({ layers: layers.includes(name) ? layers.filter((each) => each !== name) : [...layers, name] });
  };
  box.querySelector("summary").textContent = words.layers;
  refill(
    box.lastElementChild,
    layersOf(model.data).map((name) =>
      make(
        "div",
        { class: "layer" },
        make(
          "label",
          {},
          make("input", { type: "checkbox", "data-key": `layer-${name}`, checked: state.layers.includes(name), onchange: toggle(name) }),
          make("span", {}, words.layerNames[name]),
        ),
        name === "spots" ? how(state, "spots") : null,
      ),
    ),
    state.layers.includes("spots") ? spotLegend(model, state) : null,
    make("button", { type: "button", class: "plain", "data-key": "how-all", onclick: () => openHow(store.get(), null) }, words.howAll),
  );
}

addPart({
  first: (data) => ({ layers: layersOf(data).filter((name) => name === "names") }),
  hash: {
    layers: {
      write: (state) => state.layers.join(".") || "none",
      read: (text, data) => ({ layers: layersOf(data).filter((name) => text.split(".").includes(name)) }),
    },
  },
  start() {
    byId("stage").append(make("details", { class: "layers", id: "layers" }, make("summary"), make("div")));
  },
  draw: drawLayers,
});
