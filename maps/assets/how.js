// What every figure means and how it is computed; one table for the buttons and for the page of
// all definitions. The formulas are those of docs/inference.md and docs/conventions.md.
const HOW = {
  percentile: {
    zh: ["期望百分位", "城市只公布档次。同档城市的名次一律取该档中间名次，换成百分位，再对成员取平均；100 最好。", "100 · (1 − (r − ½)/N)，r 为档内中间名次，N 为城市数"],
    en: ["Expected percentile", "Only tiers are published. Every city of a tier gets the tier's middle rank as a percentile; the cluster has the mean of its members; 100 is best.", "100 · (1 − (r − ½)/N), r the middle rank of the tier, N the number of cities"],
  },
  bounds: {
    zh: ["上下界", "与公布档次相符的一切排名中，均值的最大值和最小值：成员在各档中全部居首，或全部居末。", "同一公式，r 取各档最前（最后）的名次"],
    en: ["Bounds", "The greatest and least mean over all rankings that agree with the published tiers: in each tier the members take the best ranks, or the worst.", "the same formula, with the best (worst) ranks of each tier"],
  },
  sd: {
    zh: ["标准差", "假定同档内各种排序等可能时，均值的标准差。", "100/N · 平均名次的标准差"],
    en: ["Standard deviation", "That of the mean, if all orders inside a tier are equally likely.", "100/N · standard deviation of the mean rank"],
  },
  rank: {
    zh: ["在城市群中的名次", "按期望百分位从高到低；成员不足 3 城的不排。并列取同一名次。", "1 + 百分位更高的城市群数"],
    en: ["Rank among clusters", "By expected percentile, from the highest; clusters of fewer than 3 cities have none. Ties share a rank.", "1 + number of clusters with a higher percentile"],
  },
  composition: {
    zh: ["档次构成", "本表中各档有多少成员。", "计数"],
    en: ["Tier composition", "How many members stand in each tier of this table.", "counts"],
  },
  difference: {
    zh: ["差值及上下界", "两群期望百分位之差；上下界取自与档次相符的一切排名。两群共有的城市只按权重之差计。", "P(a) − P(b)，权重 1/n_a、−1/n_b，共有城市为 1/n_a − 1/n_b"],
    en: ["Difference and bounds", "The difference of the expected percentiles; its bounds are over all rankings that agree with the tiers. A city in both counts with the difference of its weights.", "P(a) − P(b), weights 1/n_a, −1/n_b, and 1/n_a − 1/n_b for a city in both"],
  },
  ahead: {
    zh: ["领先概率与“确定”", "同档内各种排序等可能时，第一群均值更高的概率。若上下界同号，则为“确定”。", "P(d > 0) + ½ P(d = 0)"],
    en: ["P(ahead) and “certain”", "The probability that the first mean is higher, if all orders inside a tier are equally likely. It is “certain” where both bounds have one sign.", "P(d > 0) + ½ P(d = 0)"],
  },
  p: {
    zh: ["校正 p 值", "置换检验：若档次与城市群无关，差值至少这样大的概率；同一张表内所有比较按 Holm（1979）校正。", "p₍ᵢ₎ · (m − i + 1)，依次取最大，不超过 1"],
    en: ["Adjusted p-value", "A permutation test: how probable a difference at least so large is if tiers have nothing to do with clusters; adjusted after Holm (1979) over all comparisons of the table.", "p₍ᵢ₎ · (m − i + 1), running maximum, at most 1"],
  },
  change: {
    zh: ["档次之差", "同一城市在两张表中公布的档次。档次是在各自表中城市间的位次，表中城市不同，档次也会不同。", "公布档次，未作换算"],
    en: ["Change of tier", "The tiers that two tables publish of one city. A tier is a place among the cities of its table; where those differ, tiers may differ too.", "tiers as published, not converted"],
  },
  sensitivity: {
    zh: ["阈值敏感性", "把一项条件的阈值由一半移到两倍（其余不变），重新取成员并算出结果；停在成员变化之处。", "成员由规则重算，公式与上同"],
    en: ["Sensitivity", "One threshold is moved from half to double while all else stays; the members are derived anew, and the result from them. The stops are where members change.", "members by the rule, figures by the formulas above"],
  },
  spots: {
    zh: ["冷热点", "城市与其最近 8 城的档次是否高于（低于）随机分布；保持该城自身档次，p 值精确，按 Benjamini–Yekutieli（2001）校正，不超过 0.05 才标出。热点是局部统计量，不是城市群。", "Gi*（Getis、Ord 1992；Ord、Getis 1995），对象为档次的期望百分位"],
    en: ["Hot and cold spots", "Whether the tiers of a city and its 8 nearest are higher (lower) than by chance. The city's own tier is held, p is exact, adjusted after Benjamini and Yekutieli (2001), and marked up to 0.05. A hot spot is a local statistic, not a cluster.", "Gi* (Getis and Ord 1992; Ord and Getis 1995) of the tiers' percentiles"],
  },
  members: {
    zh: ["成员", "由书面地理规则得出：到指定海岸、湖泊、山脉或线路的测地线距离（WGS84），或所在政区。轮廓线只是示意。", "docs/clusters.md"],
    en: ["Members", "By a written geographical rule: geodesic distance (WGS84) to a named coast, lake, range or route, or the administrative area. Outlines only illustrate it.", "docs/clusters.md"],
  },
};

