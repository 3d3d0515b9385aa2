"""The page a reader opens."""

import html
import re
from html.parser import HTMLParser

import pytest

import resulttables
from seqshift import quality, repairs, report, storage
from seqshift.plotting import style

FACTS = {
    "title": "A study of shift",
    "configuration": "demo",
    "experiment": "main",
    "seeds": [0, 1],
    "alpha": 0.05,
    "simulated": ["energy"],
    "units": {"energy": "MWh"},
    "deviations": "docs/deviations.md",
    "provenance": {"commit": "abc123", "packages": {"numpy": "2.4.6"}},
}
CAPTION = "What is shown.\n\nHow to read it."


@pytest.fixture(scope="module")
def tables():
    made = resulttables.make(seeds=2)
    by_domain = {k: made[k].assign(domain="energy") for k in ("quality", "coverage")}
    by_domain["quality"] = quality.summary(by_domain["quality"])
    return made | by_domain


@pytest.fixture
def page(tmp_path):
    """Return a function that writes a report and reads it back."""

    def make(tables, figures=None, facts=FACTS) -> str:
        path = tmp_path / "report.html"
        report.write(path, tables, figures or {}, facts)
        return path.read_text()

    return make


@pytest.fixture
def figure(tmp_path):
    style.save(style.empty("nothing"), tmp_path / "a.pdf", tmp_path / "a.png")
    return tmp_path / "a.png"


