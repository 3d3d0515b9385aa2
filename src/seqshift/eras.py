"""Days of the eras of a domain, from the configuration alone."""

from dataclasses import dataclass
from datetime import date
from functools import cache


@dataclass(frozen=True)
class Days:
    """Target days of an entity by what they are for, and years of the two eras."""

    train: int
    val: int
    held: int
    test: int
    years: int
    test_years: int


def days_of(domain: dict) -> Days:
    """Return the days of an entity that is there all the time.

    Of the train era go the first lags, the crises that are held out and the blocks of
    the in-distribution test, both with an embargo on either side.
    """
    split = domain["splits"]
    first, last = domain["start"], domain["end"]
    eras = {name: steps_between(*split[name], split["year"], first, last)
            for name in ("train", "val", "test")}  # fmt: skip
    gap = split["embargo"]
    blocks = max(1, round(split["fraction"] * eras["train"] / split["block"]))
    crises = [
        steps_between(*span, split["year"], *split["train"])
        for rule in split["slices"].values()
        for span in (rule["dates"] if rule.get("hold_out") else [])
    ]
    crises = [steps for steps in crises if steps]
    lost = domain["window"]["lags"] + 2 * gap * (blocks + len(crises))
    held = blocks * split["block"] + sum(crises)
    return Days(
        train=max(0, eras["train"] - lost - held),
        val=max(0, eras["val"] - gap),
        held=held,
        test=max(0, eras["test"] - gap),
        years=max(1, round(eras["train"] / split["year"])),
        test_years=max(1, round(eras["test"] / split["year"])),
    )


@cache
def steps_between(start: str, end: str, year: int, first: str, last: str) -> int:
    """Return the steps from start to end that lie between first and last."""
    low, high = max(start, first), min(end, last)
    days = (date.fromisoformat(high) - date.fromisoformat(low)).days + 1
    return max(0, round(days * year / 365.25))
