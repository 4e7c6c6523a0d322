// State that the map does not show.
const OFF_MAP = new Set(["filter", "sort", "tab", "claimEdition", "claimVerdict", "panel"]);

// Puts the parts together: data, state, map, views.
function startAtlas(map, data) {
  const model = createModel(data);
  const first = firstState(data);
  const store = createStore(first);
  applyTheme(data, shownTheme(first));
  const scene = createScene(model, store);
  const paint = {
    land: createLandPainter(data),
    cities(context, view) {
      scene.paint(context, view);
      drawPin(context, view, model, store.get());
    },
  };
  const land = new CanvasLayer(paint.land, { padding: 0.2 }).addTo(map);
  const layer = new CanvasLayer(paint.cities, { padding: 0.2 }).addTo(map);
  const zoom = L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  followMap(map, [land, layer]);
  createHover(map, model, store, { layer, scene });
  const app = { map, model, store, scene, layer, paint, actions: createActions(map, data, store) };
  PARTS.forEach((part) => part.start?.(app));

  function draw(state) {
    drawHeader(model, store, state);
    drawLegend(model, state);
    drawTabs(state);
    if (state.selected) {
      drawDetail(model, store, state, app.actions);
    } else {
      drawLeague(model, store, state);
    }
    drawClaims(model, store, state);
    drawFooter(model, state);
    translatePage(state.lang);
    translateZoom(zoom, state.lang);
    PARTS.forEach((part) => part.draw?.(app, state));
  }

  store.subscribe((state, before) => {
    if (shownTheme(state) !== shownTheme(before)) {
      applyTheme(data, shownTheme(state));
      land.redraw();
    }
    if (Object.keys(state).some((key) => !OFF_MAP.has(key) && state[key] !== before[key])) {
      layer.redraw();
    }
    moveMap(app, state, before);
    PARTS.forEach((part) => part.point?.(app, state));
    if (!onlyPointed(state, before)) {
      draw(state);
      if (state.selected !== before.selected || state.tab !== before.tab) {
        byId("clusters").scrollTop = 0;
      }
    }
  });
  wireTabs(store);
  wireKeys(store);
  // A click on a city chooses it; the pointer has already found it.
  map.on("click", () => store.get().city !== null && store.set({ pinned: store.get().city }));
  byId("legend").open = !window.matchMedia("(max-width: 860px)").matches;
  draw(first);
  // The page has filled itself; what is left for the map is known only now.
  map.invalidateSize({ animate: false });
  fitCities(map, data, model.dimension(first).city, false);
  startHash(app, first);
}

function createActions(map, data, store) {
  const actions = {
    goTo: (city) => map.setView([data.cities.lat[city], nearLon(map, data.cities.lon[city])], Math.max(map.getZoom(), 6)),
    light: (city) => store.get().city !== city && store.set({ city }),
    pin(city) {
      store.set({ pinned: city });
      actions.goTo(city);
    },
  };
  return actions;
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
  for (const name of TABS) {
    const shown = state.tab === name;
    byId(name).hidden = !shown;
    byId(`tab-${name}`).setAttribute("aria-selected", String(shown));
    byId(`tab-${name}`).tabIndex = shown ? 0 : -1;
  }
  byId("side").dataset.tab = state.tab;
}

// On a phone the panel is a sheet: a tab opens it, and the same tab once more folds it.
function wireTabs(store) {
  const sheet = byId("side");
  TABS.forEach((name, i) => {
    const tab = byId(`tab-${name}`);
    tab.onclick = () => {
      sheet.classList.toggle("folded", store.get().tab === name && !sheet.classList.contains("folded"));
      store.set({ tab: name });
    };
    tab.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const next = TABS[(i + step + TABS.length) % TABS.length];
        store.set({ tab: next });
        byId(`tab-${next}`).focus();
      }
    };
  });
}

// Escape closes what was opened last: the downloads, the card of a city, the panel of a cluster.
function wireKeys(store) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) {
      return;
    }
    const { pinned, selected } = store.get();
    if (byId("download").open) {
      byId("download").open = false;
      byId("download").querySelector("summary").focus();
    } else if (pinned !== null) {
      store.set({ pinned: null });
    } else if (selected !== null) {
      store.set({ selected: null });
    }
  });
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
    make("button", { type: "button", class: "plain", "data-key": "definitions", onclick: () => openHow(state, null) }, words.howAll),
    make(
      "details",
      { open: opened },
      make("summary", { "data-key": "sources" }, words.sources),
      make("ul", {}, others.map((edition) => make("li", {}, edition.credit))),
    ),
  );
}
