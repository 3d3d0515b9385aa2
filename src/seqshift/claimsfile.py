"""The pre-registered claims: read, checked, and hashed as they were written."""

import hashlib
from pathlib import Path

import yaml

from seqshift.errors import BadInput, choose

TESTS = (
    *("verdicts", "contrast", "ablation", "scaling"),
    *("early-warning", "controls"),
)
FAMILIES = ("all", "secondary", "claims", "none")
SIDES = ("above", "below")
TEXTS = ("id", "source", "statement", "test", "metric", "axis", "family")
WORDS = ("held", "failed")
# What a kind of test needs beside the keys of all.
NEEDED = {
    "verdicts": ("rows",),
    "contrast": ("first", "second", "side"),
    "ablation": ("variants",),
    "scaling": ("rows", "side"),
    "early-warning": ("rows",),
    "controls": ("rows",),
}
OPTIONAL = {"verdicts": ("where",), "contrast": ("where",)}
# Tests that are corrected among themselves, and those judged by their interval.
OWN = {"contrast": "claims", "ablation": "claims"}


def read(path: str | Path) -> list[dict]:
    """Return the claims of a file.

    Raises
    ------
    BadInput
        In one sentence: which claim, which key, what to do.
    """
    try:
        found = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise BadInput(f"{path} is not YAML ({reason}); correct it") from None
    if not isinstance(found, list) or not found:
        raise BadInput(f"{path} holds no list of claims; begin each with '- id: NAME'")
    for number, claim in enumerate(found, start=1):
        _check(claim, f"{path}, claim {number}")
    names = [claim["id"] for claim in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(f"{path} has two claims with the id {twice[0]}; rename one")
    return found


def digest(path: str | Path) -> str:
    """Return the sha256 of the file as it is on disk."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def check_thresholds(claims: list[dict], thresholds: dict[str, float]):
    """Refuse a claim that names another threshold than its metric is tested at.

    Raises
    ------
    BadInput
        If there is one.
    """
    for claim in claims:
        if claim["test"] != "verdicts":
            continue
        tested = thresholds.get(claim["metric"])
        if tested != claim["threshold"]:
            raise BadInput(
                f"config/claims.yaml: {claim['id']} states the threshold "
                f"{claim['threshold']} for {claim['metric']}, but the configuration "
                f"tests it at {tested}; change statistics.thresholds, not the claim"
            )


def _check(claim: dict, where: str):
    if not isinstance(claim, dict):
        raise BadInput(f"{where} is not a mapping; write one 'key: value' a line")
    where = f"{where} ({claim['id']})" if "id" in claim else where
    for key in (*TEXTS, *WORDS):
        if not isinstance(claim.get(key), str) or not claim[key].strip():
            raise BadInput(f"{where}: {key} is missing or no text; add it")
    bar = claim.get("threshold")
    if isinstance(bar, bool) or not isinstance(bar, int | float):
        raise BadInput(f"{where}: threshold is {bar!r}; write a number")
    for key, choices in (("test", TESTS), ("family", FAMILIES), ("side", SIDES)):
        if key in claim and claim[key] not in choices:
            raise choose(f"{key} in {where}:", str(claim[key]), list(choices))
    kind = claim["test"]
    for key in NEEDED[kind]:
        if key not in claim:
            raise BadInput(
                f"{where}: a test of kind {kind} needs the key {key}; add it"
            )
    known = {*TEXTS, *WORDS, "threshold", *NEEDED[kind], *OPTIONAL.get(kind, ())}
    unknown = sorted(set(map(str, claim)) - known)
    if unknown:
        raise choose(f"key in {where}:", unknown[0], sorted(known))
    _check_kind(claim, where)


def _check_kind(claim: dict, where: str):
    """Check what only one kind of test has."""
    kind, rows = claim["test"], claim.get("rows")
    if kind == "verdicts" and rows not in ("some", "all"):
        raise choose(f"rows in {where}:", str(rows), ["some", "all"])
    if kind not in ("verdicts", *OWN) and not (isinstance(rows, list) and rows):
        raise BadInput(f"{where}: rows is {rows!r}; list the names of the rows")
    for key in ("first", "second", "where", "variants"):
        if key in claim and not (isinstance(claim[key], dict) and claim[key]):
            raise BadInput(f"{where}: {key} is {claim[key]!r}; write a mapping")
    for key in ("first", "second"):
        if key in claim and set(claim[key]) not in ({"model"}, {"modality"}):
            raise BadInput(f"{where}: {key} must name a model or a modality, no more")
    if kind == "contrast" and set(claim["first"]) != set(claim["second"]):
        raise BadInput(f"{where}: first and second must both be models or modalities")
    for side in claim.get("variants", {}).values():
        if side not in SIDES:
            raise choose(f"side of a variant in {where}:", str(side), list(SIDES))
    if kind == "ablation" and claim["threshold"] != 1:
        raise BadInput(
            f"{where}: the threshold of an ablation is 1; its table has no other"
        )
    own = OWN.get(kind, "none")
    family = claim["family"]
    if kind == "verdicts" and family not in ("all", "secondary"):
        raise choose(f"family in {where}:", family, ["all", "secondary"])
    if kind != "verdicts" and family != own:
        raise BadInput(f"{where}: the family of a test of kind {kind} is {own}")
