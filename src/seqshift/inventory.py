"""The raw files at hand, as a table for the user."""

from pathlib import Path

from seqshift import sidecar, storage

_HEAD = ("source", "file", "bytes", "sha256", "status")


def table(manifests: list[str]) -> str:
    """Return one line a raw file, and their total size and place."""
    lines, total = [_HEAD], 0
    for manifest in sorted(manifests):
        folder = Path(manifest).parent
        for entry in storage.read_json(manifest)["files"]:
            total += entry["bytes"]
            size, sha = f"{entry['bytes']:,}", entry["sha256"][:12]
            status = _status(folder / entry["name"], entry["sha256"])
            lines.append((folder.name, entry["name"], size, sha, status))
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    text = [_line(cells, widths) for cells in lines]
    root = Path(manifests[0]).parents[1] if manifests else "no source"
    return "\n".join([*text, f"{len(lines) - 1} files, {total:,} bytes in {root}/", ""])


def _status(path: Path, sha256: str) -> str:
    """Return whether a file is the one that was obtained, and what became of it."""
    if not path.is_file():
        return "missing"
    if sidecar.sha256(path) != sha256:
        return "altered"
    record = sidecar.path_of(path)
    known = storage.read_json(record)["status"] if record.is_file() else "unrecorded"
    return f"verified, {known}"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = [f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True)]
    padded[2] = cells[2].rjust(widths[2])
    return "  ".join(padded).rstrip()
