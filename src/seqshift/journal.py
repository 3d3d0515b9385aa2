"""The journal of a study: one file that survives a kill and that workers share."""

import json
import os
from pathlib import Path

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import FrozenTrial, TrialState

from seqshift.errors import BadInput

# What a replay raises on lines that are whole but do not belong together.
DAMAGE = (KeyError, ValueError, TypeError, IndexError, RuntimeError, AttributeError)


class Lock(JournalFileOpenLock):
    """The right to write; whoever gets it drops the line a killed writer left torn.

    A file that is created exclusively is safe on NFS 3 and later, where fcntl locks,
    and with them SQLite, are not. Optuna's default is no choice: its symbolic link
    points nowhere if the path is relative, and the lock of a killed process would be
    waited for without end. This one is broken after 30 seconds.
    """

    def __init__(self, path: Path):
        super().__init__(str(path))
        self.path = path

    def acquire(self) -> bool:
        held = super().acquire()
        with self.path.open("rb+") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - 1, 0))
            if size and file.read(1) != b"\n":
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)
        return held


def path_beside(output: str | Path) -> Path:
    """Return where the journal of the study that makes this file lies."""
    return Path(output).with_suffix(".journal")


def study(path: Path, key: str, pruner: optuna.pruners.BasePruner) -> optuna.Study:
    """Return the study of this key in a journal; other keys share the file unseen.

    Raises
    ------
    BadInput
        If the lines of the journal contradict each other.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return optuna.create_study(
            storage=JournalStorage(JournalFileBackend(str(path), Lock(path))),
            pruner=pruner,
            study_name=key,
            load_if_exists=True,
        )
    except DAMAGE as error:
        raise BadInput(
            f"{path} cannot be replayed ({type(error).__name__}: {error}); delete it, "
            "and the study starts afresh"
        ) from None


def mend(path: Path):
    """Make the journal of a killed job readable: no lock, no line that is damaged.

    A journal is cut before its first damaged line; what stood before is a study as it
    was at that moment, so the trials after it are done again. Only for the owner of a
    study, before its workers begin.
    """
    if not path.exists():
        return
    Path(f"{path}.lock").unlink(missing_ok=True)
    lines = path.read_bytes().splitlines(keepends=True)
    whole = next((n for n, line in enumerate(lines) if not _whole(line)), len(lines))
    if whole < len(lines):
        print(f"{path} is damaged in line {whole + 1}: what follows is done again")
        os.truncate(path, sum(map(len, lines[:whole])))


def _whole(line: bytes) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:
        return False
    return line.endswith(b"\n") and isinstance(entry, dict) and "op_code" in entry


def kept(study: optuna.Study) -> list[FrozenTrial]:
    """Return the trials that count, in order; one given up has failed."""
    trials = study.get_trials(deepcopy=False)
    return [trial for trial in trials if trial.state != TrialState.FAIL]


def give_up_running(study: optuna.Study):
    """Fail the trials that a killed worker left running, so that they are redone."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
        print(f"trial {trial.number} was interrupted and is done again")


def drop(path: Path):
    """Delete the journal, once the outputs of its job are written."""
    path.unlink(missing_ok=True)
