"""The English words and sentences of reports."""

EN = {
    "cities": "{count} cities",
    "cities_1": "1 city",
    "tier": "Tier {number}",
    "join": ", ",
    "colon": ": ",
    "then": "; ",
    "cluster_title": "{cluster}: {edition}",
    "edition_title": "Clusters compared: {edition}",
    "overview_title": "Clusters in {count} editions",
    "subtitle": "Cluster report · {landform}",
    "edition_subtitle": "{cities} cities, {clusters} clusters",
    "overview_subtitle": "{editions}",
    "coastal": "coastal",
    "mountain": "mountain",
    "inland": "inland",
    "core": "core",
    "extended": "extended",
    "all": "core and extended",
    # Key findings.
    "finding_rank": "In {edition} ({dimension}), {cluster}: expected percentile {percentile},"
    " rank {rank} of {ranked} clusters, {side} the average of all ranked cities (50).",
    "finding_few": "In {edition} ({dimension}), {cluster}: only {count} core cities are ranked, so"
    " it gets no rank; its expected percentile is {percentile}, {side} the average of all ranked"
    " cities (50).",
    "finding_few_1": "In {edition} ({dimension}), {cluster}: only 1 core city is ranked, so it gets"
    "In {edition} ({dimension}), {cluster}: only 1 core city is ranked, so it gets"
    " no rank; its expected percentile is {percentile}, {side} the average of all ranked cities"
    " (50).",
    "finding_none": "{edition} ({dimension}) ranks no core city of {cluster}, so that nothing can"
    " be compared.",
    "finding_leader": "In {edition} ({dimension}), {cluster} has the highest expected percentile,"
    " {percentile} (bounds {bounds}); of {pairs} pairs of clusters, {certain} have a certain"
    " order.",
    "finding_nobody": "No cluster has {least} ranked core cities in {edition} ({dimension}), so"
    " that none is ranked.",
    "finding_overview": "{editions} editions rank {cities} cities, and {clusters} clusters have"
    " ranked core cities; of {claims} published claims, {supported} are supported and"
    " {contradicted} contradicted.",
    "above": "above",
    "below": "below",
    "level": "level with",
    "sure_average": "Certain. Whatever the order within tiers, the percentile lies between"
    " {bounds}, on one side of 50.",
    "open_average": "Expected, not certain. Rankings that agree with the tiers put the percentile"
    " anywhere between {bounds}, on both sides of 50.",
    "sure_none": "Certain. The table lists what it lists.",
    "sure_first": "Certain. Ahead of every other ranked cluster whatever the order within tiers.",
    "open_first": "Expected, not certain. It is certainly ahead of {sure} of the other {others}"
    " ranked clusters.",
    "sure_overview": "Names and tiers are as printed; what the verdicts rest on stands in the"
    " section “Claims of the sources”.",
    # Sections.
    "map": "Map",
    "results": "Results",
    "composition": "Tier composition",
    "standing": "Standing among the clusters",
    "tests": "Pairwise comparisons and tests",
    "members": "Members, and why they are members",
    "sensitivity": "Sensitivity to the definition",
    "claims": "Claims of the sources",
    "definition": "Definition",
    "appendix": "Appendix: comparisons in the other tables",
    "method": "Method",
    "sources": "Sources and licences",
    "audit": "Checks of the data",
    "editions": "Editions",
    # Columns.
    "dimension": "Dimension",
    "role": "Members",
    "n_cities": "Cities",
    "percentile": "Expected percentile",
    "percentile_lower": "Lower bound",
    "percentile_upper": "Upper bound",
    "percentile_sd": "Standard deviation",
    "rank": "Rank",
    "of": "Of",
    "cluster": "Cluster",
    "landform": "Landform",
    "difference": "Difference",
    "difference_lower": "Lower bound",
    "difference_upper": "Upper bound",
    "p_ahead": "P(ahead)",
    "certain": "Certain",
    "p_value": "p",
    "p_adjusted": "Adjusted p",
    "city": "City",
    "published": "As published",
    "name_ar": "Arabic name",
    "reason": "Why it is a member",
    "km": "Distance (km)",
    "test": "Test that is moved",
    "part": "Rule",
    "override": "override",
    "moved": "Values",
    "core_range": "Core cities",
    "percentile_range": "Percentile",
    "rank_range": "Rank",
    "claim": "Claim",
    "verdict": "Verdict",
    "evidence": "Evidence",
    "extended_verdict": "With extended members",
    "source": "Source",
    "ahead_of": "Certainly ahead of",
    "behind": "Certainly behind",
    "undecided": "Open",
    "kind": "Kind",
    "findings": "Findings",
    "edition": "Edition",
    "year": "Year",
    "dimensions": "Tables",
    "clusters": "Clusters",
    "supported": "Supported",
    "contradicted": "Contradicted",
    "undetermined": "Undetermined",
    "untestable": "Untestable",
    # What columns mean, for the data dictionary.
    "mean_percentile": "Mean of the members' expected percentiles, 0 to 100; 100 is best",
    "mean_lower": "The least value over all rankings that agree with the published tiers",
    "mean_upper": "The greatest value over all rankings that agree with the published tiers",
    "mean_sd": "Standard deviation under uniform order within tiers",
    "mean_rank": "Rank among the clusters with at least {least} core cities; 1 is best",
    "mean_tier": "Published tier; 1 is best, “–” is not ranked",
    "mean_difference": "This cluster's percentile less the other's",
    "mean_p_ahead": "Probability that this cluster is ahead, under uniform order within tiers",
    "mean_certain": "Whether the sign is the same whatever the order within tiers",
    "mean_p": "Two-sided exact permutation test; none below {least} cities in a cluster",
    "mean_p_adjusted": "Adjusted by Holm's method within the table of the edition",
    "mean_km": "Geodesic distance that the test measures",
    # Captions, notes, alternative texts.
    "map_alt": "Map of {title}: cities as symbols by tier, the extent of {cluster} as an outline.",
    "map_alt_edition": "Map of {title}: cities as symbols by tier, the clusters as outlines.",
    "map_caption": "{edition} · {dimension}",
    "results_caption": "{cluster}: expected percentile with bounds in each table",
    "results_note": "Expected percentile: 100 is best, all ranked cities have 50 on average. The"
    " bounds are over all rankings that agree with the published tiers; the order within a tier"
    " was not published. Ranks are among clusters with at least {least} core cities.",
    "composition_alt": "Tiers of the core cities: {rows}.",
    "composition_row": "{name}: {parts}",
    "composition_part": "{count} in tier {number}",
    "composition_caption": "Core cities by tier; tier 1 on the left",
    "tier_labels": "Tiers of {dimension}: {labels}.",
    "league_alt": "Expected percentiles of the clusters in {dimension}: {rows}.",
    "league_row": "{name} {percentile} ({bounds})",
    "league_caption": "{dimension}: expected percentile (stroke) and bounds (bar); the number of"
    " core cities in brackets",
    "league_table_caption": "{dimension}: expected percentile with bounds, and core cities by tier",
    "league_few": "Clusters with fewer than {least} core cities come last and have no rank.",
    "tests_caption": "{cluster} against the other clusters: {dimension}",
    "tests_note": "The difference is this cluster's percentile less the other's. Certain: the sign"
    " is the same whatever the order within tiers. Ranked cities are no sample: the p-value only"
    " asks whether such a gap is common when the tiers are dealt to the two groups at random. “–”:"
    " no test below {least} core cities, or where the groups overlap too widely.",
    "tests_sum": "{dimension}: certainly ahead of {ahead} clusters, certainly behind {behind},"
    " open against {open}.",
    "matrix_caption": "Certain order: {dimension}",
    "pairs_caption": "Pairs of clusters with an adjusted p below 0.05: {dimension}",
    "pairs_none": "{dimension}: no pair of clusters has an adjusted p below 0.05.",
    "first_of_pair": "First",
    "second_of_pair": "Second",
    "members_caption": "Members of {cluster}: their tier in each table, and why they are members",
    "members_note": "Tier 1 is best; “–” is not ranked there. Distances are WGS84 geodesics."
    " Members follow from rules, not from the ranking.",
    "members_none": "The edition ranks no member of {cluster}.",
    "sensitivity_text": "Each test of the definition is moved (thresholds from half to double) or"
    " left out, one at a time. In {edition} ({dimension}) the number of core cities is then {core},"
    " the expected percentile {percentile}{rank}.",
    "sensitivity_rank": ", the rank {rank}",
    "sensitivity_caption": "Range of the results in {dimension} as each test is moved",
    "sensitivity_none": "The definition has no test that could be moved.",
    "published_value": "published {value}",
    "without": "left out",
    "claims_caption": "What the sources claim of this report's matter, and what the data say",
    "claims_none": "The sources make no claim that belongs to this report.",
    "claims_note": "Supported: the published tables imply it, or it has a probability of at least"
    " 0.95 under uniform order within tiers. Contradicted: they imply the opposite. Undetermined:"
    " rankings that agree with the tables say both, or there are too few cities. Untestable: no"
    " published table speaks of it.",
    "claims_summary_caption": "Verdicts on claims, by source",
    "rule_core": "Core members: {rule}.",
    "rule_extended": "Extended members: {rule}.",
    "geography": "Geography",
    "audit_caption": "Findings of the checks, by kind",
    "audit_note": "audit.csv explains each of them.",
    "editions_caption": "The editions used",
    "across_caption": "Expected percentile of each cluster's core cities in the first table of each"
    "Expected percentile of each cluster's core cities in the first table of each"
    " edition",
    "across_note": "Editions differ in cities and indicators: compare percentiles within an edition"
    "Editions differ in cities and indicators: compare percentiles within an edition"
    " only. “–”: no core city is ranked.",
    "method_1": "The input is the tiers that published rankings print, names and tiers as printed"
    " and uncorrected. Every city is found in an offline gazetteer (GeoNames), and measured to"
    " coasts, lakes and ranges by WGS84 geodesics. Members of a cluster follow from written"
    " geographical rules, laid down before the results were looked at and independent of the"
    " ranking: core members by the strict rule, extended ones by the wider.",
    "method_2": "The percentile of rank r among N cities is 100·(1 − (r − ½)/N). A tier spans"
    " several ranks, and the order within it was not published: the expected percentile of a city"
    " is that of its tier's middle rank (the ridit; Bross, 1958). A cluster's percentile is the"
    " mean over its members. The bounds are the least and the greatest value over all rankings"
    " that agree with the tiers; they rest on no assumption.",
    "method_3": "P(ahead) and the standard deviation take all orders within a tier as equally"
    " likely: from the exact law, or where that is too large from its Edgeworth approximation with"
    " an error below 0.001. p-values are of a two-sided exact permutation test, adjusted by"
    " Holm's method (Holm, 1979). A cluster with fewer than {least} core cities gets no test and no"
    " Holm's method (Holm, 1979). A cluster with fewer than {least} core cities gets no test and no"
    " rank.",
    "method_4": "Limits: tiers give order, not distance; ranked cities are no sample; clusters may"
    " share cities; thresholds of the definitions matter, as the section “Sensitivity to the"
    " definition” shows. Formulas and references are in tierscape's documentation.",
    "made": "Made by tierscape{version}{date}.",
    "made_date": " on {date}",
    "source_places": "Place names, coordinates, populations and elevations: GeoNames (CC BY 4.0).",
    "source_land": "Land, coasts and lakes: Natural Earth (public domain).",
    "source_software": "Analysis and typesetting: tierscape{version}.",
    "terms": "Terms as printed: {terms}",
    "page": "Page {page} of {pages}",
    "contents": "Contents",
    "certainty": "Certainty",
}
