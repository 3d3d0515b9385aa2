"""The cells of the study: backbone × data set × horizon, planned whether or not run."""

from seqshift.softgroup.data.datasets import clusters, eia930, ett, m4

KINDS = {"clusters": clusters, "eia930": eia930, "ett": ett, "m4": m4}
# What a table of parts lists, by kind of data set.
PARTS = {"ett": "series", "eia930": "parent", "m4": "length", "clusters": ""}
UNITS = {"clusters": "replicate"}  # others say so themselves


def plan(section: dict, worlds: dict[str, str]) -> dict:
    """Return the planned cells and the absent backbones, by these names."""
    return {"planned": planned(section, worlds), "absent": absent(section)}


def planned(section: dict, worlds: dict[str, str]) -> list[dict]:
    """Return every cell of the backbones that run, in the order of the configuration.

    A cell holds `backbone, dataset, H, seeds, kind, unit, part, source, stride,
    cadence, calendar, right, wrong, leak, world`, `reason` (why it is not run, "" if
    it is), `sweep` (what a row of data sets varies) and `remarks` for its rows.

    Parameters
    ----------
    section
        The section softgroup of the configuration.
    worlds
        real or simulated, by data set.
    """
    return [
        _cell(section, backbone, name, horizon, worlds[name])
        for backbone in section["run"]["backbones"]
        for name, spec in section["datasets"].items()
        for horizon in spec["horizons"]
    ]


def absent(section: dict) -> list[dict]:
    """Return the backbones that are known and not run, with the reason."""
    reason = "its weights were not run in this configuration (softgroup.run.backbones)"
    return [
        {"backbone": name, "reason": reason}
        for name, spec in section["backbones"].items()
        if name not in section["run"]["backbones"] and spec["origin"] != "train"
    ]


def _cell(section: dict, backbone: str, name: str, horizon: int, world: str) -> dict:
    spec = section["datasets"][name]
    kind = KINDS[spec["kind"]]
    cadence = spec.get("cadence", "native")
    descriptive = spec["kind"] == "ett" and cadence == "weekly"
    return {
        **{"backbone": backbone, "dataset": name, "H": horizon, "world": world},
        "seeds": section["backbones"][backbone]["seeds"],
        **{"kind": spec["kind"], "part": PARTS[spec["kind"]]},
        "source": spec.get("source", "drawn"),
        "unit": UNITS.get(spec["kind"], kind.UNIT),
        **{"stride": spec["stride"], "season": spec["season"]},
        "cadence": "hourly" if cadence == "native" else cadence,
        "calendar": kind.CALENDAR == "yes",
        **{"right": kind.RIGHT, "wrong": kind.WRONG},
        "leak": name in section["leak"]["datasets"] and horizon == spec["horizons"][0],
        "reason": _reason(section, name, spec),
        "sweep": _sweep(spec),
        "remarks": ["descriptive: few effective units"] if descriptive else [],
    }


def _sweep(spec: dict) -> dict:
    """Return how a known world is made, and the series in a batch."""
    found = {name: float(spec[name]) for name in ("noise", "short", "lag")
             if name in spec}  # fmt: skip
    rows = spec["clusters"] * spec["members"] if "clusters" in spec else None
    rows = spec.get("batch", rows)
    return found | ({"rows": float(rows)} if rows else {})


def _reason(section: dict, name: str, spec: dict) -> str:
    if not spec.get("source", "drawn"):
        return "no source is configured for it (key source of the dataset)"
    if name not in section["run"]["datasets"]:
        return "it is not among softgroup.run.datasets of this configuration"
    return ""
