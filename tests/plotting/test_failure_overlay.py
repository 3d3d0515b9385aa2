"""The timeline of quarters."""

import numpy as np
import pandas as pd
import pytest

import resulttables
from seqshift.plotting import failure_overlay, style


def invented(**size) -> dict:
    """Return tables of an experiment whose quarters were not explained."""
    made = resulttables.make(**size)
    del made["quarters"]
    return made


def tables(seed: float, corr: float) -> dict:
    made = invented(
        domains=("finance",), modalities=("natural",), models=("mlp",), seeds=2
    )
    scores = made["scores"]
    for column, ratio in (("seed", seed), ("corr", corr)):
        rows = (scores["period"] == "2019Q2") & (scores["column"] == column)
        scores.loc[rows & (scores["model"] == "mlp"), "value"] = np.log(ratio)
    return made


def flags(figure) -> dict[str, list[float]]:
    lines = figure.axes[0].lines
    marks = [line for line in lines if line.get_marker() == "^"]
    return {line.get_markerfacecolor(): list(line.get_xdata()) for line in marks}


def test_a_quarter_is_flagged_in_full_only_if_both_columns_exceed_the_threshold():
    middle = 2019 + 0.25 + 0.125
    found = flags(failure_overlay.draw(tables(seed=4.0, corr=4.0)))
    assert middle in found[style.INK] and middle not in found[style.PAPER]
    found = flags(failure_overlay.draw(tables(seed=4.0, corr=1.0)))
    assert middle in found[style.PAPER] and middle not in found[style.INK]
    found = flags(failure_overlay.draw(tables(seed=1.0, corr=4.0)))
    assert middle not in found[style.PAPER] + found[style.INK]


def test_without_a_tested_threshold_no_quarter_is_flagged():
    made = tables(seed=4.0, corr=4.0)
    assert not flags(failure_overlay.draw({"scores": made["scores"]}))


def test_a_quarter_without_one_of_the_columns_is_not_flagged():
    made = tables(seed=4.0, corr=4.0)
    rows = (made["scores"]["period"] == "2019Q2") & (made["scores"]["column"] == "corr")
    made["scores"].loc[rows, "status"] = "low_n"
    found = flags(failure_overlay.draw(made))
    assert 2019.375 not in found[style.INK] + found[style.PAPER]


@pytest.mark.parametrize("status", ["low_n", "not_testable", "underfit"])
def test_quarters_of_another_status_are_neither_drawn_nor_flagged(status):
    made = tables(seed=4.0, corr=4.0)
    made["scores"].loc[made["scores"]["period"] == "2019Q2", "status"] = status
    panel = failure_overlay.draw(made).axes[0]
    own = [line for line in panel.lines if line.get_marker() in (".", "^")]
    assert len(own) == 4  # two columns, two kinds of flags
    assert all(2019.375 not in line.get_xdata() for line in own)
    seen = np.concatenate([band.get_datalim(panel.transData).get_points()[:, 1]
                           for band in panel.collections])  # fmt: skip
    assert seen.max() < 3.5


def test_one_entity_of_another_status_is_left_out_of_the_median():
    made = tables(seed=2.0, corr=2.0)
    scores = made["scores"]
    half = scores["entity"].isin(sorted(set(scores["entity"]))[:5])
    rows = (scores["period"] == "2019Q2") & half & (scores["model"] == "mlp")
    scores.loc[rows, ["value", "status"]] = [np.log(9.0), "low_n"]
    panel = failure_overlay.draw(made).axes[0]
    for line in (one for one in panel.lines if one.get_marker() == "."):
        course = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
        assert course[2019.375] == pytest.approx(2.0)


def test_a_model_without_a_quarter_of_status_ok_gets_a_note():
    made = tables(seed=4.0, corr=4.0)
    made["scores"]["status"] = "underfit"
    panel = failure_overlay.draw(made).axes[0]
    (note,) = (text.get_text() for text in panel.texts)
    assert " ".join(note.split()) == "no quarter with status ok"
    assert not panel.lines


def test_the_naive_forecast_is_drawn_though_it_never_beats_itself():
    made = tables(seed=1.0, corr=1.0)
    naive = made["scores"]["model"] == "naive"
    assert set(made["scores"].loc[naive & (made["scores"]["period"] != ""),
                                  "status"]) == {"underfit"}  # fmt: skip
    panel = failure_overlay.draw(made).axes[0]
    drawn = [line for line in panel.lines if line.get_color() == style.MUTED]
    assert max(len(line.get_xdata()) for line in drawn) == 24


