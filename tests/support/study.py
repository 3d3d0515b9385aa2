"""A copy of the repository in a temporary folder, and Snakemake run in it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
PARTS = "Snakefile rules config workflow envs src profiles slurm CITATION.cff".split()
SMOKE = ("--configfile", "config/smoke.yaml")


def copy(folder: Path) -> Path:
    """Copy what a run needs, without results or caches."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source, target = REPO / part, folder / part
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy2(source, target)
    return folder


def snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run Snakemake in a folder with targets first; return code and joined output."""
    command = [sys.executable, "-m", "snakemake", "-c2", *arguments]
    return subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def planned(folder: Path, *arguments: str) -> set[tuple[str, str]]:
    """Return (rule, wildcards) of every job that a dry run would start."""
    done = snakemake(folder, *arguments, "-n")
    assert done.returncode == 0, done.stdout
    return jobs(done.stdout)


def jobs(text: str) -> set[tuple[str, str]]:
    """Return (rule, wildcards) of every job that a dry run has printed."""
    found = set()
    for job in re.split(r"\n(?=\[)", text):
        rule = re.search(r"^(?:local)?rule (\w+):$", job, re.M)
        wildcards = re.search(r"^    wildcards: (.*)$", job, re.M)
        if rule and rule[1] != "all":
            found.add((rule[1], wildcards[1] if wildcards else ""))
    return found


def rule_graph(folder: Path) -> set[tuple[str, str]]:
    """Return the edges (rule, rule that needs it) of the whole graph."""
    text = snakemake(folder, "all", "--rulegraph", "mermaid-js").stdout
    names = dict(re.findall(r"^\s*(id\d+)\[(\w+)\]$", text, re.M))
    edges = re.findall(r"^\s*(id\d+) --> (id\d+)$", text, re.M)
    return {(names[first], names[second]) for first, second in edges}
