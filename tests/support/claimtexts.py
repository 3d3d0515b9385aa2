"""Claims of each kind, well formed."""

GOOD = {
    "id": "H1",
    "source": "O1",
    "statement": "A model fails.",
    "test": "verdicts",
    "rows": "some",
    "metric": "g_ratio",
    "axis": "temporal",
    "family": "all",
    "threshold": 1.5,
    "held": "One fails.",
    "failed": "None fails.",
}
CONTRAST = GOOD | {"test": "contrast", "family": "claims", "side": "below"}
CONTRAST["threshold"] = 1.0
CONTRAST |= {"first": {"model": "memory"}, "second": {"model": "mlp"}}
del CONTRAST["rows"]
ABLATION = GOOD | {"test": "ablation", "family": "claims", "threshold": 1}
ABLATION |= {"variants": {"deep": "below"}}
del ABLATION["rows"]
