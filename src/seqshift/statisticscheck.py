"""Checks of the section statistics against itself."""

from seqshift.errors import BadInput


def check(statistics: dict):
    """Refuse thresholds of the sensitivity that leave the configured ones out.

    Raises
    ------
    BadInput
        If lists differ in length or the configured thresholds are not one level.
    """
    lists = statistics["sensitivity"]["thresholds"]
    sizes = {len(bars) for bars in lists.values()}
    if len(sizes) > 1:
        raise BadInput(
            "statistics.sensitivity.thresholds holds lists of different lengths; give "
            "every metric as many thresholds as g_ratio"
        )
    configured = {name: statistics["thresholds"][name] for name in lists}
    levels = [
        dict(zip(lists, bars, strict=True))
        for bars in zip(*lists.values(), strict=True)
    ]
    if configured not in levels:
        named = ", ".join(f"{name} {bar}" for name, bar in configured.items())
        raise BadInput(
            "statistics.sensitivity.thresholds: no place of its lists holds all of the "
            f"thresholds that are tested ({named}); put each at the same place"
        )
