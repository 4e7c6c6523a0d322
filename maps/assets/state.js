const TABS = ["clusters", "cities", "claims"];

// One state, changed in one place; every view draws itself from it.
function createStore(initial) {
  let state = Object.freeze({ ...initial });
  const listeners = [];
  return {
    get: () => state,
    set(patch) {
      const before = state;
      state = Object.freeze({ ...state, ...patch });
      listeners.forEach((listener) => listener(state, before));
    },
    subscribe(listener) {
      listeners.push(listener);
    },
  };
}

// What the page is made of beside its map. A file adds its part when it is read; each member of a
// part may be left out:
//   first(data)        state that it adds
//   hash               { key: { write(state, data) -> text, read(text, data) -> changed state } }
//   start(app)         called once; app is { map, model, store, scene, layer, paint, actions }
//   draw(app, state)   called when anything but the city under the pointer has changed
//   point(app, state)  called when only that has
const PARTS = [];

function addPart(part) {
  PARTS.push(part);
}

// The page opens with the edition that ranks the most cities.
function firstState(data) {
  const size = (edition) => Math.max(...edition.dimensions.map((dimension) => dimension.city.length));
  const edition = data.editions.reduce((best, next) => (size(next) > size(best) ? next : best));
  const own = {
    lang: data.lang,
    edition: edition.slug,
    dimension: edition.dimensions[0].slug,
    role: "core",
    shown: new Set(data.clusters.map((cluster) => cluster.slug)),
    selected: null,
    city: null,
    pinned: null,
    tab: "clusters",
  };
  return Object.assign(own, ...PARTS.map((part) => part.first?.(data) ?? {}));
}

// Whether only the city under the pointer has changed.
function onlyPointed(state, before) {
  return Object.keys(state).every((key) => key === "city" || state[key] === before[key]);
}

// The same dimension in another edition if it has one, else its first.
function dimensionIn(edition, wanted) {
  const found = edition.dimensions.find((dimension) => dimension.slug === wanted);
  return (found ?? edition.dimensions[0]).slug;
}
