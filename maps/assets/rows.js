// Which cities the table shows, and in what order.
const COLUMNS = ["city", "country", "tier", "cityLandform", "near", "within"];

// The clusters that the reader has chosen: the one that is open, and those picked beside it.
function tableClusters(model, state) {
  const slugs = new Set([...(state.picked ?? []), state.selected].filter((slug) => model.clusters.has(slug)));
  return [...slugs].map((slug) => model.clusters.get(slug));
}

function membersOf(clusters, role) {
  return new Set(clusters.flatMap(({ members }) => members.filter(([, core]) => core || role === "all").map(([city]) => city)));
}

// Texts as whole numbers in the order of a language; an empty text comes last either way.
function orderOf(texts, lang) {
  const { compare } = new Intl.Collator(lang === "zh" ? "zh-Hans" : "en");
  const sorted = [...new Set(texts)].sort(compare);
  const place = new Map(sorted.map((text, i) => [text, i]));
  return texts.map((text) => (text === "" ? Infinity : place.get(text)));
}

function createRows(model) {
  const { data } = model;
  const finder = createFinder(data);
  const all = data.cities.zh.map((_, city) => city);
  const kept = new Map();

  function once(key, make) {
    if (!kept.has(key)) {
      kept.set(key, make());
    }
    return kept.get(key);
  }

  // What a column says of a city, for sorting.
  function texts(column, state) {
    const said = {
      city: (city) => data.cities[state.lang][city],
      country: (city) => countryName(model, state, city),
      cityLandform: (city) => WORDS[state.lang][data.cities.landform[city]] ?? "",
      near: (city) => placeName(model, state, city),
      within: (city) => model.memberships[city].map(({ cluster }) => cluster[state.lang]).join(" "),
    };
    return all.map(said[column]);
  }

  function order(column, state) {
    if (column === "tier") {
      const key = `tier ${state.edition} ${state.dimension}`;
      return once(key, () => all.map((city) => model.placing(state, city)?.best ?? Infinity));
    }
    return once(`${column} ${state.lang}`, () => orderOf(texts(column, state), state.lang));
  }

  function sorted(state, cities) {
    const { column, down } = state.sort;
    const [first, second] = [order(column, state), order("city", state)];
    const turn = down ? -1 : 1;
    return cities.sort((a, b) => {
      if (first[a] !== first[b]) {
        return first[a] === Infinity ? 1 : first[b] === Infinity ? -1 : turn * (first[a] - first[b]);
      }
      return second[a] - second[b] || a - b;
    });
  }

  function list(state) {
    const text = folded(state.filter.trim());
    const clusters = tableClusters(model, state);
    const members = clusters.length > 0 ? membersOf(clusters, state.role) : null;
    return sorted(state, all.filter((city) => (!members || members.has(city)) && finder.keeps(city, text)));
  }

  // The last list is kept: a table draws itself often, and its list seldom changes.
  let last = { key: null, cities: [] };
  return function rows(state) {
    const chosen = tableClusters(model, state).map(({ slug }) => slug);
    const { lang, edition, dimension, role, filter, sort } = state;
    const key = JSON.stringify([lang, edition, dimension, role, filter, sort, chosen]);
    if (key !== last.key) {
      last = { key, cities: list(state) };
    }
    return last.cities;
  };
}