def plain(text: str) -> str:
    """Return what a reader sees, on one line."""
    body = re.sub(r"<(script|style)>.*?</\1>", " ", text, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


class Sources(HTMLParser):
    """Collect what a browser would load."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster", "action"):
                self.found.append(value)
            if name == "href":
                self.found.append(value)


def test_a_report_loads_nothing_from_anywhere(page, tables, figure):
    text = page(tables, {"g-ratio": (figure, CAPTION)})
    sources = Sources()
    sources.feed(text)
    assert all(one.startswith(("#", "data:image/png;")) for one in sources.found)
    assert any(one.startswith("data:image/png;") for one in sources.found)
    rest = re.sub(r"data:image/png;base64,[^\"]*", "", text)
    assert not re.search(r"https?:|url\(|@import|fetch\(|XMLHttp|<link|<iframe", rest)


def test_the_counts_of_verdicts_are_those_of_the_table(page, tables):
    tests = tables["tests"].query("model != 'naive'")
    text = plain(page(tables))
    counts = tests["verdict"].value_counts()
    assert (
        f"Of {len(tests)} tested combinations of domain, modality, model, axis and "
        f"metric, {counts['fails']} fail, {counts['does not fail']} do not fail and "
        f"{counts['undecided']} are undecided." in text
    )


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        ("does not fail", "Nothing failed."),
        ("undecided", "Everything is undecided"),
    ],
)
def test_a_run_without_failures_says_so(page, tables, verdict, sentence):
    tests = tables["tests"].assign(verdict=verdict, status="ok")
    text = plain(page({"tests": tests}))
    assert sentence in text
    assert "0 fail," in text
    tests.loc[0, "verdict"] = "fails"
    assert sentence not in plain(page({"tests": tests}))
    assert "1 fails," in plain(page({"tests": tests}))


def test_every_status_other_than_ok_is_explained_and_counted(page, tables):
    text = plain(page(tables))
    counts = tables["tests"]["status"].value_counts().drop("ok")
    assert len(counts)
    for status, count in counts.items():
        assert f"{status} ({count} rows):" in text
    assert "no explanation is known" not in text


def test_names_are_escaped(page, tables, figure):
    evil = '<script>alert("x")</script>'
    tests = tables["tests"].assign(model=evil, slice="a & b")
    facts = FACTS | {"title": evil, "provenance": {evil: evil}, "models": [evil]}
    shown = {"tests": tests, "quality": tables["quality"].assign(source=evil)}
    shown["coverage"] = tables["coverage"].assign(entity=evil, reason=evil)
    text = page(shown, {evil: (figure, f"{evil} caption")}, facts)
    assert evil not in text
    assert text.count("<script>") == 1
    assert "a &amp; b" in text


@pytest.mark.parametrize("facts", [{}, FACTS])
def test_an_empty_run_still_makes_a_page(page, tables, tmp_path, facts):
    none = {name: frame.iloc[:0] for name, frame in tables.items()}
    for empty in ({}, none):
        text = plain(page(empty, {"g-ratio": (tmp_path / "no.png", "Gone.")}, facts))
        assert "No hypothesis was tested" in text
        assert "This figure was not drawn." in text
        assert "No count of checked or repaired rows" in text
        assert "No coverage was recorded." in text


def test_the_same_run_gives_the_same_page(page, tables, figure):
    figures = {"g-ratio": (figure, CAPTION)}
    assert page(tables, figures) == page(tables, figures)


def test_errors_stand_beside_those_of_the_naive_forecast(page, tables):
    scores = tables["scores"].copy()
    rows = scores["metric"] == "rmse_test"
    scores.loc[rows, "value"] = 2.0
    scores.loc[scores["metric"] == "rmse_naive_test", "value"] = 4.0
    scores.loc[scores["metric"] == "skill_test", "value"] = 0.75
    text = plain(page({"scores": scores}))
    assert "2.00 [2.00, 2.00] 4.00" in text
    assert "0.750 [0.750, 0.750]" in text


def test_the_range_of_an_error_is_that_of_seeds_not_of_entities(page, tables):
    scores = tables["scores"].query("metric == 'rmse_test' and model == 'mlp'").copy()
    scores = scores[(scores["domain"] == "energy") & (scores["modality"] == "natural")]
    entity = scores["entity"] == scores["entity"].iloc[0]
    # Geometric mean over entities, so one entity far off enters by its logarithm.
    scores["value"] = (scores["seed"] + 1.0) * entity.map({True: 2.0, False: 1.0})
    size = scores["entity"].nunique()
    low, high = 2 ** (1 / size), 2 * 2 ** (1 / size)
    middle = (low * high) ** 0.5
    expected = f"{middle:#.3g} [{low:#.3g}, {high:#.3g}]"
    assert expected in plain(page({"scores": scores}))


def test_each_rule_of_a_source_stands_with_its_action_share_and_meaning(page, tables):
    text = plain(page(tables))
    assert "load none – 250 99.2 % 1 2010–2010 as delivered" in text
    meaning = repairs.RULES["E12"].meaning
    assert f"load E12 repaired 2 0.794 % 1 2010–2010 {meaning}" in text


def test_entities_that_were_left_out_are_named_with_the_reason(page, tables):
    text = plain(page(tables))
    assert "1 entity was left out" in text
    assert "BBB (energy): too many days are missing." in text
    assert "energy train 2 1 1,500 110 5.00 7.67 % 20.5 % BBB" in text


def test_a_run_that_leaves_no_entity_out_says_so(page, tables):
    whole = tables["coverage"].assign(excluded=False, reason="")
    text = plain(page({"coverage": whole}))
    assert "No entity was left out" in text
    assert "energy train 2 0 1,500 110 5.00 7.67 % 20.5 % BBB" in text


def test_the_script_reads_the_tables_of_the_domains(tmp_path, monkeypatch):
    names = ("tests", "scores", "compute", "quality", "coverage", "ablations")
    names += ("scaling", "controls", "claims", "power", "arena", "transfer", "warning")
    made = resulttables.make(seeds=2)
    inputs: dict = resulttables.save({name: made[name] for name in names}, tmp_path)
    provenance = str(tmp_path / "provenance.json")
    storage.write_json({"commit": "abc123"}, provenance)
    inputs |= {"quality": [inputs["quality"]], "coverage": [inputs["coverage"]]}
    inputs |= {"provenance": provenance, "figures": [], "captions": []}
    (tmp_path / "volatility").mkdir()
    other = resulttables.make(domains=("finance-volatility", "energy"), seeds=2)
    other = {name: other[name] for name in ("tests", "scores")}
    others = resulttables.save(other, tmp_path / "volatility")
    inputs |= {"further": [others["scores"]], "further_tests": [others["tests"]]}
    output = {"report": str(tmp_path / "report.html")}
    resulttables.run(
        "write_report.py", monkeypatch, inputs, output, {"about": {"title": "A study"}}
    )
    text = plain((tmp_path / "report.html").read_text())
    assert repairs.RULES["E12"].meaning in text and "commit abc123" in text
    assert f"BBB ({tmp_path.name})" in text
    assert "volatility finance-volatility natural mlp" in text
    assert "volatility energy natural mlp" not in text, "main has that run"


def test_the_sizes_of_the_families_stand_under_the_verdicts(page):
    tests = resulttables.make(seeds=2, modalities=("natural", "mixup"))["tests"]
    text = plain(page({"tests": tests}))
    sizes = []
    for family, modality in (("all", "natural"), ("secondary", "mixup, natural")):
        rows = tests[tests["family"] == family]
        fine = (rows["status"] == "ok").sum()
        sizes.append(f"{family} ({modality}), {fine} of {len(rows)} rows")
    assert "; ".join(sizes) + "." in text
    one = plain(page({"tests": tests[tests["family"] == "all"]}))
    assert f"{sizes[0]}." in one and "secondary (" not in one


def test_all_facts_reach_the_page(page, tables):
    text = plain(page(tables))
    for fact in ("demo", "main", "0, 1", "MWh", "docs/deviations.md"):
        assert fact in text
    assert "commit abc123" in text and "packages numpy 2.4.6" in text
    assert "Simulated data." in text
    assert "Simulated data." not in plain(page(tables, facts={}))


def test_costs_stand_beside_what_was_predicted_and_claimed(page, tables):
    whole = plain(page(tables))
    costs = tables["compute"].set_index(["rule", "domain", "model"])
    train = costs.loc["train", "energy", "mlp"]
    number = report._number
    cells = [
        *(number(train[name] / 1e12) for name in ("predicted_flops", "flops")),
        *(number(train[name] / 3600) for name in ("predicted_seconds", "seconds")),
    ]
    assert f"train energy mlp {train['jobs']:.0f} {' '.join(cells)}" in whole
    counted = number(train["flops_per_epoch"] / 1e9)
    assert f"energy mlp {number(train['params'])} {counted} 1.20" in whole
    assert f"{costs.loc['all', 'jobs'].sum()} jobs." in whole
    assert "all energy mlp" not in whole


def test_a_run_without_costs_says_so(page):
    assert "No cost was recorded." in plain(page({}))


def further(tables) -> dict:
    """Return the tables of a run with those of an experiment named volatility."""
    other = resulttables.make(
        domains=("finance-volatility",), modalities=("natural",), models=("mlp",),
        seeds=1, baselines=("naive", "har"),
    )  # fmt: skip
    names = {"scores": "further", "tests": "further_tests"}
    more = {to: other[of].assign(experiment="volatility") for of, to in names.items()}
    return tables | more


def test_another_experiment_has_its_counts_and_its_lines_of_errors(page, tables):
    facts = FACTS | {"baselines": ["naive", "har"]}
    shown = further(tables)
    text = plain(page(shown, facts=facts))
    rows = shown["further_tests"].query("model == 'mlp'")
    assert f"Experiment volatility: of {len(rows)} tests of models" in text
    for model in ("mlp", "naive", "har"):
        assert f"volatility finance-volatility natural {model} 0.0" in text
    assert "tables/volatility/tests.csv" in text
    assert "Experiment volatility" not in plain(page(tables, facts=facts))


def test_a_baseline_that_was_not_run_says_so_in_its_domain(page, tables):
    facts = FACTS | {"not_run": {"energy": ["lightgbm"]}}
    text = plain(page(tables, facts=facts))
    assert text.count("lightgbm not run") == 1
    assert "main energy natural lightgbm not run" in text
    cells = [row.count("<td") for row in page(tables, facts=facts).split("<tr>")
             if "natural</td>" in row and "RMSE" not in row]  # fmt: skip
    assert len(set(cells[-5:])) == 1, "sorting needs rows of equal length"


def test_rows_of_baselines_are_counted_apart_from_those_of_models(page):
    facts = FACTS | {"baselines": ["naive", "ridge"]}
    tests = resulttables.make(seeds=2, baselines=("naive", "ridge"))["tests"]
    text = plain(page({"tests": tests}, facts=facts))
    beside = tests["model"].isin(["naive", "ridge"]).sum()
    assert f"Of {len(tests) - beside} tested combinations" in text
    assert f"{beside} further rows of the table belong to baselines" in text


def test_a_run_of_one_seed_shows_no_range_of_seeds(page, tables):
    scores = tables["scores"].query("metric == 'rmse_test'").assign(value=2.0)
    text = plain(page({"scores": scores}))
    assert "natural mlp – – – – 2.00 [2.00, 2.00] –" in text
    assert "natural naive – – – – 2.00 –" in text
