"""T5: what the original claimed, judged claim by claim on what was run here.

The claims are about real data and the published weights. What a simulated world or a
backbone trained here cannot speak of is not testable, and the row says why.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from seqshift.schemas.findings import CLAIMS
from seqshift.softgroup.findings import leakclaims, mechanism
from seqshift.softgroup.findings.evidence import Evidence, row


@dataclass(frozen=True)
class Claim:
    """A claim of the original: kinds of data it is about, and its judge.

    `real` claims need real data; `leak` claims need mixed-origin batches.
    """

    id: str
    text: str
    kinds: tuple[str, ...]
    judge: Callable[[Evidence, dict], dict]
    real: bool = True
    leak: bool = False


ANY = ("clusters", "ett", "eia930", "m4")
CLAIMED = (
    Claim("C1", "M4 Hourly: no improvement", ("m4",), mechanism.no_gain),
    Claim(
        "C2",
        "ETT: about 6 % better on the full data (2.0655 to 1.9351)",
        ("ett",),
        leakclaims.gain,
        leak=True,
    ),
    Claim("C3", "98 % identical to the baseline", ANY, mechanism.identical),
    Claim(
        "C4",
        "About 61 % of forecasts improved, barely better than random",
        ("ett",),
        leakclaims.improved,
        leak=True,
    ),
    Claim(
        "C5",
        "28 % on 100 samples, 6 % on 117,000: overfitting on small samples",
        ("ett",),
        leakclaims.small_samples,
    ),
    Claim("C6", "Statistically significant", ("ett",), mechanism.significant),
    Claim("C7", "A low temperature is stricter", ANY, mechanism.direction, real=False),
    Claim(
        "C8",
        "A smoothing effect rather than cross-learning",
        ANY,
        mechanism.smoothing,
        real=False,
    ),
    Claim(
        "C9",
        "Hypothesis: relaxing wrong groups helps",
        ("clusters", "ett", "eia930"),
        mechanism.relaxing,
        real=False,
    ),
)


def judge(evidence: Evidence) -> pd.DataFrame:
    """Return the table CLAIMS: every claim × planned cell, and absent backbones."""
    found = [
        {"id": claim.id, "claim": claim.text} | one
        for claim in CLAIMED
        for one in _rows(claim, evidence)
    ]
    return pd.DataFrame(found)[list(CLAIMS.columns)]


def _rows(claim: Claim, evidence: Evidence) -> Iterator[dict]:
    planned = [
        cell
        for cell in evidence.cells
        if cell["kind"] in claim.kinds
        and (cell["leak"] or cell["reason"] or not claim.leak)
    ]
    for cell in planned:
        if cell["reason"]:
            yield row(cell, "not testable", cell["reason"])
        elif claim.real and cell["world"] == "simulated":
            yield row(cell, "not testable", "world=simulated")
        else:
            yield claim.judge(evidence, cell)
    nowhere = {"dataset": "all", "H": "any", "world": "", "seeds": []}
    for absent in evidence.absent:
        one = row(nowhere | absent, "not testable", absent["reason"])
        yield one | {"data": "all"}
    if not planned:
        said = f"no data set of the kinds {', '.join(claim.kinds)} is planned for it"
        for name in sorted({cell["backbone"] for cell in evidence.cells}):
            one = row(nowhere | {"backbone": name}, "not testable", said)
            yield one | {"data": "all"}
