"""What a pipeline shares between the rows of a batch, and how strictly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from seqshift.errors import BadInput, choose
from seqshift.softgroup import bounds, pairwise
from seqshift.softgroup.similarity import KINDS, of, to_unit

SCOPES = ["all", "targets"]


@dataclass(frozen=True, eq=False)
class SoftGroups:
    """Soft group masks: kind and map of the similarity, and its sharpness beta.

    `S` replaces the computed similarity: (row, row) over all rows of the inputs in
    their order, covariates included. `origins` holds one id or time stamp an item;
    `same_origin=True` declares that all contexts end at one time. With the scope
    `targets`, covariate rows share inside their own item only.

    Raises
    ------
    BadInput
        If a name is unknown, beta < 0 or a season is missing.
    """

    kind: str = "corr"
    how: str = "abs"
    beta: float = 1.0
    on: str = "level"
    season: int | None = None
    scope: str = "targets"
    min_overlap: int = pairwise.MIN_OVERLAP
    S: Tensor | ArrayLike | None = None
    origins: Sequence | Tensor | None = None
    same_origin: bool = False

    def __post_init__(self):
        if self.kind not in KINDS:
            raise choose("similarity", self.kind, KINDS)
        if self.scope not in SCOPES:
            raise choose("scope", self.scope, SCOPES)
        to_unit(torch.zeros(1), self.how)
        pairwise.check_lag(self.on, self.season)
        bounds.check_beta(self.beta)

    def similarity_of(self, x: Tensor, origin_ids: Tensor, shares: Tensor) -> Tensor:
        """Return S (row, row) of contexts x (row, time), 0 to rows that do not share.

        Rows of each origin are compared on their own: a scale taken over the whole
        batch, as the width of `dist`, would carry values from a later origin.
        """
        S = torch.eye(len(x), dtype=torch.float64)
        for origin in origin_ids[shares].unique():
            rows = (shares & (origin_ids == origin)).nonzero().flatten()
            S[rows[:, None], rows] = of(
                x[rows], self.kind, self.how, self.on, self.season, self.min_overlap
            )
        return S


def chosen(
    soft: SoftGroups | None,
    similarity: str | Tensor | ArrayLike | SoftGroups | None,
    **changes,
) -> SoftGroups | None:
    """Return the settings of one call: those of the pipeline, changed by arguments.

    Raises
    ------
    BadInput
        If a name or a value is wrong, or a change comes with no similarity.
    """
    if isinstance(similarity, SoftGroups):
        soft = similarity
    elif isinstance(similarity, str):
        soft = replace(soft or SoftGroups(), kind=similarity, S=None)
    elif similarity is not None:
        soft = replace(soft or SoftGroups(), S=similarity)
    given = {name: value for name, value in changes.items() if value is not None}
    if given and soft is None:
        raise BadInput(
            f"{sorted(given)[0]} changes a soft group mask and there is none; give "
            "similarity='corr' beside it"
        )
    return replace(soft, **given) if given else soft
