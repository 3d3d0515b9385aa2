"""What jobs have cost, joined and summed."""

import numpy as np
import pandas as pd
import pytest

import resulttables
import smallcost
from seqshift import cost, ledger, storage, workload
from seqshift.errors import BadInput
from seqshift.schemas import costs

CLAIMED = {"mlp": {"gflop_per_epoch": 1.2, "gpu_hours": 0.2}}


def job(**changes) -> dict:
    row = {
        "rule": "train", "domain": "energy", "modality": "natural", "model": "mlp",
        "seed": 0, "device": "cpu", "device_name": "a processor",
        "precision": "float32", "threads": 1, "windows": 300, "held": 100, "passes": 7,
        "seconds": 50.0, "cpu_seconds": 40.0, "memory_bytes": 3e8,
        "cuda_allocated_bytes": np.nan, "cuda_reserved_bytes": np.nan, "joules": np.nan,
        "code": "0123", "facts": "4567",
    }  # fmt: skip
    return row | changes


@pytest.fixture
def config():
    return smallcost.config()


@pytest.fixture
def joined(tmp_path, config):
    """Return a function of rows: the ledger of the files that hold one each."""

    def make(*rows):
        paths = [str(tmp_path / f"{number}.csv") for number in range(len(rows))]
        for row, path in zip(rows, paths, strict=True):
            storage.write_csv(pd.DataFrame([row]), path, costs.JOB)
        found = ledger.join(paths, config)
        return storage.validate(found, costs.LEDGER, "the ledger")

    return make


def test_what_was_done_is_priced_by_its_own_windows_and_epochs(joined, config):
    row = joined(job()).iloc[0]
    window = 2 * ((14 * (2 + 4) + 2) * 8 + 8 * 2)
    assert row["flops_per_window"] == window
    assert row["flops"] == 7 * (3 * 300 + 100) * window
    assert row["params"] == 4 * 2 + (14 * 6 + 2 + 1) * 8 + (8 + 1) * 2
    batches = 2 * 7 * 0.5
    assert row["gpu_hours"] == pytest.approx(
        (5 + row["flops"] / 2e9 + batches) / cost.HOUR
    )


@pytest.mark.parametrize(("device", "name"), [("cpu", "cpu"), ("cuda", "fast")])
def test_the_prediction_is_that_of_the_device_that_ran(joined, config, device, name):
    row = joined(job(device=device)).iloc[0]
    planned = workload.operations(
        config,
        workload.expected(config, "train", smallcost.run()),
        smallcost.run(),
    )
    assert row["predicted_flops"] == planned[0]
    seconds = cost.priced(config["accounting"], name, "mlp", *planned)
    assert row["predicted_seconds"] == pytest.approx(seconds)
    hours = cost.seconds(config, "train", smallcost.run()) / cost.HOUR
    assert row["predicted_gpu_hours"] == pytest.approx(hours)


def test_a_kind_that_is_not_counted_has_hours_predicted_and_nothing_else(joined):
    row = joined(job(model="gru")).iloc[0]
    assert row["predicted_gpu_hours"] == 1.5
    assert row[["flops", "params", "gpu_hours", "predicted_seconds"]].isna().all()


@pytest.mark.parametrize(
    "text", ["", "rule,domain\ntrain", "\x00\x01", "rule,domain\ntrain,energy\n"]
)
def test_a_damaged_file_is_one_sentence_with_its_name(tmp_path, config, text):
    path = tmp_path / "cost.csv"
    path.write_text(text)
    with pytest.raises(BadInput, match="cost.csv") as error:
        ledger.join([str(path)], config)
    assert "\n" not in str(error.value)


def test_a_negative_time_is_refused_with_the_row(tmp_path, config):
    path = tmp_path / "cost.csv"
    pd.DataFrame([job(seconds=-1.0)]).to_csv(path, index=False)
    with pytest.raises(BadInput, match="seconds.*at row 0.*-1"):
        ledger.join([str(path)], config)


def summed(frame, claimed=CLAIMED):
    tests = resulttables.make(domains=("energy",), models=("mlp",), seeds=2)["tests"]
    # The same table twice: a verdict of two experiments is one verdict.
    found = ledger.summary(frame, [tests, tests], claimed)
    storage.validate(found, costs.SUMMARY, "the summary")
    return found.set_index(["rule", "domain", "model"]), tests


def test_sums_go_over_seeds_and_over_rules(joined):
    rows = [job(), job(seed=1, passes=3), job(rule="tune", seed=1000, passes=2)]
    frame = joined(*rows)
    found, _ = summed(frame)
    train, whole = (
        found.loc["train", "energy", "mlp"],
        found.loc["all", "energy", "mlp"],
    )
    assert (train["jobs"], whole["jobs"]) == (2, 3)
    assert train["flops"] == frame["flops"][:2].sum()
    assert whole["flops"] == frame["flops"].sum()
    assert (whole["seconds"], whole["cpu_seconds"]) == (150, 120)
    assert np.isnan(whole["joules"])  # never measured is not nothing used
    epoch = 3 * 300 * frame["flops_per_window"].iloc[0]
    assert train["flops_per_epoch"] == epoch
    assert train["gpu_hours_per_run"] == pytest.approx(frame["gpu_hours"][:2].mean())


def test_claimed_figures_stand_in_columns_of_their_own(joined):
    found, _ = summed(joined(job(), job(rule="tune", seed=1000)))
    train, tune = (
        found.loc["train", "energy", "mlp"],
        found.loc["tune", "energy", "mlp"],
    )
    assert train["flops_per_epoch_claimed"] == 1.2e9
    assert train["gpu_hours_per_run_claimed"] == 0.2
    assert np.isnan(tune["flops_per_epoch_claimed"])
    assert summed(joined(job()), {})[0]["gpu_hours_per_run_claimed"].isna().all()


def test_a_verdict_costs_what_all_stages_took(joined):
    found, tests = summed(joined(job(), job(rule="forecast", passes=1, held=0)))
    whole = found.loc["all", "energy", "mlp"]
    decided = (tests["model"] == "mlp") & (tests["verdict"] != "undecided")
    assert whole["verdicts"] == decided.sum() > 0
    each = whole["gpu_hours"] / decided.sum()
    assert whole["gpu_hours_per_verdict"] == pytest.approx(each)
    assert found.loc["train", "energy", "mlp"][["verdicts"]].isna().all()


def test_energy_is_summed_where_it_was_measured(joined):
    found, _ = summed(joined(job(joules=5.0), job(seed=1)))
    assert found.loc["train", "energy", "mlp"]["joules"] == 5.0


def test_the_table_survives_a_file(joined, tmp_path):
    frame = joined(job(), job(seed=1, joules=7.0))
    path = tmp_path / "ledger.csv"
    storage.write_csv(frame, path, costs.LEDGER)
    pd.testing.assert_frame_equal(storage.read_csv(path, costs.LEDGER), frame)
