"""What a script does first."""

import subprocess
import sys

from project import SRC
from seqshift import job

SCRIPT = """
import os, sys
from seqshift import job
print("before")
job.log_to(sys.argv[1])
print("to the log")
os.write(2, b"of compiled code\\n")
print("for the user", file=job.console())
"""


def test_output_goes_to_the_log_and_the_console_stays_with_the_user(tmp_path):
    log = tmp_path / "logs" / "job.log"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(log)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(SRC)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "before\nfor the user\n"
    first, *rest = log.read_text().splitlines()
    assert first.startswith("{") and rest == ["to the log", "of compiled code"]


def test_without_a_log_the_console_is_the_standard_output(capsys):
    print("hello", file=job.console())
    assert capsys.readouterr().out == "hello\n"
