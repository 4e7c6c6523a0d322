// Light and dark: the page's colours are in its style sheet, the map's come with the data.
function shownTheme(state) {
  return state.printing ? "light" : (state.theme ?? state.system);
}

// The style is changed where it stands, so that every painter sees it.
function applyTheme(data, theme) {
  const { style } = data;
  Object.assign(style, data.themes[theme]);
  for (const symbol of [style.unranked, ...Object.values(style.tiers).flat()]) {
    symbol.halo = style.halo;
  }
  for (const symbol of Object.values(style.tiers).flat()) {
    symbol.stroke = style.ink;
  }
  document.documentElement.dataset.theme = theme;
}

const DARK_SYSTEM = window.matchMedia("(prefers-color-scheme: dark)");
const systemTheme = () => (DARK_SYSTEM.matches ? "dark" : "light");

addPart({
  first: () => ({ theme: null, system: systemTheme(), printing: false }),
  hash: {
    theme: {
      write: (state) => state.theme ?? "",
      read: (text) => (["light", "dark"].includes(text) ? { theme: text } : null),
    },
  },
  start({ store }) {
    DARK_SYSTEM.addEventListener("change", () => store.set({ system: systemTheme() }));
    // Paper is white.
    window.addEventListener("beforeprint", () => store.set({ printing: true }));
    window.addEventListener("afterprint", () => store.set({ printing: false }));
    byId("theme").onclick = () => store.set({ theme: shownTheme(store.get()) === "dark" ? "light" : "dark" });
  },
  draw(_, state) {
    const words = WORDS[state.lang];
    const dark = shownTheme(state) === "dark";
    byId("theme").textContent = dark ? "☀" : "☾";
    byId("theme").title = dark ? words.toLight : words.toDark;
    byId("theme").setAttribute("aria-label", byId("theme").title);
  },
});
