"""Checks of the arms, the leak and the curve of softgroup; and which arms run where."""

from seqshift.errors import BadInput, choose


def chosen(arms: dict, dataset: str, horizon: int) -> dict:
    """Return the set of arms that `softgroup.arms` gives a dataset and horizon."""
    for name, users in arms["use"].items():
        if dataset in users or f"{dataset}/{horizon}" in users:
            return arms["sets"][name]
    return arms["sets"][arms["otherwise"]]


def check(section: dict):
    """Refuse unknown names, controls of arms that do not run and undated leaks.

    Raises
    ------
    BadInput
        One sentence with the place in the configuration.
    """
    arms, datasets = section["arms"], section["datasets"]
    for name in (*arms["use"], arms["otherwise"]):
        if name not in arms["sets"]:
            raise choose("set of softgroup.arms:", name, [*arms["sets"]])
    for users in arms["use"].values():
        for user in users:
            if user.partition("/")[0] not in datasets:
                raise choose("dataset of softgroup.arms.use:", user, [*datasets])
    for name, one in arms["sets"].items():
        _check_set(f"softgroup.arms.sets.{name}", one)
    for spec in datasets.values():
        if spec["kind"] not in arms["min_overlap"]:
            raise BadInput(
                f"softgroup.arms.min_overlap lacks {spec['kind']}, the kind of a "
                "dataset; add how many steps two of its series must share"
            )
    for part in ("leak", "curve"):
        for name in section[part]["datasets"]:
            if name not in datasets:
                raise choose(f"dataset of softgroup.{part}:", name, [*datasets])
            if "bounds" not in datasets[name]:
                raise BadInput(
                    f"softgroup.{part}.datasets: {name} has no consecutive origins; "
                    "name a dataset with bounds"
                )


def _check_set(place: str, one: dict):
    known = one["single"].get("corr-abs", [])
    lost = [beta for beta in one["controls"] if beta not in known]
    if lost:
        raise BadInput(
            f"{place}.controls: corr-abs does not run at beta {lost[0]:g}; add it to "
            f"{place}.single or drop the control"
        )
    betas = [beta for found in one["single"].values() for beta in found]
    if not any(0 < beta < float("inf") for beta in betas):
        raise BadInput(
            f"{place}.single: no arm could be selected, as betas of 0 and infinity are "
            "checks; add one between"
        )
