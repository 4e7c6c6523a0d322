// What lies on the land: outlines of clusters, cities by tier, and names where there is room.
const HAN = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC"';
const FONTS = { zh: `${HAN}, system-ui, sans-serif`, en: `system-ui, "Segoe UI", sans-serif, ${HAN}` };
const CITY_NAMES_FROM_ZOOM = 4.75;
const LABEL_FROM_PX = 16;
const WIDE_SYMBOLS_FROM_ZOOM = 4;

function outlinePath(rings) {
  const path = new TracedPath();
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      path[i ? "lineTo" : "moveTo"](worldX(ring[i]), worldY(ring[i + 1]));
    }
    path.closePath();
  }
  return path;
}

function outlineShapes(clusters) {
  return clusters
    .filter((cluster) => cluster.outlines.all)
    .map((cluster) => {
      const rings = cluster.outlines.all;
      const lons = rings.flatMap((ring) => ring.filter((_, i) => i % 2 === 0));
      const lats = rings.flatMap((ring) => ring.filter((_, i) => i % 2 === 1));
      const extent = { west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) };
      return {
        cluster,
        extent,
        top: northernmost(cluster.outlines.core ?? rings),
        size: (extent.east - extent.west) * (extent.north - extent.south),
        all: outlinePath(rings),
        core: cluster.outlines.core ? outlinePath(cluster.outlines.core) : null,
        same: JSON.stringify(cluster.outlines.core) === JSON.stringify(rings),
      };
    })
    .sort((a, b) => b.size - a.size);
}

// Where the name of a cluster stands.
function northernmost(rings) {
  let top = { lon: 0, lat: -Infinity };
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      if (ring[i + 1] > top.lat) {
        top = { lon: ring[i], lat: ring[i + 1] };
      }
    }
  }
  return top;
}

function drawOutline(context, pixel, shape, style, chosen) {
  context.strokeStyle = style.colour;
  context.fillStyle = style.colour;
  context.globalAlpha = chosen ? 0.16 : 0.07;
  context.fill(shape.core ?? shape.all);
  context.globalAlpha = 1;
  if (!shape.same) {
    context.lineWidth = (chosen ? 1.8 : 1.1) * pixel;
    context.setLineDash([5 * pixel, 4 * pixel]);
    context.stroke(shape.all);
    context.setLineDash([]);
  }
  if (shape.core) {
    context.lineWidth = (chosen ? 3.2 : 1.8) * pixel;
    context.stroke(shape.core);
  }
}

// Boxes that are taken; a label is drawn only where it covers none of them.
function createRoom() {
  const taken = [];
  return {
    take(box) {
      taken.push(box);
    },
    claim(box) {
      const free = taken.every((t) => box.right < t.left || box.left > t.right || box.bottom < t.top || box.top > t.bottom);
      if (free) {
        taken.push(box);
      }
      return free;
    },
  };
}

function drawText(context, text, x, y, { colour, halo }) {
  context.lineWidth = 3.5;
  context.lineJoin = "round";
  context.strokeStyle = halo;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

function labelOutlines(context, view, shapes, { state, landforms, room, halo }) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  const chosenFirst = [...shapes].sort((a, b) => (b.cluster.slug === state.selected) - (a.cluster.slug === state.selected));
  for (const { cluster, extent, top } of chosenFirst) {
    const span = ((extent.east - extent.west) / 360) * view.scale;
    if (span < LABEL_FROM_PX && cluster.slug !== state.selected) {
      continue;
    }
    const style = landforms[cluster.landform];
    const text = `${style.glyph} ${cluster[state.lang]}`;
    context.font = `600 ${cluster.slug === state.selected ? 14 : 12.5}px ${FONTS[state.lang]}`;
    const half = context.measureText(text).width / 2;
    for (const { x, y } of pixels(view, top.lon, top.lat)) {
      const above = y - 9;
      if (room.claim({ left: x - half - 3, right: x + half + 3, top: above - 9, bottom: above + 9 })) {
        drawText(context, text, x, above, { colour: style.colour, halo });
      }
    }
  }
}

