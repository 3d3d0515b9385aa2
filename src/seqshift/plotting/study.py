"""One study on the validation era, drawn by Optuna itself."""

import math

import matplotlib.pyplot as plt
import optuna
import optuna.visualization.matplotlib as views
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from optuna.distributions import FloatDistribution
from optuna.trial import TrialState, create_trial

from seqshift.plotting import style

VIEWS = ("history", "importance", "slice")
NAME = "validation MSE"  # squared z-units


def draw(
    tables: dict[str, pd.DataFrame], view: str, ranges: dict[str, list[float]]
) -> Figure:
    """Draw a view of VIEWS of `trials`; `ranges` holds the ends of the swept values.

    Rates and decays are searched on the log scale, dropout is not.
    """
    trials = tables["trials"]
    if trials.empty:
        return style.empty("No trial was made in this run.")
    study = rebuilt(trials, ranges)
    done = len(study.get_trials(states=(TrialState.COMPLETE,)))
    if view == "importance" and done < 3:
        return style.empty(f"{done} whole trials are too few to rank the values.")
    # Optuna draws on pyplot and changes its style: no window, and put back after.
    plt.switch_backend("agg")
    with plt.rc_context({"figure.constrained_layout.use": True}):
        _view(study, view)
        figure = plt.gcf()
        for axes in figure.axes:  # three panels leave no room for labels in a decade
            if axes.get_xscale() == "log":
                axes.xaxis.set_minor_formatter(NullFormatter())
        plt.close(figure)
    return figure


def rebuilt(trials: pd.DataFrame, ranges: dict[str, list[float]]) -> optuna.Study:
    """Return the study that a table of trials describes."""
    space = {
        name: FloatDistribution(*ends, log=name != "dropout")
        for name, ends in ranges.items()
    }
    study = optuna.create_study()
    for row in trials.itertuples():
        whole = row.state == "complete"
        lost = math.isnan(row.val_loss)
        study.add_trial(
            create_trial(
                state=TrialState.COMPLETE if whole else TrialState.PRUNED,
                value=None if lost else row.val_loss,
                params={name: getattr(row, name) for name in space},
                distributions=space,
            )
        )
    return study


def _view(study: optuna.Study, view: str):
    if view == "history":
        views.plot_optimization_history(study, target_name=NAME)
    elif view == "slice":
        views.plot_slice(study, target_name=NAME)
    else:
        judge = optuna.importance.PedAnovaImportanceEvaluator()
        views.plot_param_importances(study, evaluator=judge, target_name=NAME)
