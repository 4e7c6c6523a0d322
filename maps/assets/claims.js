// The sources' claims with their verdicts, by the edition they speak of and by verdict.
function drawClaims(model, store, state) {
  const words = WORDS[state.lang];
  const { claims } = model.data;
  if (claims.length === 0) {
    refill(byId("claims"), make("p", { class: "note" }, words.noClaims));
    return;
  }
  const shown = claims.filter(
    (claim) =>
      (state.claimEdition === "all" || speaksOf(claim, state.edition)) &&
      (state.claimVerdict === "all" || claim.verdict === state.claimVerdict),
  );
  const verdicts = Object.keys(words.verdicts).filter((verdict) => claims.some((claim) => claim.verdict === verdict));
  refill(
    byId("claims"),
    make(
      "div",
      { class: "tools" },
      choice(store, state, "claimEdition", [["all", words.everything], ["shown", words.thisEdition]]),
      choice(store, state, "claimVerdict", [["all", words.everything], ...verdicts.map((verdict) => [verdict, words.verdicts[verdict]])]),
      make("p", { class: "quiet", role: "status" }, words.claimCount(shown.length, claims.length)),
    ),
    make("ul", { class: "claims" }, shown.map((claim) => claimItem(claim, state))),
  );
}

// A claim speaks of the edition that it comes from, and of those that its evidence cites.
function speaksOf(claim, edition) {
  return claim.source === edition || `${claim.edition ?? ""} ${claim.evidence}`.split(/[^\w-]+/).includes(edition);
}

function choice(store, state, key, options) {
  const pick = (event) => store.set({ [key]: event.target.value });
  return make(
    "label",
    { class: "field" },
    make("span", {}, WORDS[state.lang][key]),
    make(
      "select",
      { "data-key": key, id: key, onchange: pick },
      options.map(([value, text]) => make("option", { value, selected: state[key] === value }, text)),
    ),
  );
}

function claimItem(claim, state) {
  const words = WORDS[state.lang];
  const fact = (name, text) => (text ? make("p", { class: "quiet" }, `${name}: `, englishOnly(state, text)) : null);
  return make(
    "li",
    {},
    make("span", { class: `verdict ${claim.verdict}` }, words.verdicts[claim.verdict] ?? claim.verdict),
    make("span", { class: "quiet" }, claim.source),
    make("p", {}, claim[`text_${state.lang}`] || claim[`text_${otherLanguage(state.lang)}`]),
    fact(words.evidence, claim.evidence),
    fact(words.sensitivity, claim.sensitivity),
  );
}

addPart({ first: () => ({ claimEdition: "all", claimVerdict: "all" }) });
