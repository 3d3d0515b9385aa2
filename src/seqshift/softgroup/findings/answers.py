"""T6: the questions that the original left open, one row per planned data set."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from seqshift.schemas.findings import ANSWERS
from seqshift.softgroup.findings import across, strength, within
from seqshift.softgroup.findings.evidence import Evidence, row

KINDS = ("clusters", "ett", "eia930", "m4")


@dataclass(frozen=True)
class Question:
    """An open question: its kinds of data, and what answers it.

    `answer` maps a cell to a row; with `whole`, all cells of a backbone to rows.
    """

    id: str
    text: str
    kinds: tuple[str, ...]
    answer: Callable
    whole: bool = False


QUESTIONS = (
    Question(
        "E1",
        "Cosine and distance against correlation: which captures useful relations?",
        KINDS,
        within.kinds,
    ),
    Question(
        "E2",
        "Which sharpness is best between separation and sharing?",
        KINDS,
        within.sharpness,
    ),
    Question("E3", "Weekly or hourly data?", ("eia930", "ett"), across.cadence, True),
    Question(
        "E4",
        "Does more relation between series give more gain?",
        KINDS,
        strength.relations,
        True,
    ),
    Question(
        "E5",
        "Which variables or parents benefit?",
        ("ett", "eia930"),
        within.parts,
    ),
    Question("E6", "Short or long forecasts?", ("ett",), within.steps, True),
    Question(
        "E7",
        "Is there a configuration of substantial benefit at inference alone?",
        KINDS,
        across.substantial,
        True,
    ),
    Question(
        "E8",
        "Can soft masks repair wrong groups?",
        ("clusters", "ett", "eia930"),
        within.repair,
    ),
)


def answer(evidence: Evidence) -> pd.DataFrame:
    """Return the table ANSWERS: every question × planned cell, and absent backbones."""
    found = [
        {"id": question.id, "question": question.text} | one
        for question in QUESTIONS
        for one in _rows(question, evidence)
    ]
    return pd.DataFrame(found)[list(ANSWERS.columns)]


def _rows(question: Question, evidence: Evidence) -> Iterator[dict]:
    planned = [cell for cell in evidence.cells if cell["kind"] in question.kinds]
    for cell in planned:
        if cell["reason"]:
            yield row(cell, "not available", cell["reason"])
        elif not question.whole:
            yield question.answer(evidence, cell)
    here = [cell for cell in planned if not cell["reason"]]
    if question.whole:
        for name in sorted({cell["backbone"] for cell in here}):
            own = [cell for cell in here if cell["backbone"] == name]
            yield from question.answer(evidence, own)
    for absent in evidence.absent:
        yield nowhere(absent)
    if not planned:
        reason = f"no data set of the kinds {', '.join(question.kinds)} is planned"
        for name in sorted({cell["backbone"] for cell in evidence.cells}):
            yield nowhere({"backbone": name, "reason": reason})


def nowhere(absent: dict) -> dict:
    """Return the row of a backbone that has no cell here."""
    cell = {"dataset": "all", "H": "any", "world": "", "seeds": []}
    one = row(cell | absent, "not available", absent["reason"])
    return one | {"data": "all"}
