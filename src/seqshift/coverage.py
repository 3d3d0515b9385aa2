"""How much of each entity's days is there and untouched, and who is left out."""

import pandas as pd

from seqshift.errors import BadInput

ERAS = ("train", "val", "test")


def measure(features: pd.DataFrame, spec: dict) -> pd.DataFrame:
    """Return COVERAGE: missing and repaired days of each entity and era.

    A day (or session) of an era is expected from the entity's first row to its last,
    so that one listed late misses nothing before. An entity is left out of the domain
    if its missing and repaired days are more than `max_repaired` of an era's.
    """
    spans = {era: _steps(features, *spec["splits"][era]) for era in ERAS}
    rows = []
    for entity, own in features.groupby("entity", sort=True):
        first, last = own["step"].min(), own["step"].max()
        for era, (start, end) in spans.items():
            inside = own[own["step"].between(start, end)]
            expected = max(0, min(last, end) - max(first, start) + 1)
            repaired = inside["repaired"].sum()
            rows.append((str(entity), era, expected, expected - len(inside), repaired))
    columns = ["entity", "era", "expected", "missing", "repaired"]
    table = pd.DataFrame(rows, columns=columns)
    whole = table.groupby("entity")[columns[2:]].sum().reset_index().assign(era="all")
    table = pd.concat([table, whole[columns]], ignore_index=True)
    lost = table["missing"] + table["repaired"]
    table["share"] = (lost / table["expected"]).where(table["expected"] > 0, 0.0)
    table = _judge(table, spec["max_repaired"])
    order = table["era"].map([*ERAS, "all"].index)
    table = table.assign(order=order).sort_values(["entity", "order"])
    return table.drop(columns="order").reset_index(drop=True)


def _steps(features: pd.DataFrame, start: str, end: str) -> tuple[int, int]:
    """Return the first and the last step of an era; (0, -1) for one without days."""
    steps = features.loc[features["date"].between(start, end), "step"]
    return (int(steps.min()), int(steps.max())) if len(steps) else (0, -1)


def _judge(table: pd.DataFrame, limit: float) -> pd.DataFrame:
    """Add excluded and reason; the line `all` says what holds for the entity."""
    over = (table["share"] > limit) & (table["era"] != "all")
    words = [
        f"{row.share:.1%} of its {row.expected} {row.era} days are missing "
        f"({row.missing}) or repaired ({row.repaired:.1f}), more than {limit:.0%}"
        for row in table.itertuples()
    ]
    reason = pd.Series(words, index=table.index).where(over, "")
    joined = reason[over].groupby(table["entity"]).agg("; ".join)
    whole = table["era"] == "all"
    reason = reason.mask(whole, table["entity"].map(joined).fillna(""))
    return table.assign(excluded=reason != "", reason=reason.astype("str"))


def excluded(table: pd.DataFrame, entities: dict[str, list[str]]) -> dict[str, str]:
    """Return the entities to leave out, with the reason.

    Raises
    ------
    BadInput
        If all seen or all unseen entities would be left out.
    """
    rows = table[(table["era"] == "all") & table["excluded"]]
    found = dict(zip(rows["entity"], rows["reason"], strict=True))
    for group, names in entities.items():
        if names and set(names) <= set(found):
            raise BadInput(
                f"splits: every {group} entity would be left out ({names[0]}: "
                f"{found[names[0]]}); choose other entities or raise max_repaired"
            )
    return found


def kept(features: pd.DataFrame, names) -> pd.DataFrame:
    """Return the features without the entities in `names`."""
    return features[~features["entity"].isin(names)].reset_index(drop=True)
