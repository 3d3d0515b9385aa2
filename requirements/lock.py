"""Compile pyproject.toml into the hashed locks of this folder (`make locks`).

Usage: lock.py UV WHEELS [OPTION ...], where UV is the uv command and WHEELS a folder
with the official CPU wheel of torch; further options (--upgrade) go to uv.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

LOCKS = Path(__file__).parent
PROJECT = LOCKS.parent / "pyproject.toml"
STANZA = re.compile(r"^([a-z0-9][a-z0-9.-]*)==\S.*\n(?:[ \t]+\S.*\n)*", re.MULTILINE)


def stanzas(text: str) -> dict[str, str]:
    """Split a lock into {package name: pin with its hashes}."""
    return {match[1]: match[0] for match in STANZA.finditer(text)}


def compile_lock(
    uv: str, target: Path, options: list[str], source: Path = PROJECT
) -> dict[str, str]:
    """Compile the dependencies in `source`; pins already in `target` are kept."""
    target.touch()
    command = [uv, "pip", "compile", "--quiet", str(source), "--generate-hashes"]
    command += ["--python-version", "3.11", "--no-header", "--no-annotate"]
    command += ["--python-platform", "x86_64-manylinux_2_28"]
    subprocess.run(
        [*command, *options, "-o", str(target)], check=True, stdout=subprocess.DEVNULL
    )
    return stanzas(target.read_text())


def write(name: str, pins: dict[str, str]) -> None:
    """Write a lock and say how many packages it pins."""
    (LOCKS / name).write_text("".join(pins[package] for package in sorted(pins)))
    print(f"requirements/{name}: {len(pins)} packages", flush=True)


def main(uv: str, wheels: str, *options: str) -> None:
    """Write the CPU, CUDA and add-on locks, and those of the environments apart."""
    extras = tomllib.loads(PROJECT.read_text())["project"]["optional-dependencies"]
    find = ["--find-links", wheels, *options]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        cpu = compile_lock(uv, LOCKS / "cpu.txt", find)
        if "+cpu" not in cpu["torch"]:
            sys.exit(f"no CPU wheel of torch in {wheels}: see `make locks` in Makefile")
        write("cpu.txt", cpu)
        write("torch-cpu.txt", {"torch": cpu["torch"]})
        shared = scratch / "shared.txt"  # torch differs, everything else must agree
        shared.write_text("".join(v for k, v in cpu.items() if k != "torch"))
        cuda = LOCKS / "cuda.txt"
        write("cuda.txt", compile_lock(uv, cuda, ["-c", str(shared), *options]))
        for extra in extras:
            lock, addon = scratch / f"{extra}.txt", LOCKS / f"{extra}.txt"
            lock.write_text(addon.read_text() if addon.exists() else "")
            core = ["--extra", extra, "-c", str(LOCKS / "cpu.txt")]
            pins = compile_lock(uv, lock, [*find, *core])
            if changed := [k for k in cpu if pins.get(k) != cpu[k]]:
                sys.exit(f"extra {extra} changes the core's {', '.join(changed)}")
            write(f"{extra}.txt", {k: v for k, v in pins.items() if k not in cpu})
    for source in sorted(LOCKS.glob("*.in")):
        lock = source.with_suffix(".txt")
        write(lock.name, compile_lock(uv, lock, find, source))


if __name__ == "__main__":
    main(*sys.argv[1:])
