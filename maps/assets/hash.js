// The state of the page in its address, so that a view can be shared.
const OWN_HASH = {
  edition: {
    write: (state) => state.edition,
    read: (text, data) => (data.editions.some(({ slug }) => slug === text) ? { edition: text } : null),
  },
  dimension: { write: (state) => state.dimension, read: (text) => ({ dimension: text }) },
  cluster: {
    write: (state) => state.selected ?? "",
    read: (text, data) => (data.clusters.some(({ slug }) => slug === text) ? { selected: text } : null),
  },
  members: { write: (state) => state.role, read: (text) => (["core", "all"].includes(text) ? { role: text } : null) },
  tab: { write: (state) => state.tab, read: (text) => (TABS.includes(text) ? { tab: text } : null) },
  lang: { write: (state) => state.lang, read: (text) => (Object.hasOwn(WORDS, text) ? { lang: text } : null) },
};

// What belongs to the reader's own screen.
const NOT_SHARED = ["city", "system", "printing"];

addPart({ hash: OWN_HASH });

function hashKeys() {
  return Object.entries(Object.assign({}, ...PARTS.map((part) => part.hash ?? {})));
}

// The state and view that a hash asks for; what it does not name is as it was when the page opened.
// A hash that names nothing asks for nothing, and what cannot be read is passed over.
function readHash(text, data, first) {
  const given = new URLSearchParams(text.replace(/^#/, ""));
  const keys = hashKeys().filter(([key]) => given.get(key));
  const view = readView(given.get("view"));
  if (keys.length === 0 && !view) {
    return null;
  }
  const patch = Object.assign({ ...first }, ...keys.map(([key, { read }]) => read(given.get(key), data)));
  NOT_SHARED.forEach((key) => delete patch[key]);
  const edition = data.editions.find(({ slug }) => slug === patch.edition);
  return { patch: { ...patch, dimension: dimensionIn(edition, patch.dimension) }, view };
}

function readView(text) {
  const [lon, lat, zoom, ...more] = (text ?? "").split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const good = [lon, lat, zoom].every(Number.isFinite) && more.length === 0 && Math.abs(lat) <= 85 && Math.abs(lon) <= 540;
  return good && zoom >= 0 && zoom <= 20 ? { lon, lat, zoom } : null;
}

function writeHash({ map, model, store }, first, embedded) {
  const state = store.get();
  const { lng, lat } = map.getCenter();
  const pairs = hashKeys()
    .map(([key, { write }]) => [key, write(state, model.data), write(first, model.data)])
    .filter(([, now, before]) => now !== before)
    .map(([key, now]) => [key, now]);
  pairs.push(["view", [lng.toFixed(3), lat.toFixed(3), Number(map.getZoom().toFixed(2))].join(",")]);
  const text = new URLSearchParams(pairs).toString().replaceAll("%2C", ",");
  return embedded ? `embed&${text}` : text;
}

// Reads the address now and whenever it changes, and writes it after every change of the page.
function startHash(app, first) {
  const { map, model, store } = app;
  let waiting = 0;

  function apply() {
    const read = readHash(location.hash, model.data, first);
    if (!read) {
      return;
    }
    store.set(read.patch);
    if (read.view) {
      map.stop();
      map.setView([read.view.lat, read.view.lon], read.view.zoom, { animate: false });
    } else if (read.patch.pinned !== null) {
      app.actions.goTo(read.patch.pinned);
    }
  }

  function write() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      try {
        history.replaceState(null, "", `#${writeHash(app, first, isEmbedded())}`);
      } catch {
        // A page inside another one may not change its address.
      }
    }, 120);
  }

  apply();
  window.addEventListener("hashchange", apply);
  map.on("moveend", write);
  store.subscribe((state, before) => {
    if (!onlyPointed(state, before)) {
      write();
    }
  });
}

function isEmbedded() {
  return new URLSearchParams(location.hash.slice(1)).has("embed");
}
