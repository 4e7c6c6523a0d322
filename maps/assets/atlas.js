// Puts the parts together: data, state, map, views.
function startAtlas(map, data) {
  const model = createModel(data);
  const store = createStore(firstState(data));
  const land = new CanvasLayer(createLandPainter(data), { padding: 0.2 }).addTo(map);
  const scene = createScene(model, store);
  const layer = new CanvasLayer(scene.paint, { padding: 0.2 }).addTo(map);
  const zoom = L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  followMap(map, [land, layer]);
  createHover(map, model, store, { layer, scene });

  const actions = {
    goTo: (city) => map.setView([data.cities.lat[city], nearLon(map, data.cities.lon[city])], Math.max(map.getZoom(), 6)),
    light: (city) => store.set({ city }),
  };

  function draw(state) {
    drawHeader(model, store, state);
    drawLegend(model, state);
    drawTabs(state);
    if (state.selected) {
      drawDetail(model, store, state, actions);
    } else {
      drawLeague(model, store, state);
    }
    drawClaims(model, state);
    drawFooter(model, state);
    translatePage(state.lang);
    translateZoom(zoom, state.lang);
  }

  store.subscribe((state, before) => {
    layer.redraw();
    if (state.selected && state.selected !== before.selected) {
      fitCluster(map, scene, state.selected);
    }
    if (!state.selected && (before.selected || state.edition !== before.edition)) {
      fitCities(map, data, model.dimension(state).city);
    }
    const onlyPointing = Object.keys(state).every((key) => key === "city" || state[key] === before[key]);
    if (!onlyPointing) {
      draw(state);
      if (state.selected !== before.selected) {
        byId("clusters").scrollTop = 0;
      }
    }
  });
  wireTabs(store);
  byId("legend").open = !window.matchMedia("(max-width: 860px)").matches;
  draw(store.get());
  fitCities(map, data, model.dimension(store.get()).city, false);
}

// The canvases are redrawn while the map is dragged, so that no edge shows; once a frame.
function followMap(map, layers) {
  let waiting = false;
  map.on("move", () => {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        layers.forEach((layer) => layer._update());
      });
    }
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
}

// The copy of a longitude that is nearest to the middle of the view.
function nearLon(map, lon) {
  return lon + 360 * Math.round((map.getCenter().lng - lon) / 360);
}

function fitBox(map, { west, east, south, north }, { animate, left = 0 }) {
  const turn = nearLon(map, (west + east) / 2) - (west + east) / 2;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  map.fitBounds([[south, west + turn], [north, east + turn]], {
    paddingTopLeft: [28 + left, 28],
    paddingBottomRight: [28, 28],
    maxZoom: 7,
    animate: animate && !still,
  });
}

// Wide maps keep a cluster out from under the legend; narrow ones have no room to.
function coveredByLegend(map) {
  const legend = byId("legend").getBoundingClientRect();
  const frame = map.getContainer().getBoundingClientRect();
  const width = Math.max(0, legend.right - frame.left);
  return width < frame.width / 3 ? width : 0;
}

function fitCluster(map, scene, slug) {
  const shape = scene.shapes.find(({ cluster }) => cluster.slug === slug);
  if (shape) {
    fitBox(map, shape.extent, { animate: true, left: coveredByLegend(map) });
  }
}

// The view leaves out the widest empty stretch of longitudes, wherever that lies.
function fitCities(map, data, chosen, animate = true) {
  const places = chosen.length ? chosen : data.cities.lon.map((_, city) => city);
  if (places.length === 0) {
    return;
  }
  const lons = places.map((city) => data.cities.lon[city]).sort((a, b) => a - b);
  const gaps = lons.map((lon, i) => (i + 1 < lons.length ? lons[i + 1] - lon : lons[0] + 360 - lon));
  const widest = gaps.indexOf(Math.max(...gaps));
  const west = widest + 1 < lons.length ? lons[widest + 1] - 360 : lons[0];
  const lats = places.map((city) => Math.max(-80, Math.min(80, data.cities.lat[city])));
  const margin = 2;
  const box = { west: west - margin, east: lons[widest] + margin, south: Math.min(...lats) - margin, north: Math.max(...lats) + margin };
  fitBox(map, box, { animate });
}

function drawHeader(model, store, state) {
  const options = model.data.editions.map((edition) =>
    make("option", { value: edition.slug, selected: edition.slug === state.edition }, edition[state.lang]),
  );
  byId("edition").replaceChildren(...options);
  byId("edition").onchange = (event) => {
    const edition = model.data.editions.find((item) => item.slug === event.target.value);
    store.set({ edition: edition.slug, dimension: dimensionIn(edition, store.get().dimension) });
  };
  const choices = model.edition(state).dimensions.map((dimension) =>
    make(
      "label",
      {},
      make("input", {
        type: "radio",
        name: "dimension",
        value: dimension.slug,
        checked: dimension.slug === state.dimension,
        "data-key": `dimension-${dimension.slug}`,
        onchange: () => store.set({ dimension: dimension.slug }),
      }),
      make("span", {}, dimension[state.lang]),
    ),
  );
  const legend = byId("dimension").querySelector("legend");
  refill(byId("dimension"), legend, choices);
  const words = WORDS[state.lang];
  byId("language").textContent = words.language;
  byId("language").lang = state.lang === "zh" ? "en" : "zh-Hans";
  byId("language").title = words.languageHint;
  byId("language").onclick = () => store.set({ lang: otherLanguage(store.get().lang) });
}

function drawTabs(state) {
  for (const name of ["clusters", "claims"]) {
    byId(name).hidden = state.tab !== name;
    byId(`tab-${name}`).setAttribute("aria-selected", String(state.tab === name));
  }
}

function wireTabs(store) {
  for (const name of ["clusters", "claims"]) {
    byId(`tab-${name}`).onclick = () => store.set({ tab: name });
  }
}

function translateZoom(zoom, lang) {
  const [more, less] = zoom.getContainer().querySelectorAll("a");
  [[more, "zoomIn"], [less, "zoomOut"]].forEach(([button, key]) => {
    button.title = WORDS[lang][key];
    button.setAttribute("aria-label", WORDS[lang][key]);
  });
}

function drawFooter(model, state) {
  const words = WORDS[state.lang];
  const editions = model.data.editions;
  const current = model.edition(state);
  const others = editions.filter((edition) => edition !== current && edition.credit);
  const opened = byId("foot").querySelector("details")?.open ?? false;
  refill(
    byId("foot"),
    make("p", { class: "credit" }, current.credit),
    make("p", {}, [words.places, words.land, words.software].join(" · ")),
    make(
      "details",
      { open: opened },
      make("summary", { "data-key": "sources" }, words.sources),
      make("ul", {}, others.map((edition) => make("li", {}, edition.credit))),
    ),
  );
}
