"""The arms of a data set: which rows share with which, and how much.

Ids: `hard_{groups}`; `soft_{groups}_{kind}-{map}_b{beta}` (distances have no map);
`soft_{groups}_selected`; `seed`; `oracle`; and the controls `ctrl_shrink10`,
`ctrl_ma5`, `ctrl_pastens` of hard_single, `ctrl_{what}_{b1|b2|selected|...}` of a soft
arm, what = permute, shuffle, random, dose or mix.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from seqshift.errors import choose

BASE, JOINT = "hard_single", "hard_joint"
SMOOTHED = ("shrink10", "ma5")
MASKED = ("permute", "shuffle", "random", "dose")  # other masks of the same strength
IMITATED = (*MASKED, "mix")
# id of a kind: (kind, map, whether it is of differences)
KINDS = {
    "corr-abs": ("corr", "abs", False),
    "corr-clip": ("corr", "clip", False),
    "corr-affine": ("corr", "affine", False),
    "cosine-abs": ("cosine", "abs", False),
    "dist": ("dist", "", False),
    "corrdiff-abs": ("corr", "abs", True),
}


@dataclass(frozen=True)
class Arm:
    """A way to share: `groups` share freely, the others by similarity^beta.

    `base` is the arm its gain is a gain over; `of` is the arm that a control imitates.
    """

    id: str
    groups: str = "single"
    kind: str = "hard"
    how: str = ""
    on: str = ""
    beta: float = math.nan
    control: str = ""
    of: str = ""
    base: str = BASE

    @property
    def masked(self) -> bool:
        """Whether it is a mask, and not made of the forecasts of other arms."""
        return self.control in ("", *MASKED)


@dataclass(frozen=True)
class Rows:
    """What the arms need to know of a data set."""

    groupings: tuple[str, ...]  # stored ones: single is implied
    wrong: str  # "" if it has none
    season: int  # steps
    dated: bool  # its origins follow each other in time


def candidates(arms: dict, rows: Rows) -> list[Arm]:
    """Return the soft arms of a set, a list per kind in the order of the set.

    Raises
    ------
    BadInput
        If the set names an unknown kind.
    """
    return [
        soft(groups, name, beta, rows)
        for role, groups in (("single", "single"), ("wrong", rows.wrong))
        if groups
        for name, betas in arms[role].items()
        for beta in betas
    ]


def soft(groups: str, name: str, beta: float, rows: Rows) -> Arm:
    """Return one soft arm; `name` is a key of KINDS."""
    if name not in KINDS:
        raise choose("similarity of softgroup.arms:", name, list(KINDS))
    kind, how, differences = KINDS[name]
    on = ("seasonal_diff" if rows.season > 1 else "diff") if differences else "level"
    return Arm(f"soft_{groups}_{name}_b{beta:g}", groups, kind, how, on, float(beta))


def seed(rows: Rows) -> Arm:
    """Return the arm of the first answer, among rows of one origin."""
    return replace(soft("single", "corr-affine", 5, rows), id="seed")


def hard(rows: Rows) -> list[Arm]:
    """Return the arms with the mask of Chronos-2 itself."""
    return [Arm(f"hard_{groups}", groups) for groups in ("single", *rows.groupings)]


def selectable(arm: Arm) -> bool:
    """Tell whether selection may choose an arm: 0 and infinity are checks."""
    return arm.kind not in ("hard", "oracle") and 0 < arm.beta < math.inf


def validated(arms: dict, rows: Rows) -> list[Arm]:
    """Return the arms that are scored on validation origins."""
    return [Arm(BASE), *filter(selectable, candidates(arms, rows))]


def plan(arms: dict, rows: Rows, selected: dict[str, str]) -> list[Arm]:
    """Return all arms of a set, each before its controls, with unique ids.

    `selected` maps groups to the id that validation chose for them.
    """
    softs = candidates(arms, rows)
    known = {arm.id: arm for arm in softs}
    for groups, name in selected.items():
        picked = replace(known[name], id=f"soft_{groups}_selected")
        softs.append(picked)
    found = [*hard(rows), *softs, seed(rows)]
    if "right" in rows.groupings:  # elsewhere the true groups are not known
        found.append(Arm("oracle", kind="oracle", beta=1.0))
    found += [Arm(f"ctrl_{name}", control=name, of=BASE) for name in SMOOTHED]
    if rows.dated:
        found.append(Arm("ctrl_pastens", control="pastens", of=BASE))
    return found + list(_imitations(arms["controls"], found))


def _imitations(betas: Sequence[float], found: list[Arm]) -> Iterator[Arm]:
    known = {arm.id: arm for arm in found}
    imitated = {f"b{beta:g}": f"soft_single_corr-abs_b{beta:g}" for beta in betas}
    imitated["selected"] = "soft_single_selected"
    for suffix, name in imitated.items():
        if name not in known:
            raise choose(f"controls of softgroup.arms: no arm {name};", name, [*known])
        for what in IMITATED:
            own = f"ctrl_{what}_{suffix}"
            yield replace(known[name], id=own, control=what, of=name)
