"""What each flag of the raw tables means, in a phrase for a reader of the report."""

MEANING: dict[str, str] = {
    "F1": "opening price given as 0, set to missing",
    "F2": "low or high moved to take in the open and the close",
    "F3": "no share changed hands, row kept",
    "F4": "log return beyond 0.4 in either direction, row kept",
    "F8": "open, high, low and close are one number, only the close is used",
    "E1a": "load above three times the median of its series, removed",
    "E1b": "load above 1.5 times the largest at that hour within seven days, removed "
    "from uncleaned series only",
    "E3": "load of zero or less, removed",
    "E4": "a word where a number belongs, read as missing",
    "E5": "31 December absent from the file of a leap year, left missing",
    "E6": "time stamp some milliseconds beside the hour, rounded",
    "E7": "time stamp written as 24:00 or with the mark DST, read as what it means",
    "E8": "hour on the day of a clock change, placed by its order in the file where "
    "the day is complete",
    "E10": "row at which the file jumps back in time, sorted",
    "E11": "hour on the day of a clock change, placed by its order in the file or, "
    "where absent, interpolated",
    "E12": "hour without a row in a gap of three hours at most, interpolated",
    "E13": "drop of a single hour below half of both neighbours, removed",
    "E14": "load below 0.4 times the median for hours, removed on days with more than "
    "four of them",
    "E15": "hour after the balancing authority had ceased to report, removed",
    "E16": "cleaned load of zero or less, removed",
    "E17": "number filled in by the publisher of the cleaned series, kept",
    "E20": "the state has plants without an opening date, which are left out; marked "
    "on its last month",
    "W1": "no temperature that day, interpolated in a gap of two days at most",
}
