"""The checks a split must pass before its manifest is written."""

import numpy as np
import pandas as pd

from seqshift import checks, scaling, splits
from seqshift.errors import BadInput


def audit(manifest: dict, features: pd.DataFrame, spec: dict) -> dict:
    """Return counts per role and slice if every check holds.

    Raises
    ------
    BadInput
        Naming the first entity, day and rule that is violated.
    """
    roles = splits.roles(manifest, features)
    _check_spans(features, roles, spec)
    _check_unseen(features, roles, spec)
    _check_history(manifest, features, roles, spec)
    _check_fitted(manifest, features, roles, spec)
    counts = roles["role"].value_counts().sort_index().to_dict()
    for role in _needed(spec):
        if not counts.get(role):
            raise BadInput(
                f"splits: no day has the role {role}; widen its era or check the days "
                "covered by features.parquet"
            )
    counts |= _check_slices(roles, spec)
    return counts


def _check_spans(features: pd.DataFrame, roles: pd.DataFrame, spec: dict):
    """Windows of two roles never share a day."""
    reach = checks.reach(spec) - 1
    used = features.assign(role=roles["role"])
    used = used[~used["role"].isin(["embargo", "unused"])]
    for entity, rows in used.groupby("entity"):
        step, role = rows["step"].to_numpy(), rows["role"].to_numpy()
        gap = step[1:] - step[:-1]
        wrong = np.flatnonzero((role[1:] != role[:-1]) & (gap <= reach))
        if len(wrong):
            at = wrong[0] + 1
            raise BadInput(
                f"splits: windows of {role[at - 1]} and {role[at]} of {entity} share "
                f"days at {rows['date'].iloc[at]:%Y-%m-%d}; lengthen the embargo"
            )


def _check_unseen(features: pd.DataFrame, roles: pd.DataFrame, spec: dict):
    fitted = roles["role"].isin(["train", "val", "id_test"])
    leaked = set(features.loc[fitted, "entity"]) & set(spec["entities"]["unseen"])
    if leaked:
        raise BadInput(f"splits: unseen {sorted(leaked)[0]} has train or val days")


def _needed(spec: dict) -> list[str]:
    """Return the roles without which an axis of this domain is empty."""
    roles = ["train", "val", "id_test", "temporal_test"]
    if spec["entities"]["unseen"]:
        roles += ["spatial_test", "spatiotemporal_test"]
    return roles


def _check_history(manifest, features, roles, spec):
    """Every entity that was not left out has enough days in the train era."""
    history = features[roles["role"].isin(["train", "spatial_test"])]
    counts = history["entity"].value_counts()
    for entity in (*spec["entities"]["seen"], *spec["entities"]["unseen"]):
        if entity in manifest["excluded"]:
            continue
        if counts.get(entity, 0) < spec["min_train_days"]:
            raise BadInput(
                f"splits: {entity} has {counts.get(entity, 0)} days in the train era, "
                f"fewer than min_train_days = {spec['min_train_days']}; take it "
                "out of the entities or lower the limit"
            )


def _check_fitted(manifest, features, roles, spec):
    """Noise on every day outside the train era moves no threshold and no scaler."""
    outside = ~roles["role"].isin(["train", "spatial_test"])
    noisy = features.copy()
    names = [*spec["features"], *(f"target_{h}" for h in spec["target"]["horizons"])]
    noisy.loc[outside, names] += 1e3
    if splits.make(noisy, spec)["thresholds"] != manifest["thresholds"]:
        raise BadInput("splits: a threshold depends on days outside the train era")
    first = scaling.fit_scaler(features, roles, spec)
    if scaling.fit_scaler(noisy, roles, spec) != first:
        raise BadInput("splits: a scaler depends on days outside the train era")


def _check_slices(roles: pd.DataFrame, spec: dict) -> dict:
    tested = roles[roles["role"].isin(splits.EVALUATED)]
    counts = tested["slice"].value_counts().to_dict()
    for name in spec["splits"]["slices"]:
        if not counts.get(name):
            raise BadInput(
                f"splits: the slice {name} holds no test day; correct its dates or "
                "quantile under splits.slices, or remove it"
            )
    held = roles["slice"].isin(
        [
            name
            for name, rule in spec["splits"]["slices"].items()
            if rule.get("hold_out")
        ]
    )
    if (held & (roles["role"] == "train")).any():
        raise BadInput("splits: a held-out crisis day has the role train")
    return {f"slice {name}": int(counts[name]) for name in spec["splits"]["slices"]}