function labelCities(context, spots, { state, cities, room, ink, halo }) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.font = `500 12px ${FONTS[state.lang]}`;
  for (const { city, x, y, symbol } of [...spots].reverse()) {
    const text = cities[state.lang][city];
    const left = x + symbol.radius_px + 4;
    const width = context.measureText(text).width;
    if (room.claim({ left, right: left + width, top: y - 7, bottom: y + 7 })) {
      drawText(context, text, left, y, { colour: ink, halo });
    }
  }
}

function createScene(model, store) {
  const { cities, style } = model.data;
  const shapes = outlineShapes(model.data.clusters);
  const layers = createLayers(model);
  // What the pointer is on, and the members that a moved threshold would give.
  const pointer = createStore({ cluster: null, trial: null });
  let spots = [];

  // Unranked cities first and the best tier last, so that the best lie on top.
  function order(state) {
    const ranked = model.rows(state);
    const unranked = cities.zh.map((_, city) => city).filter((city) => !ranked.has(city));
    return [...unranked, ...ranked.keys()];
  }

  function place(state, view) {
    return order(state).flatMap((city) => {
      const symbol = changeSymbol(model, state, city) ?? model.symbol(state, city);
      return pixels(view, cities.lon[city], cities.lat[city]).map((point) => ({ city, symbol, ...point }));
    });
  }

  function paint(context, exact) {
    const view = withNeighbours(exact);
    const state = store.get();
    // A cluster without a city in the table shown has nothing to say there.
    const picked = new Set([...state.picked, state.selected]);
    const chosen = new Set([...picked, pointer.get().cluster]);
    const visible = shapes.filter(
      ({ cluster }) =>
        picked.has(cluster.slug) || (state.shown.has(cluster.slug) && model.result(state, cluster.slug, "all")),
    );
    layers.under(context, view, state);
    eachCopy(context, view, (pixel) => {
      for (const shape of visible) {
        drawOutline(context, pixel, shape, style.landforms[shape.cluster.landform], chosen.has(shape.cluster.slug));
      }
    });
    spots = place(state, view);
    const grow = view.zoom >= WIDE_SYMBOLS_FROM_ZOOM ? 1.15 : Math.max(0.6, Math.min(1, view.zoom / 3));
    const room = createRoom();
    for (const { city, symbol, x, y } of spots) {
      drawSymbol(context, symbol, x, y, grow * (city === state.city ? 1.5 : 1));
      if (view.zoom >= CITY_NAMES_FROM_ZOOM) {
        const r = symbol.radius_px * grow;
        room.take({ left: x - r, right: x + r, top: y - r, bottom: y + r });
      }
    }
    labelOutlines(context, view, visible, { state, landforms: style.landforms, room, halo: style.halo });
    if (view.zoom >= CITY_NAMES_FROM_ZOOM) {
      labelCities(context, spots, { state, cities, room, ink: style.ink, halo: style.halo });
    }
    layers.label(context, view, { state, room });
    ringSpots(context, spots, { model, state });
    markTrial(context, spots, pointer.get().trial, style);
    ringCity(context, spots, state.city, style.ink);
  }

  return { paint, shapes, pointer, spots: () => spots };
}

function ringCity(context, spots, city, ink) {
  for (const spot of spots.filter((item) => item.city === city)) {
    context.beginPath();
    context.arc(spot.x, spot.y, 14, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = ink;
    context.stroke();
  }
}

// Cities that a moved threshold takes in have a plus beside them, those that it puts out a minus.
function markTrial(context, spots, trial, { ink, halo }) {
  if (!trial) {
    return;
  }
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = "700 20px sans-serif";
  for (const { city, x, y } of spots.filter((spot) => trial.has(spot.city))) {
    ring(context, x, y, { radius: 11, width: 2, colour: ink, dash: trial.get(city) > 0 ? [] : [3, 3] });
    drawText(context, trial.get(city) > 0 ? "+" : "−", x, y - 19, { colour: ink, halo });
  }
}
