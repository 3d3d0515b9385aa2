"""The parts of a configuration that predict cost, small enough to count by hand."""

DOMAIN = {
    "start": "2001-01-01",
    "end": "2006-12-31",
    "entities": {"seen": ["A", "B", "C"], "unseen": ["D"]},
    "features": ["load", "cdd"],
    "target": {"horizons": [1, 2]},
    "window": {"lags": 14},
    "splits": {
        "train": ["2000-01-01", "2004-12-31"],  # 4 of these years are used
        "val": ["2005-01-01", "2005-12-31"],
        "test": ["2006-01-01", "2007-12-31"],
        "embargo": 14,
        "block": 40,
        "fraction": 0.1,
        "year": 365,
        "slices": {
            "crash": {"dates": [["2003-03-01", "2003-03-30"]], "hold_out": True},
            "heat": {"feature": "cdd", "quantile": 0.98},
        },
    },
    "attribution": {
        "steps": 50,
        "control_steps": 9,
        "windows_per_year": 4,
        "batch_size": 1024,
        "variants": [],
    },
}
MODEL = {"kind": "mlp", "widths": [8], "embedding": 2, "dropout": 0.0}
ENCODER = {"width": 8, "heads": 2, "layers": 2, "feedforward": 8, "positions": True}
CROSS = MODEL | ENCODER | {"kind": "cross-entity", "cross_from": 1}


ACCOUNTING = {
    "device": "fast",
    "devices": {
        "fast": {"mlp": {"gflops": 2.0, "batch_ms": 500}},
        "cpu": {"mlp": {"gflops": 1.0, "batch_ms": 0}},
    },
    "start_seconds": 5,
    "safety": 3,
    "least_minutes": 10,
    "unknown_minutes": 90,
}


def config() -> dict:
    """Return what the predicted cost of a job depends on."""
    return {
        "domains": {"energy": DOMAIN},
        "modalities": {"natural": {}, "tenth": {"fraction": 0.1}},
        "models": {
            "mlp": MODEL,
            "cross": CROSS,
            "memory": CROSS | {"kind": "memory", "slots": 4},
            "gru": {"kind": "gru"},
        },
        "training": {"epochs": 10, "batch_size": 256},
        "tuning": {"trials": 5, "epochs": 3, "models": ["mlp", "lstm"], "widths": {}},
        "accounting": ACCOUNTING,
    }


def run(model="mlp", modality="natural") -> dict:
    """Return the keys of a run."""
    return {"domain": "energy", "modality": modality, "model": model}
