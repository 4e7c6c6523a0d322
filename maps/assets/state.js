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

// The page opens with the edition that ranks the most cities.
function firstState(data) {
  const size = (edition) => Math.max(...edition.dimensions.map((dimension) => dimension.city.length));
  const edition = data.editions.reduce((best, next) => (size(next) > size(best) ? next : best));
  return {
    lang: data.lang,
    edition: edition.slug,
    dimension: edition.dimensions[0].slug,
    role: "core",
    shown: new Set(data.clusters.map((cluster) => cluster.slug)),
    selected: null,
    city: null,
    tab: "clusters",
  };
}

// The same dimension in another edition if it has one, else its first.
function dimensionIn(edition, wanted) {
  const found = edition.dimensions.find((dimension) => dimension.slug === wanted);
  return (found ?? edition.dimensions[0]).slug;
}
