"""Learning curves of finished runs, sent to Weights & Biases: an optional extra.

Nothing of a study depends on it: it reads the history.csv of each run after training,
so that it is switched on, off or anew without training again, and an interrupted
training has its epochs once.
"""

import hashlib
import os
import shutil
from pathlib import Path

from seqshift import extras, grid, storage
from seqshift.errors import BadInput
from seqshift.schemas.results import HISTORY

FOLDER = Path("results/wandb")


def send(paths: list[str], settings: dict, folder: Path) -> int:
    """Log each history.csv as one W&B run; return how many had not been logged yet.

    A run carries the keys of its path and, an epoch a step, the columns of its
    history. Its id is a digest of path and content: what was logged once is left
    alone, and an upload that was killed is begun anew under its old id.

    Raises
    ------
    BadInput
        If wandb is not installed, or the mode is online without WANDB_API_KEY.
    """
    wandb = extras.library("wandb", "tracking", "tracking")
    if settings["mode"] == "online" and not os.environ.get("WANDB_API_KEY"):
        raise BadInput(
            "tracking.mode is online but the environment variable WANDB_API_KEY is "
            "empty; set it, or choose the mode offline"
        )
    folder.mkdir(parents=True, exist_ok=True)
    sent = 0
    for path in paths:
        name = identity(path)
        mark = folder / f"{name}.{settings['mode']}"
        if mark.exists():
            continue
        for partial in folder.glob(f"wandb/*run-*-{name}"):
            shutil.rmtree(partial)
        _send(wandb, path, name, settings, folder)
        storage.write_text(f"{path}\n", mark)
        print(f"{path} is run {name}")
        sent += 1
    return sent


def identity(path: str) -> str:
    """Return the id of a run: the same path and content have the same."""
    content = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return hashlib.sha256(f"{path} {content}".encode()).hexdigest()[:16]


def _send(wandb, path: str, name: str, settings: dict, folder: Path):
    history = storage.read_csv(path, HISTORY)
    keys = grid.keys(path)
    run = wandb.init(
        project=settings["project"],
        mode=settings["mode"],
        dir=str(folder),
        id=name,
        resume="allow",
        name=" ".join(map(str, keys.values())),
        group=f"{keys['domain']} {keys['modality']}",
        config=keys,
        # What W&B would gather on its own: paths, host, code, terminal output.
        settings=wandb.Settings(
            console="off",
            disable_git=True,
            save_code=False,
            silent=True,
            x_disable_meta=True,
            x_disable_stats=True,
        ),
    )
    for row in history.to_dict("records"):
        run.log(row, step=row["epoch"])
    run.finish()