def test_dated_extreme_periods_are_shaded_in_their_domain_and_named():
    made = invented(modalities=("natural",), models=("mlp",), seeds=1)
    dates = pd.to_datetime(["2020-01-01", "2020-12-31"])
    fields = {"domain": "finance", "slice": "crash", "start": dates[:1]}
    spans = pd.DataFrame(fields | {"end": dates[1:]})
    figure = failure_overlay.draw(made | {"slices": spans})
    energy, finance = figure.axes
    (span,) = finance.patches
    assert (span.get_x(), span.get_width()) == pytest.approx((2020, 1))
    assert not energy.patches
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[-1] == "crash"


def test_the_script_shades_the_dated_slices_of_its_rule(tmp_path, monkeypatch):
    made = tables(seed=1.0, corr=1.0)
    inputs = resulttables.save({k: made[k] for k in ("scores", "tests")}, tmp_path)
    dates = {"crash": {"dates": [["2020-02-20", "2020-04-30"]]}}
    era = {"splits": {"test": ["2018-01-01", "2023-12-31"], "slices": dates}}
    pages = {}
    for name, extra in (("with", {"slices": {"finance": era}}), ("without", {})):
        output = {kind: str(tmp_path / f"{name}.{kind}") for kind in ("pdf", "png")}
        params = {"figure": "failure-overlay", **extra}
        resulttables.run("plot_figure.py", monkeypatch, inputs, output, params)
        pages[name] = (tmp_path / f"{name}.png").read_bytes()
    assert pages["with"] != pages["without"]


def test_without_dated_periods_nothing_is_shaded():
    made = tables(seed=1.0, corr=1.0)
    none = pd.DataFrame({name: [] for name in ("domain", "slice", "start", "end")})
    for extra in ({}, {"slices": none}):
        assert not failure_overlay.draw(made | extra).axes[0].patches


def titles(figure) -> list[str]:
    return [axes.get_title() for axes in figure.axes if axes.axison]


def test_baselines_have_panels_of_their_own_below_the_models():
    made = invented(
        domains=("energy",), models=("mlp", "lstm"), seeds=2,
        baselines=("naive", "ridge", "last-value"),
    )  # fmt: skip
    figure = failure_overlay.draw(made)
    expected = ["mlp", "lstm", "mlp", "lstm", "ridge", "last-value"]
    assert titles(figure) == expected
    heads = [axes.get_title(loc="left").strip() for axes in figure.axes]
    assert [one for one in heads if one] == [
        *("energy · natural", "energy · timegan", "energy · baselines")
    ]


def test_a_baseline_that_never_beats_the_naive_forecast_has_no_panel():
    made = invented(
        domains=("energy",), modalities=("natural",), models=("mlp",), seeds=2,
        baselines=("naive", "ridge", "seasonal-naive"),
    )  # fmt: skip
    scores = made["scores"]
    scores.loc[scores["model"] == "seasonal-naive", "status"] = "underfit"
    assert titles(failure_overlay.draw(made)) == ["mlp", "ridge"]


def test_where_only_the_naive_forecast_was_scored_it_has_a_panel_with_a_note():
    made = tables(seed=1.0, corr=1.0)
    naive = made["scores"][made["scores"]["model"] == "naive"]
    figure = failure_overlay.draw({"scores": naive})
    assert titles(figure) == ["naive"]


def test_the_drift_of_quarters_stands_beneath_their_ratios_on_the_same_years():
    size = {"domains": ("energy",), "modalities": ("natural",), "models": ("mlp",)}
    made = resulttables.make(**size, seeds=2)
    upper, lower = failure_overlay.draw(made).axes
    assert upper.get_xlim() == lower.get_xlim()
    assert lower.get_title("left").startswith("energy · natural · Cos-Drift")
    drift, null = (line for line in lower.lines if len(line.get_xdata()) == 8)
    own = made["quarters"]
    first = own[(own["role"] == "test") & (own["period"] == own["period"].max())]
    want = first.groupby("entity")["drift"].median().median()
    assert drift.get_ydata()[-1] == pytest.approx(want)
    assert null.get_ydata()[-1] == pytest.approx(0.01)
