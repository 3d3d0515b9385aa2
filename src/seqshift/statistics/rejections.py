"""Controls that count rejections: random labels, two halves, a graded shift."""

import numpy as np
import pandas as pd
from scipy import stats

from seqshift.statistics.outcomes import judged, lost

UNIT = ["seed", "entity"]


def permuted(found: pd.DataFrame, rules: dict) -> dict:
    """Check that p values of randomly labelled years are not below uniform.

    Value: largest excess of their distribution over the uniform one (Kolmogorov);
    bound: its quantile `confidence` for that many units.
    """
    units = _testable(found, "label-permutation", rules)
    if units.empty:
        return lost(_few(found, "label-permutation", rules))
    p = units["p"].to_numpy()
    test = stats.kstest(p, "uniform", alternative="greater")
    bound = float(stats.ksone.ppf(rules["confidence"], len(p)))
    share = float((p <= rules["level"]).mean())
    words = f"{share:.0%} of {len(p)} random labels rejected at {rules['level']:g}"
    value = float(test.statistic)
    return judged(value, np.nan, np.nan, bound, value <= bound, len(p), words,
                   float(test.pvalue))  # fmt: skip


def halves(found: pd.DataFrame, rules: dict) -> dict:
    """Count the units in which odd and even train years seem to differ."""
    units = _testable(found, "id-id", rules)
    if units.empty:
        return lost(_few(found, "id-id", rules))
    return _rejected(units, rules)


def graded(found: pd.DataFrame, rules: dict) -> dict:
    """Check that D grows with an imposed shift, which is found, while none is not."""
    units = pd.concat([_testable(found, n, rules) for n in ("id-id", "graded")])
    whole = units.groupby(UNIT)["amplitude"].transform("nunique")
    units = units[whole == units["amplitude"].nunique()]
    amplitudes = sorted(units["amplitude"].unique())
    if rules["shift"] not in amplitudes or 0 not in amplitudes:
        return lost(_few(found, "graded", rules))
    by = units.groupby("amplitude")
    means = by["value"].mean()
    rejected = (units["p"] <= rules["level"]).groupby(units["amplitude"]).mean()
    value, bound = float(rejected[rules["shift"]]), rules["detected"]
    calm = _rejected(units[units["amplitude"] == 0], rules)
    grows = bool((means.diff().dropna() > 0).all())
    fine = grows and value >= bound and calm["passed"]
    numbers = ", ".join(
        f"{amplitude:g}: D {means[amplitude]:.4f}, {rejected[amplitude]:.0%}"
        for amplitude in amplitudes
    )
    words = f"mean D and share rejected by shift {numbers}"
    words += "" if grows else "; D does not grow with the shift"
    words += "" if calm["passed"] else "; no shift is rejected too often"
    count = int(by.size().min())
    return judged(value, np.nan, np.nan, bound, fine, count, words)


def _testable(found: pd.DataFrame, control: str, rules: dict) -> pd.DataFrame:
    """Return the units whose test could reject at the level."""
    own = (found["control"] == control) & found["p"].notna()
    return found[own & (found["least_p"] <= rules["level"])]


def _few(found: pd.DataFrame, control: str, rules: dict) -> str:
    own = found[(found["control"] == control) & found["p"].notna()]
    if own.empty:
        return "the variants or years it needs were not explained"
    return (
        f"too few years: the smallest possible p is {own['least_p'].min():.2g}, "
        f"over {rules['level']:g}"
    )


def _rejected(units: pd.DataFrame, rules: dict) -> dict:
    """Compare the share of rejected units with the binomial bound on it."""
    count = len(units)
    most = stats.binom.ppf(rules["confidence"], count, rules["level"])
    rejected = int((units["p"] <= rules["level"]).sum())
    low, high = stats.binomtest(rejected, count).proportion_ci(1 - rules["level"])
    words = f"{rejected} of {count} units rejected, at most {most:.0f} expected"
    p = float(stats.binom.sf(rejected - 1, count, rules["level"]))
    return judged(rejected / count, low, high, float(most / count),
                   rejected <= most, count, words, p)  # fmt: skip
