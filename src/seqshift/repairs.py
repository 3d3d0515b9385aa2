"""What each flag of the raw tables did to its row, in a phrase for a reader.

Actions: `repaired`, the value was changed or filled in (where a gap is too long to be
filled, it stays missing); `removed`, the value is missing; `kept`, it is as published.
"""

from dataclasses import dataclass

import pandas as pd

ACTIONS = ("repaired", "removed", "kept")


@dataclass(frozen=True)
class Rule:
    """One data rule; `used` is False where it touches nothing that features read."""

    action: str
    meaning: str
    used: bool = True


RULES: dict[str, Rule] = {
    "F1": Rule("removed", "opening price given as 0, set to missing", used=False),
    "F2": Rule(
        "repaired", "low or high moved to take in the open and the close", used=False
    ),
    "F3": Rule("kept", "no share changed hands, row kept"),
    "F4": Rule("kept", "log return beyond 0.4 in either direction, row kept"),
    "F5": Rule("removed", "session of the exchange without a row, left missing"),
    "F7": Rule(
        "kept", "index value on a day without trading, used by no feature", used=False
    ),
    "F8": Rule(
        "kept", "open, high, low and close are one number, only the close is used"
    ),
    "E1a": Rule(
        "repaired",
        "load above three times the median of its series, interpolated or missing",
    ),
    "E1b": Rule(
        "repaired",
        "load above 1.5 times the largest at that hour within seven days, replaced",
    ),
    "E1c": Rule("kept", "the same in a cleaned series, kept as its publisher gives it"),
    "E3": Rule("repaired", "load of zero or less, interpolated or missing"),
    "E4": Rule("repaired", "a word where a number belongs, interpolated or missing"),
    "E5": Rule(
        "removed", "31 December absent from the file of a leap year, left missing"
    ),
    "E6": Rule("kept", "time stamp some milliseconds beside the hour, rounded"),
    "E7": Rule(
        "kept",
        "time stamp written as 24:00 or with the mark DST, read as what it means",
    ),
    "E8": Rule(
        "kept",
        "hour on the day of a clock change, placed by its order in the file where "
        "the day is complete",
    ),
    "E10": Rule("kept", "row at which the file jumps back in time, sorted"),
    "E11": Rule(
        "repaired",
        "hour absent from the file on the day of a clock change, interpolated",
    ),
    "E12": Rule(
        "repaired", "hour without a row in a gap of three hours at most, interpolated"
    ),
    "E13": Rule(
        "repaired", "drop of a single hour below half of both neighbours, interpolated"
    ),
    "E14": Rule(
        "removed",
        "load below 0.4 times the median for hours, removed on days with more than "
        "four of them",
    ),
    "E15": Rule("removed", "hour after the balancing authority had ceased to report"),
    "E16": Rule("repaired", "cleaned load of zero or less, interpolated or missing"),
    "E17": Rule("repaired", "number filled in by the publisher of the cleaned series"),
    "E20": Rule(
        "removed",
        "the state has plants without the date of their opening or retirement, which "
        "are left out; marked on its last month",
    ),
    "E23": Rule(
        "removed", "hour without a row in a gap of more than three hours, left missing"
    ),
    "E24": Rule(
        "repaired",
        "hour listed without a load, withdrawn or late, interpolated or missing",
    ),
    "E25": Rule("removed", "one load repeated for two days or longer, read as missing"),
    "E28": Rule("removed", "month absent from the file"),
    "E29": Rule(
        "kept",
        "plants of the state close before they open or open after the file's month, "
        "they count for none",
    ),
    "E26": Rule("kept", "plants whose file names no state, gathered under state XX"),
    "W1": Rule(
        "repaired",
        "no temperature that day, interpolated in a gap of two days at most",
    ),
    "W2": Rule(
        "repaired",
        "temperature that fails a check of its publisher, interpolated in a gap of two "
        "days at most",
    ),
    "W6": Rule("removed", "day without a row, left missing"),
    "W7": Rule(
        "repaired",
        "day with hours without a temperature, interpolated in gaps of three at most",
    ),
    "W8": Rule(
        "kept",
        "two files of the station differ at an hour, that with more hours is used",
    ),
    "B4": Rule("removed", "bar of five minutes absent from the file", used=False),
    "B3": Rule("kept", "day with other than 288 bars of five minutes, row kept"),
    "W9": Rule("kept", "mean temperature outside the extremes of its day, row kept"),
}


def repaired(flags: pd.Series) -> pd.Series:
    """Return which flags hold a rule that repaired a value features are made of."""
    kinds = {
        flag: any(_repairs(name) for name in flag.split("+"))
        for flag in flags.unique()
        if flag
    }
    return flags.map(kinds).eq(True)


def _repairs(name: str) -> bool:
    rule = RULES[name]
    return rule.used and rule.action == "repaired"
