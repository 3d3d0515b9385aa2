"""Classifier two-sample test: how well a window is told from its reference."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from seqshift.signals.distances import standardise


def c2st(
    reference: np.ndarray, window: np.ndarray, year: np.ndarray, penalty: float
) -> float:
    """Return the area under the ROC of a logistic classifier on unseen rows.

    It sees z and z^2 - 1 of samples (row, feature), z in deviations of the reference.
    Two folds, each judged by the classifier of the other: the reference by parity of
    `year` (row,), the window by its first and second half, so that neighbouring days
    rarely stand on both sides. A fold that lacks a class is left out; 0.5, no evidence,
    if both do. Lopez-Paz and Oquab 2017, arXiv:1610.06545.
    """
    z = standardise(np.vstack([reference, window]), reference)
    inputs = np.hstack([z, z**2 - 1])
    late = np.arange(len(window)) >= len(window) / 2
    fold = np.concatenate([year % 2 == 1, late])
    label = np.repeat([0, 1], [len(reference), len(window)])
    found = [
        _judge(inputs, label, fold == held, penalty)
        for held in (False, True)
        if all(len(np.unique(label[fold == side])) == 2 for side in (False, True))
    ]
    return float(np.mean(found)) if found else 0.5


def _judge(
    inputs: np.ndarray, label: np.ndarray, held: np.ndarray, penalty: float
) -> float:
    model = LogisticRegression(
        C=1 / penalty, solver="lbfgs", tol=1e-4, max_iter=200, class_weight="balanced"
    )
    model.fit(inputs[~held], label[~held])
    return roc_auc_score(label[held], model.decision_function(inputs[held]))
