// The sources' claims with their verdicts.
function drawClaims(model, state) {
  const words = WORDS[state.lang];
  const claims = model.data.claims;
  const fact = (name, text) => (text ? make("p", { class: "quiet" }, `${name}: ${text}`) : null);
  const item = (claim) =>
    make(
      "li",
      {},
      make("span", { class: `verdict ${claim.verdict}` }, words.verdicts[claim.verdict] ?? claim.verdict),
      make("span", { class: "quiet" }, claim.source),
      make("p", {}, claim[`text_${state.lang}`] || claim[`text_${otherLanguage(state.lang)}`]),
      fact(words.evidence, claim.evidence),
      fact(words.sensitivity, claim.sensitivity),
    );
  refill(
    byId("claims"),
    claims.length ? make("ul", { class: "claims" }, claims.map(item)) : make("p", { class: "note" }, words.noClaims),
  );
}
