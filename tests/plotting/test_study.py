"""Optuna's own plots of one study."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.text import Text
from optuna.trial import TrialState

import resulttables
from seqshift import storage
from seqshift.plotting import study, style
from seqshift.schemas.studies import TRIALS

# Optuna's plots are marked as experimental and warn of studies with few trials.
pytestmark = pytest.mark.filterwarnings("ignore")
RANGES = {
    "learning_rate": [1e-4, 3e-3],
    "dropout": [0, 0.3],
    "weight_decay": [1e-4, 0.1],
}


@pytest.fixture
def trials():
    made = resulttables.make(domains=("energy",), models=("mlp",))["trials"]
    return made[list(TRIALS.columns)].reset_index(drop=True)


def words(figure):
    return " ".join(text.get_text() for text in figure.findobj(Text))


def test_the_rebuilt_study_is_that_of_the_table(trials):
    built = study.rebuilt(trials, RANGES)
    whole = trials[trials["state"] == "complete"]
    complete = built.get_trials(states=(TrialState.COMPLETE,))
    assert [one.value for one in complete] == whole["val_loss"].tolist()
    assert len(built.trials) == len(trials)
    best = whole.loc[whole["val_loss"].idxmin()]
    assert built.best_params == {name: best[name] for name in RANGES}


@pytest.mark.parametrize("view", study.VIEWS)
def test_each_view_is_optunas_and_leaves_no_trace(trials, view, tmp_path):
    before = dict(mpl.rcParams)
    pages = []
    for turn in "ab":
        figure = study.draw({"trials": trials}, view, RANGES)
        pdf, png = tmp_path / f"{turn}.pdf", tmp_path / f"{turn}.png"
        style.save(figure, pdf, png)
        pages.append((pdf.read_bytes(), png.read_bytes()))
    assert pages[0] == pages[1]
    assert dict(mpl.rcParams) == before
    assert not plt.get_fignums()
    title = {
        "history": "Optimization History Plot",
        "importance": "Hyperparameter Importances",
        "slice": "Slice Plot",
    }
    assert title[view] in words(figure)
    figure.draw_without_rendering()
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox()
    assert box.x0 >= -0.01 and box.x1 <= width + 0.01
    assert box.y0 >= -0.01 and box.y1 <= height + 0.01


@pytest.mark.parametrize("view", study.VIEWS)
def test_a_study_without_trials_says_so(trials, view):
    figure = study.draw({"trials": trials.iloc[:0]}, view, RANGES)
    assert "No trial was made in this run." in words(figure)


@pytest.mark.parametrize("view", study.VIEWS)
def test_few_or_diverged_trials_are_drawn_or_explained(trials, view):
    whole = trials[trials["state"] == "complete"]
    lost = trials.head(1).assign(state="diverged", val_loss=float("nan"))
    for frame in (whole.head(1), lost):
        figure = study.draw({"trials": frame}, view, RANGES)
        figure.draw_without_rendering()
        if view == "importance":
            assert "too few to rank" in words(figure)


def test_equal_losses_have_no_importance(trials):
    frame = trials.assign(state="complete", val_loss=1.0)
    study.draw({"trials": frame}, "importance", RANGES).draw_without_rendering()


def test_the_script_writes_every_view(trials, tmp_path, monkeypatch):
    storage.write_csv(trials, tmp_path / "trials.csv", TRIALS)
    outputs = {view: str(tmp_path / f"{view}.png") for view in study.VIEWS}
    outputs |= {f"{view}_pdf": str(tmp_path / f"{view}.pdf") for view in study.VIEWS}
    inputs = {"trials": str(tmp_path / "trials.csv")}
    resulttables.run("plot_study.py", monkeypatch, inputs, outputs, {"ranges": RANGES})
    assert len([*tmp_path.glob("*.p??")]) == 6
