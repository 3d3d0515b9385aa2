"""MixUp-TS: convex mixtures of pairs of train windows, target included.

x = l x_i + (1 - l) x_j + e with l = max(b, 1 - b), b ~ Beta(alpha, alpha) and small
Gaussian noise e; after mixup (Zhang et al. 2018, arXiv:1710.09412). Calendar, entity
and binary columns are those of i.
"""

import numpy as np

from seqshift.errors import BadInput
from seqshift.windows import Windows

SEASON = 15  # days of year within which a partner of the same season lies
TRIES = 20


def make(train: Windows, domain: dict, spec: dict) -> Windows:
    """Return one mixed window for each train window.

    `domain["mixing"]` is "date" (partner: another entity on the same date; each column
    is rescaled to its variance, given how its pairs correlate) or "season" (partner:
    the same entity within 15 days of the year in another year). A window without a
    partner is only jittered.

    Raises
    ------
    BadInput
        If the target spans several days, so that mixing it would not be its value on
        the mixed path.
    """
    if domain["target"]["span"] != 1:
        raise BadInput(
            f"modality mixup: the target {domain['target']['name']} spans "
            f"{domain['target']['span']} days and cannot be mixed; leave mixup out of "
            "the experiments of this domain"
        )
    draw = np.random.default_rng(np.random.SeedSequence([spec["seed"]]))
    choose = {"date": _partner_on_date, "season": _partner_in_season}
    partner = choose[domain["mixing"]](train, draw)
    share = draw.beta(spec["alpha"], spec["alpha"], size=len(train))
    share = np.maximum(share, 1 - share)
    share[partner == np.arange(len(train))] = 1.0
    rescaled = domain["mixing"] == "date"
    binary = _binary(train.x)
    x = _mix(train.x, partner, share, rescaled, spec["noise"], draw)
    x[..., binary] = train.x[..., binary]
    target = _mix(train.target, partner, share, rescaled, spec["noise"], draw)
    return Windows(x, train.day, train.entity, train.date, target)


def _mix(values, partner, share, rescaled, noise, draw) -> np.ndarray:
    share = share.reshape(-1, *(1,) * (values.ndim - 1))
    over = tuple(range(values.ndim - 1))
    mean, spread = values.mean(axis=over), values.std(axis=over)  # per last axis
    mixed = share * values + (1 - share) * values[partner]
    if rescaled:
        product = (values - mean) * (values[partner] - mean)
        alike = product.mean(axis=over) / np.where(spread > 0, spread**2, 1)
        kept = share**2 + (1 - share) ** 2 + 2 * share * (1 - share) * alike
        mixed = mean + (mixed - mean) / np.sqrt(kept)
    jitter = noise * spread * draw.standard_normal(values.shape)
    return (mixed + jitter).astype(np.float32)


def _binary(x: np.ndarray) -> np.ndarray:
    return np.array([np.isin(x[..., f], (0.0, 1.0)).all() for f in range(x.shape[2])])


def _partner_on_date(train: Windows, draw: np.random.Generator) -> np.ndarray:
    """Return for each window the index of another entity's window of its date."""
    order = np.argsort(train.date, kind="stable")
    dates = train.date[order]
    first = np.searchsorted(dates, dates, side="left")
    size = np.searchsorted(dates, dates, side="right") - first
    place = np.arange(len(dates)) - first
    step = 1 + np.floor(draw.random(len(dates)) * np.maximum(size - 1, 1)).astype(int)
    partner = np.empty(len(dates), dtype=np.int64)
    partner[order] = order[first + (place + step) % size]
    return partner


def _partner_in_season(train: Windows, draw: np.random.Generator) -> np.ndarray:
    """Return for each window one of its entity, near its day of year, another year."""
    key = train.entity * 10**6 + train.date
    order = np.argsort(key)
    years = np.unique(train.date.astype("datetime64[D]").astype("datetime64[Y]"))
    span = max(len(years) - 1, 1)
    partner = np.arange(len(train))
    for _ in range(TRIES):
        lone = np.flatnonzero(partner == np.arange(len(train)))
        shift = draw.integers(-span, span + 1, len(lone))
        near = draw.integers(-SEASON, SEASON + 1, len(lone))
        wanted = key[lone] + np.round(365.25 * shift).astype(int) + near
        at = np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)
        hit = (key[order][at] == wanted) & (shift != 0)
        partner[lone[hit]] = order[at[hit]]
    return partner