const ASSUMPTIONS = {
  zh: [
    "公布的档次照录，不作更正；同档内的顺序未知。",
    "期望值和概率假定同档内各种排序等可能；上下界不需要此假定。",
    "坐标取自 GeoNames；一城以一点代表。",
    "陆地、湖泊：Natural Earth（公有领域）。地图不画政治边界。",
    "山脉：pvlib 高程网格（Mapzen 地形瓦片：ETOPO1、GMTED2010、SRTM、EU-DEM 等）。",
    "海域范围：国际海道测量组织 S-23（1953）等，名称位置由本图算出。",
  ],
  en: [
    "Published tiers stand as printed, without corrections; the order inside a tier is unknown.",
    "Expected values and probabilities take all orders inside a tier as equally likely; bounds do not.",
    "Coordinates are from GeoNames; a city is one point.",
    "Land and lakes: Natural Earth (public domain). The map draws no political borders.",
    "Ranges: altitude grid of pvlib (Mapzen terrain tiles: ETOPO1, GMTED2010, SRTM, EU-DEM and others).",
    "Limits of seas: IHO S-23 (1953) and others; where their names stand is computed here.",
  ],
};

// The button beside a figure.
function how(state, key) {
  const label = WORDS[state.lang].how(HOW[key][state.lang][0]);
  const open = (event) => {
    event.stopPropagation();
    openHow(state, key);
  };
  return make("button", { type: "button", class: "how", "aria-label": label, title: label, "data-key": `how-${key}`, onclick: open }, "?");
}

// One definition, or all of them with assumptions and sources where `key` is null.
function openHow(state, key) {
  const words = WORDS[state.lang];
  const keys = key === null ? Object.keys(HOW) : [key];
  const entry = (name) => {
    const [title, text, formula] = HOW[name][state.lang];
    return [make("h3", {}, title), make("p", {}, text), make("p", { class: "formula" }, formula)];
  };
  const dialog = byId("how");
  dialog.setAttribute("aria-label", key === null ? words.howAll : HOW[key][state.lang][0]);
  dialog.replaceChildren(
    make("button", { type: "button", class: "close", "aria-label": words.close, title: words.close, onclick: () => dialog.close() }, "×"),
    ...(key === null ? [make("h2", {}, words.howAll)] : []),
    ...keys.flatMap(entry),
    ...(key === null ? [make("ul", { class: "assumptions" }, ASSUMPTIONS[state.lang].map((text) => make("li", {}, text)))] : []),
  );
  dialog.showModal();
}

addPart({
  start() {
    const dialog = make("dialog", { id: "how", class: "how-text" });
    // The page must not take the key that closes the dialog for its own.
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    byId("app").append(dialog);
  },
});
