"""Tables made on the way to a figure or a page."""

import pandas as pd

from seqshift import tables


def spec(*spans, test=("2018-01-01", "2024-03-08"), **more) -> dict:
    slices = {"crash": {"dates": [list(span) for span in spans], "hold_out": True}}
    return {"splits": {"test": list(test), "slices": slices | more}}


def test_slices_are_the_dated_spans_of_the_test_era():
    heat = {"feature": "temp_mean", "quantile": 0.98}
    domains = {
        "finance": spec(("2008-09-02", "2009-03-09"), ("2020-02-20", "2020-04-30")),
        "energy": {"splits": {"test": ["2013-01-01", "2016-12-31"],
                              "slices": {"heat": heat}}},
    }  # fmt: skip
    found = tables.slices(domains)
    expected = {"domain": "finance", "slice": "crash"}
    expected |= {"start": pd.Timestamp("2020-02-20"), "end": pd.Timestamp("2020-04-30")}
    assert found.to_dict("records") == [expected]


def test_a_span_that_leaves_the_test_era_is_cut_to_it():
    span = ("2017-12-01", "2018-02-01")
    found = tables.slices({"finance": spec(span, ("2017-01-01", "2017-12-31"))})
    assert found["start"].tolist() == [pd.Timestamp("2018-01-01")]
    assert found["end"].tolist() == [pd.Timestamp("2018-02-01")]


def test_slices_without_dates_make_an_empty_table_of_times():
    found = tables.slices({"finance": spec()})
    assert found.empty
    assert {str(found[name].dtype) for name in ("start", "end")} == {"datetime64[ns]"}


def test_windows_are_the_rows_of_a_training_set(tmp_path):
    path = tmp_path / "results/energy/time-020/train.parquet"
    path.parent.mkdir(parents=True)
    pd.DataFrame({"entity": [1, 1, 2]}).to_parquet(path)
    found = tables.windows([str(path)])
    assert found.to_dict("records") == [
        {"domain": "energy", "modality": "time-020", "windows": 3}
    ]
