// Finds cities and clusters by Chinese name, English name, pinyin or its initials.
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// Whether the letters are pinyin that the name begins with: whole syllables, initials, or both.
function spells(readings, name, letters, from = 0) {
  if (letters === "") {
    return true;
  }
  const syllables = readings[name[from]];
  if (syllables === undefined) {
    return false;
  }
  return syllables.split(" ").some(
    (syllable) =>
      syllable.startsWith(letters) ||
      (letters.startsWith(syllable) && spells(readings, name, letters.slice(syllable.length), from + 1)) ||
      (letters[0] === syllable[0] && spells(readings, name, letters.slice(1), from + 1)),
  );
}

// How well a name fits, 0 best, or -1. The English name comes folded.
function fitOf(readings, zh, en, text) {
  if (zh === text || en === text) {
    return 0;
  }
  if (zh.startsWith(text) || en.startsWith(text)) {
    return 1;
  }
  // ü is typed as v and written as u.
  const letters = text.replace(/[\s'’]/g, "").replace(/v/g, "u");
  if (/^[a-z]+$/.test(letters) && spells(readings, zh, letters)) {
    return 2;
  }
  if (en.includes(` ${text}`) || en.includes(`-${text}`)) {
    return 3;
  }
  return zh.includes(text) || en.includes(text) ? 4 : -1;
}

function createFinder(data) {
  const { readings, countries } = data.lookup;
  const english = data.cities.en.map(folded);
  const lands = Object.fromEntries(Object.entries(countries).map(([code, names]) => [code, folded(names.join(" "))]));
  return {
    fit: (city, text) => fitOf(readings, data.cities.zh[city], english[city], text),
    fitCluster: (cluster, text) => fitOf(readings, cluster.zh, folded(cluster.en), text),
    // A filter also takes countries, by name or code.
    keeps(city, text) {
      const code = data.cities.country[city];
      return text === "" || code.toLowerCase() === text || lands[code]?.includes(text) || this.fit(city, text) >= 0;
    },
  };
}

const MOST_FOUND = 8;

// Clusters and cities that fit, the best first; ranked cities before others, and by tier.
function findAll(model, finder, state, typed) {
  const text = folded(typed.trim());
  if (text === "") {
    return [];
  }
  const { data } = model;
  const clusters = data.clusters.map((cluster) => ({ cluster, fit: finder.fitCluster(cluster, text), tier: 0 }));
  const cities = data.cities.zh.map((_, city) => ({ city, fit: finder.fit(city, text), tier: 1 }));
  const found = [...clusters, ...cities].filter(({ fit }) => fit >= 0);
  for (const item of found) {
    item.tier += item.city === undefined ? 0 : (model.placing(state, item.city)?.tier ?? 99);
  }
  return found.sort((a, b) => a.fit - b.fit || a.tier - b.tier).slice(0, MOST_FOUND);
}

// A combobox as in the ARIA Authoring Practices: the list belongs to the field, which keeps focus.
function createSearch(app) {
  const { model, store, actions } = app;
  const finder = createFinder(model.data);
  const field = byId("search");
  const list = byId("found");
  let found = [];
  let active = -1;

  function close() {
    list.hidden = true;
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function choose(item) {
    field.value = "";
    close();
    if (item.cluster) {
      store.set({ selected: item.cluster.slug, tab: "clusters" });
    } else {
      actions.pin(item.city);
    }
  }

  function option(item, i, state) {
    const names = item.cluster ?? { zh: model.data.cities.zh[item.city], en: model.data.cities.en[item.city] };
    const landform = item.cluster ? model.data.style.landforms[item.cluster.landform] : null;
    const icon = landform
      ? make("i", { "aria-hidden": "true", style: { color: landform.colour } }, landform.glyph)
      : symbolIcon(model.symbol(state, item.city));
    const kind = item.cluster ? WORDS[state.lang].clusterKind : countryName(model, state, item.city);
    return make(
      "li",
      {
        role: "option",
        id: `found-${i}`,
        "aria-selected": i === active,
        onpointerdown: (event) => {
          event.preventDefault();
          choose(item);
        },
      },
      icon,
      make("b", {}, names[state.lang]),
      make("span", {}, `${names[otherLanguage(state.lang)]} · ${kind}`),
    );
  }

  function draw() {
    const state = store.get();
    const typed = field.value.trim() !== "";
    list.hidden = !typed;
    field.setAttribute("aria-expanded", String(typed && found.length > 0));
    if (active >= 0) {
      field.setAttribute("aria-activedescendant", `found-${active}`);
    } else {
      field.removeAttribute("aria-activedescendant");
    }
    list.replaceChildren(...found.map((item, i) => option(item, i, state)));
    byId("nothing").textContent = typed && found.length === 0 ? WORDS[state.lang].nothing : "";
  }

  function search() {
    found = findAll(model, finder, store.get(), field.value);
    active = found.length > 0 ? 0 : -1;
    draw();
    list.hidden = found.length === 0;
  }

  function step(by) {
    if (found.length > 0 && !list.hidden) {
      active = (active + by + found.length) % found.length;
      draw();
    }
  }

  field.addEventListener("input", search);
  field.addEventListener("focus", () => field.value && search());
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const keys = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Enter: () => active >= 0 && choose(found[active]),
      Escape: () => {
        field.value = "";
        byId("nothing").textContent = "";
        close();
      },
    };
    // Enter and arrows belong to the input method while it composes.
    if (keys[event.key] && !event.isComposing && field.value !== "") {
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    }
  });
  return { close };
}

function countryName(model, state, city) {
  const code = model.data.cities.country[city];
  return model.data.lookup.countries[code]?.[state.lang === "zh" ? 0 : 1] ?? code;
}

addPart({
  start: createSearch,
  draw(_, { lang }) {
    byId("search").placeholder = WORDS[lang].searchHint;
  },
});
