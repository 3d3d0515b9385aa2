"""The studies as their rules call them: files in, tables out, no test day read."""

from types import SimpleNamespace

import numpy as np
import optuna
import pytest
from snakemake.iocontainers import InputFiles, Params

from panel import SPEC, TUNING, small_panel
from seqshift import dataset, splits, storage, studies, tables, trainset, tuning
from seqshift.schemas.features import features as schema
from seqshift.schemas.studies import STUDIES, TRIALS

SHORT = TUNING | {"trials": 2}
DOMAIN = {name: value for name, value in SPEC.items() if name != "attribution"}


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.WARNING)


def write(folder, change=None):
    """Write the panel as its rules do, after a change of its features; name the files.

    `change` gets the features and the role of each row.
    """
    folder.mkdir()
    panel = small_panel()
    features = panel.features.assign(repaired=0.0)
    if change is not None:
        change(features, panel.roles)
    paths = {
        "features": str(folder / "features.parquet"),
        "splits": str(folder / "splits.json"),
        "train": str(folder / "train.parquet"),
    }
    form = schema(SPEC["features"], SPEC["target"]["horizons"])
    storage.write_table(features, paths["features"], form)
    manifest = splits.make(panel.features, SPEC) | {"excluded": []}
    storage.write_json(manifest, paths["splits"])
    data = dataset.load(SimpleNamespace(**paths), DOMAIN)
    trainset.write(data.windows("train"), SPEC["features"], paths["train"])
    return InputFiles(fromdict=paths)


def params(**changed):
    panel = small_panel()
    values = {
        "spec": panel.models["mlp"],
        "domain": DOMAIN,
        "training": panel.training,
        "tuning": SHORT,
        "code": "digest",
    }
    return Params(fromdict=values | changed)


def test_no_day_of_a_test_can_reach_a_study(tmp_path):
    poisoned = []

    def poison(features, roles):
        unread = ~roles["role"].isin(["train", "val", "embargo", "unused"])
        assert {"id_test", "temporal_test"} <= set(roles.loc[unread, "role"])
        poisoned.append(int(unread.sum()))
        columns = ["load", "temp", "target_1", "naive_1"]
        noise = np.random.default_rng(0).uniform(1e3, 1e6, (unread.sum(), 4))
        features.loc[unread.to_numpy(), columns] *= noise

    clean = write(tmp_path / "clean")
    dirty = write(tmp_path / "dirty", poison)
    assert poisoned[0] > 1000
    one, two = (
        [*tmp_path.glob(f"{name}/train.parquet")][0] for name in ("clean", "dirty")
    )
    assert one.read_bytes() == two.read_bytes()
    found = [
        studies.tune(inputs, params(), str(tmp_path / f"{n}/trials.csv"))
        for n, inputs in enumerate((clean, dirty))
    ]
    assert found[0][0] == found[1][0]
    assert found[0][1].equals(found[1][1])


def test_a_poisoned_validation_day_does_reach_a_study(tmp_path):
    def poison(features, roles):
        features.loc[(roles["role"] == "val").to_numpy(), "target_1"] *= 2

    inputs = write(tmp_path / "clean"), write(tmp_path / "dirty", poison)
    found = [
        studies.tune(one, params(), str(tmp_path / f"{n}/trials.csv"))[1]
        for n, one in enumerate(inputs)
    ]
    assert (found[0]["val_loss"] != found[1]["val_loss"]).all()


def test_an_empty_budget_reads_nothing_and_says_so(capsys):
    own = params(tuning={"trials": 0})
    hparams, trials = studies.tune(None, own, "nowhere/trials.csv")
    assert hparams == {"learning_rate": 0.01, "weight_decay": 0.01, "dropout": 0.1}
    assert trials.empty and [*trials.columns] == [*TRIALS.columns]
    assert "no trial is asked for" in capsys.readouterr().out


def test_the_journal_lies_beside_the_output_until_the_script_has_written(tmp_path):
    inputs = write(tmp_path / "data")
    studies.tune(inputs, params(), str(tmp_path / "trials.csv"))
    assert (tmp_path / "trials.journal").exists()


def test_another_setting_or_input_begins_another_study(tmp_path, monkeypatch):
    inputs = write(tmp_path / "data")
    keys = []
    monkeypatch.setattr(tuning, "tune", lambda *given: keys.append(given[-1]))
    for own in (
        params(),
        params(),
        params(code="other"),
        params(tuning=SHORT | {"epochs": 2}),
    ):
        studies.tune(inputs, own, str(tmp_path / "trials.csv"))
    assert keys[0] == keys[1] and len(set(keys)) == 3
    storage.write_json({"excluded": [], **splits.make(small_panel().features, SPEC)} |
                       {"note": 1}, inputs.splits)  # fmt: skip
    studies.tune(inputs, params(), str(tmp_path / "trials.csv"))
    assert keys[-1] not in keys[:-1]


def test_widths_are_compared_at_the_tuned_values(tmp_path, monkeypatch):
    paths = dict(write(tmp_path / "data").items())
    hparams = {"learning_rate": 0.005, "dropout": 0.25, "weight_decay": 0.02}
    paths["hparams"] = str(tmp_path / "hparams.json")
    storage.write_json(hparams, paths["hparams"])
    own = params(
        spec=small_panel().models["lstm"],
        widths=[2, 3],
        tuning={"epochs": 1, "seed": 0, "workers": 1},
    )
    seen, untouched = [], tuning.tune_width
    monkeypatch.setattr(
        tuning,
        "tune_width",
        lambda task, *x: (seen.append(task), untouched(task, *x))[1],
    )
    output = str(tmp_path / "widths.csv")
    table = studies.tune_width(InputFiles(fromdict=paths), own, output)
    assert table["width"].tolist() == [2, 3]
    assert np.isfinite(table["val_loss"]).all()
    assert seen[0].spec["dropout"] == 0.25
    assert seen[0].training["learning_rate"] == 0.005


def test_trials_are_joined_under_the_keys_of_their_path(tmp_path):
    row = {"trial": 0, "state": "complete", "val_loss": 0.5, "epochs": 2}
    row |= {"pruned_at": 0, "learning_rate": 1e-3, "dropout": 0.1}
    frame = tuning._frame([row | {"weight_decay": 0.01, "at_edge": ""}], TRIALS)
    paths = []
    for domain, rows in (("energy", frame), ("finance", frame.iloc[:0])):
        path = tmp_path / f"results/{domain}/natural/lstm/trials.csv"
        storage.write_csv(rows, path, TRIALS)
        paths.append(str(path))
    joined = storage.validate(tables.join_trials(paths), STUDIES, "trials")
    assert joined[["domain", "model"]].to_numpy().tolist() == [["energy", "lstm"]]
    none = storage.validate(tables.join_trials(paths[1:]), STUDIES, "trials")
    storage.write_csv(none, tmp_path / "none.csv", STUDIES)
    assert storage.read_csv(tmp_path / "none.csv", STUDIES).empty
