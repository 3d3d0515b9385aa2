"""How much of each entity's days is there and untouched, and who is left out."""

import pandas as pd

from seqshift.errors import BadInput

ERAS = ("train", "val", "test")
LATEST_END = pd.Timedelta(days=10)  # holidays, and the horizon of a target


def measure(features: pd.DataFrame, spec: dict) -> pd.DataFrame:
    """Return COVERAGE: missing and repaired days of each entity and era.

    A day (or session) of an era is expected from the entity's first row on, so that
    one listed late misses nothing before, to the end of the era. An entity is left out
    of the domain if its missing and repaired days are more than `max_repaired` of an
    era's.

    Raises
    ------
    BadInput
        If all entities end before an era does, as where a source was cut.
    """
    spans = {era: _steps(features, era, *spec["splits"][era]) for era in ERAS}
    rows = []
    for entity, own in features.groupby("entity", sort=True):
        first = own["step"].min()
        for era, (start, end) in spans.items():
            inside = own[own["step"].between(start, end)]
            expected = max(0, end - max(first, start) + 1)
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


def _steps(features: pd.DataFrame, era: str, start: str, end: str) -> tuple[int, int]:
    """Return the first and the last step of an era."""
    rows = features[features["date"].between(start, end)]
    last = rows["date"].max() if len(rows) else features["date"].max()
    if last < pd.Timestamp(end) - LATEST_END:
        raise BadInput(
            f"splits.{era} ends on {end}, but the last day with all features is "
            f"{last:%Y-%m-%d}: a source ends there or was cut; obtain it anew or let "
            "the era end earlier"
        )
    return int(rows["step"].min()), int(rows["step"].max())


def _judge(table: pd.DataFrame, limit: float) -> pd.DataFrame:
    """Add excluded and reason; the line `all` says what holds for the entity."""
    over = (table["share"] > limit) & (table["era"] != "all")
    words = [
        f"{row.share:.1%} of its {row.expected} {row.era} days are missing "
        f"({row.missing}) or repaired ({row.repaired:.1f}), more than {limit:.1%}"
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
