"""What jobs are predicted to take: operations, seconds and GPU-hours.

`snakemake -n TARGET | PYTHONPATH=src python -m seqshift.cost` prints what a dry run
would cost, by rule and by model; with the name of a page as argument it writes the
tables between the marks of that page.
"""

import math
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from seqshift import workload
from seqshift.errors import BadInput

HOUR, GIGA = 3600, 1e9
START, END = "<!-- cost -->\n", "<!-- end of cost -->"


@dataclass(frozen=True)
class Job:
    """A job that is left to do: its rule, its model, and its predicted seconds."""

    rule: str
    model: str
    seconds: int


def seconds(config: dict, rule: str, run: Mapping) -> int:
    """Return the predicted seconds of a job on the device of `accounting`.

    A kind of model without a closed form is taken to need the whole of
    `accounting.unknown_minutes`, so that a budget never counts it as free.
    """
    found = workload.operations(config, workload.expected(config, rule, run), run)
    if found is None:
        return 60 * config["accounting"]["unknown_minutes"]
    accounting = config["accounting"]
    kind = config["models"][run["model"]]["kind"]
    return math.ceil(priced(accounting, accounting["device"], kind, *found))


def priced(
    accounting: dict, device: str, kind: str, operations: int, batches: int
) -> float:
    """Return the seconds that some work takes on a device at its stated throughput."""
    rate = accounting["devices"][device][kind]
    work = operations / (GIGA * rate["gflops"]) + batches * rate["batch_ms"] / 1000
    return accounting["start_seconds"] + work


def minutes(config: dict, rule: str, run: Mapping, attempt: int) -> int:
    """Return the time limit of a job on the device of `accounting`."""
    return limit(config["accounting"], seconds(config, rule, run), attempt)


def limit(accounting: dict, predicted: int, attempt: int) -> int:
    """Return minutes: predicted seconds times the factor of safety, per attempt."""
    needed = accounting["safety"] * predicted / 60
    return attempt * max(accounting["least_minutes"], math.ceil(needed))


def keep_within(budget: dict | None, jobs: Iterable[Job]):
    """Refuse to go on if the jobs are predicted to take more than the budget.

    Raises
    ------
    BadInput
        One sentence and the cost by rule.
    """
    jobs = list(jobs)
    needed = sum(job.seconds for job in jobs) / HOUR
    if budget is not None and needed > budget["gpu_hours"]:
        raise BadInput(
            f"the {len(jobs)} GPU jobs left to do are predicted to take {needed:,.4g} "
            f"GPU-hours, more than budget.gpu_hours = {budget['gpu_hours']:g}: raise "
            "it, name fewer targets or use smaller models; nothing was run\n\n"
            f"{table(jobs, 'rule')}"
        )


def table(jobs: list[Job], key: str, title: str = "", unit: str = "GPU-hours") -> str:
    """Return a markdown table of the jobs by `key`, and of all of them.

    The first column has the title, or the name of the key.
    """
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(getattr(job, key), []).append(job)
    rows = [_row(name, groups[name]) for name in sorted(groups)]
    rows.append(_row("total", jobs))
    head = (title or key, "jobs", unit, "longest job (h)")
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = [f"{'-' * widths[0]}", *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    lines = [_line(head, widths), f"| {' | '.join(rule)} |"]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)]) + "\n"


def _row(name: str, jobs: list[Job]) -> tuple[str, ...]:
    total = sum(job.seconds for job in jobs) / HOUR
    longest = max((job.seconds for job in jobs), default=0) / HOUR
    return name, f"{len(jobs):,}", f"{total:,.3f}", f"{longest:,.3f}"


def _line(cells: Iterable[str], widths: list[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
    return f"| {' | '.join(cells)} |"


def read(
    text: str, resource: str = "gpu_seconds", wildcard: str = "model"
) -> list[Job]:
    """Return the jobs with predicted time in a resource that a dry run lists.

    The wildcard says what is run: the model of a job.

    Raises
    ------
    BadInput
        If the text is not the output of a dry run.
    """
    if not ("This was a dry-run" in text or "Nothing to be done" in text):
        raise BadInput(
            "the input is not the output of a dry run that went through; try the "
            "command before the pipe alone: snakemake -n TARGET"
        )
    found = []
    for block in re.split(r"\n(?=(?:local)?rule )", text):
        rule = re.match(r"(?:local)?rule (\w+):", block)
        took = re.search(rf"^    resources: .*\b{resource}=(\d+)", block, re.M)
        if rule and took:
            named = rf"^    wildcards: .*\b{wildcard}=([\w-]+)"
            model = re.search(named, block, re.M)
            name = model[1] if model else ""
            found.append(Job(rule[1], name, int(took[1])))
    return found


def page(text: str, jobs: list[Job]) -> str:
    """Return a page with the tables of the jobs between its marks.

    Raises
    ------
    BadInput
        If the page lacks one of the marks.
    """
    head, start, rest = text.partition(START)
    _, end, tail = rest.partition(END)
    if not (start and end):
        raise BadInput(
            f"the page lacks the line {START.strip()} or {END}, between which the "
            "tables go; put both in"
        )
    return head + start + tables(jobs) + end + tail


def tables(jobs: list[Job]) -> str:
    """Return the tables by rule and by model."""
    return f"{table(jobs, 'rule')}\n{table(jobs, 'model')}"


def main(arguments: list[str], text: str):
    """Print what a dry run would cost, or write it into the page that is named."""
    jobs = read(text)
    if not arguments:
        print(tables(jobs), end="")
        return
    path = Path(arguments[0])
    path.write_text(page(path.read_text(), jobs))


if __name__ == "__main__":
    try:
        main(sys.argv[1:], sys.stdin.read())
    except BadInput as problem:
        sys.exit(f"error: {problem}")
