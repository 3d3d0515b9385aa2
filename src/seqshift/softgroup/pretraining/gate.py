"""What a backbone must show before the study uses it.

It must forecast seasonal series of a family that is not in its prior, and gain where
groups are known, else nothing that masks do to it could mean anything.
"""

from pathlib import Path

import numpy as np
import torch
from scipy import stats

from seqshift.errors import BadInput
from seqshift.softgroup.data import clusters
from seqshift.softgroup.data.datasets import clusters as panel
from seqshift.softgroup.pretraining import weights
from seqshift.softgroup.quantiles import LEVELS, MEDIAN
from seqshift.softgroup.runs import losses

CONFIDENCE = 0.95


def judge(pipeline, gate: dict, spec: dict, folder: str | Path) -> dict:
    """Return what a backbone, loaded from a folder, shows on drawn series.

    MASE and weighted quantile loss on `gate["series"]` seasonal series, beside those of
    the seasonal naive forecast; the gain of right groups over none, in percent of the
    scaled pinball loss, with its t interval over replicates of the clusters of `spec`.
    """
    horizon, season = gate["horizon"], gate["season"]
    context, target = clusters.seasonal_family(
        gate["seed"], gate["series"], gate["context"], horizon, season
    )
    alone = np.arange(len(context))
    naive = context[:, -season:][:, np.arange(horizon) % season]
    scale = np.abs(context[:, season:] - context[:, :-season]).mean(axis=1)
    found = _forecast(pipeline, context, alone, horizon)
    same = np.repeat(naive[:, None], len(LEVELS), axis=1)
    gain, low, high = _gain(pipeline, gate, spec)
    return {
        "parameters": sum(weight.numel() for weight in pipeline.model.parameters()),
        **_errors(found, target, scale),
        "seasonal_naive": _errors(same, target, scale),
        "right_groups": {"gain_pct": gain, "ci_low": low, "ci_high": high},
        **weights.digests(folder),
    }


def keep(found: dict, gate: dict, name: str) -> None:
    """Refuse a backbone that fails, if the gate is enforced.

    Raises
    ------
    BadInput
        Naming what it failed by.
    """
    low = found["right_groups"]["ci_low"]
    faults = [
        f"its {part} is {found[part]:.3f}, more than {gate[part]}"
        for part in ("mase", "wql")
        if not found[part] <= gate[part]
    ]
    if not low > 0:
        faults.append(f"its gain by right groups may be as low as {low:.2f} %")
    print(f"gate: {'; '.join(faults) or 'passed'}; {found}")
    if faults and gate["enforced"]:
        raise BadInput(
            f"backbone {name} fails its gate: {' and '.join(faults)}; train it longer, "
            "or set softgroup.gate to what it shall show"
        )


def _errors(quantiles: np.ndarray, target: np.ndarray, scale: np.ndarray) -> dict:
    error = np.abs(target - quantiles[:, MEDIAN])
    mase = (error.mean(axis=1) / scale).mean()
    wql = losses.pinball(quantiles, target).sum() / np.abs(target).sum()
    return {"mase": float(mase), "wql": float(wql)}


def _gain(pipeline, gate: dict, spec: dict) -> tuple[float, float, float]:
    """Return the gain of right groups in percent and the ends of its interval."""
    horizon, pairs = spec["horizons"][0], []
    for seed in range(gate["seed"], gate["seed"] + gate["replicates"]):
        one = panel.draw(spec, seed, horizon)
        scale = np.abs(np.diff(one.full)).mean(axis=1)
        alone = np.arange(len(one.cluster))
        pair = []
        for groups in (alone, one.cluster):
            quantiles = _forecast(pipeline, one.context, groups, horizon)
            loss = losses.pinball(quantiles, one.target).mean(axis=1) / scale
            pair.append(loss.mean())
        pairs.append(pair)
    alone, right = np.array(pairs).T
    gains = 100 * (alone - right) / alone.mean()
    spread = stats.sem(gains) * stats.t.ppf((1 + CONFIDENCE) / 2, len(gains) - 1)
    mean = gains.mean()
    return float(mean), float(mean - spread), float(mean + spread)


def _forecast(pipeline, context, groups, horizon: int) -> np.ndarray:
    from seqshift.softgroup.pipeline import forecast  # it needs the extra

    seen = context[:, -pipeline.model_context_length :]
    x = torch.as_tensor(seen, dtype=torch.float32)
    out = forecast(pipeline, x, horizon, torch.as_tensor(groups))
    return out.numpy().astype(np.float64)
