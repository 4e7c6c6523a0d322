// What lies under the pointer: a city, with its tooltip, or the smallest outline round it.
const NEAR_PX = 9;

function createHover(map, model, store, { layer, scene }) {
  const tip = byId("tip");
  const probe = document.createElement("canvas").getContext("2d");

  function spotAt(event) {
    const point = event.layerPoint.subtract(layer._bounds.min);
    let best = null;
    for (const spot of scene.spots()) {
      const distance = Math.hypot(spot.x - point.x, spot.y - point.y);
      if (distance <= NEAR_PX + spot.symbol.radius_px / 2 && (best === null || distance <= best.distance)) {
        best = { ...spot, distance };
      }
    }
    return best;
  }

  function outlineAt(event) {
    const { shown } = store.get();
    const { lng, lat } = event.latlng;
    const inside = ({ cluster, all }) =>
      shown.has(cluster.slug) &&
      [-360, 0, 360].some((turn) => probe.isPointInPath(all, worldX(L.Util.wrapNum(lng, [-180, 180], true) + turn), worldY(lat)));
    return scene.shapes.filter(inside).pop()?.cluster.slug ?? null;
  }

  function showTip(city, x, y) {
    tip.replaceChildren(...cityLines(model, store.get(), city));
    tip.hidden = false;
    const stage = byId("stage").getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const left = x + 16 + width > stage.width ? x - 16 - width : x + 16;
    const top = Math.max(6, Math.min(y - height / 2, stage.height - height - 6));
    tip.style.left = `${Math.max(6, left)}px`;
    tip.style.top = `${top}px`;
  }

  function point(city, x, y) {
    if (city === null) {
      tip.hidden = true;
    } else {
      showTip(city, x, y);
    }
    if (store.get().city !== city) {
      store.set({ city });
    }
  }

  const { pointer } = scene;

  function pointTo(cluster) {
    if (pointer.get().cluster !== cluster) {
      pointer.set({ cluster });
    }
  }

  // Whatever in the panel names a cluster or a city lights it on the map while it is pointed at.
  function follow(event) {
    const within = event.type === "pointerleave" ? null : event.target;
    pointTo(within?.closest("[data-lights]")?.dataset.lights ?? null);
    const row = within?.closest("[data-city]");
    if (row) {
      store.set({ city: Number(row.dataset.city) });
    }
  }

  function goTo(event) {
    const row = event.target.closest("[data-city]");
    if (row) {
      const { lat, lon } = model.data.cities;
      const city = Number(row.dataset.city);
      map.setView([lat[city], nearLon(map, lon[city])], Math.max(map.getZoom(), 6));
    }
  }

  pointer.subscribe(({ cluster }, before) => {
    layer.redraw();
    if (cluster !== before.cluster) {
      for (const row of byId("clusters").querySelectorAll("[data-lights]")) {
        row.classList.toggle("lit", row.dataset.lights === cluster);
      }
    }
  });
  for (const type of ["pointerover", "pointerleave", "focusin"]) {
    byId("clusters").addEventListener(type, follow);
  }
  byId("clusters").addEventListener("click", goTo);
  byId("clusters").addEventListener("trial", (event) => pointer.set({ trial: event.detail }));
  store.subscribe((state, before) => {
    if (!onlyPointed(state, before) && pointer.get().trial) {
      pointer.set({ trial: null });
    }
  });

  map.on("mousemove click", (event) => {
    const spot = spotAt(event);
    const { x, y } = event.containerPoint;
    point(spot ? spot.city : null, x, y);
    const outline = spot ? null : outlineAt(event);
    map.getContainer().style.cursor = spot || outline ? "pointer" : "";
    pointTo(outline);
    if (event.type === "click" && outline) {
      openOrPick(store, outline, event.originalEvent);
    }
  });
  map.on("mouseout movestart", () => {
    point(null);
    pointTo(null);
  });
}

function cityLines(model, state, city) {
  const { cities } = model.data;
  const words = WORDS[state.lang];
  const placing = model.placing(state, city);
  const lines = [
    make("strong", {}, cities[state.lang][city]),
    make("span", { class: "other" }, cities[otherLanguage(state.lang)][city], " · ", cities.country[city]),
  ];
  if (placing) {
    lines.push(
      make("span", { class: "tier" }, symbolIcon(model.symbol(state, city)), model.label(state, placing.tier)),
      make("span", {}, words.ranks(placing.best, placing.worst, placing.count)),
    );
    if (placing.published !== cities.zh[city]) {
      lines.push(make("span", { class: "quiet" }, words.published(placing.published)));
    }
  } else {
    lines.push(make("span", { class: "tier" }, symbolIcon(model.symbol(state, city)), words.unranked));
  }
  const spot = spotLine(model, state, city);
  if (spot) {
    lines.push(spot);
  }
  const change = changeLine(model, state, city);
  if (change) {
    lines.push(change);
  }
  for (const { cluster, core } of model.memberships[city]) {
    const { colour, glyph } = model.data.style.landforms[cluster.landform];
    lines.push(
      make("span", { class: "within" }, make("i", { style: { color: colour } }, glyph), ` ${cluster[state.lang]} · ${words[core ? "core" : "extended"]}`),
    );
  }
  return lines;
}
