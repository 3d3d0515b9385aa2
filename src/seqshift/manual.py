"""The table of configuration keys, generated from config/schema.yaml.

Run `python -m seqshift.manual config/schema.yaml > config/README.md` to regenerate it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

HEAD = """# Configuration

`config.yaml` is the demo and holds every value; `smoke.yaml`, `pilot.yaml` and
`paper.yaml` are overlays: `snakemake -c2 all --configfile config/pilot.yaml`.
Mappings merge, lists replace. `<name>` stands for a name of your choice. This table
is generated from `schema.yaml`.

| key | type | meaning |
|---|---|---|
"""


def table(schema: dict) -> str:
    """Return the markdown page of all keys of a schema."""
    rows = (f"| `{key}` | {kind} | {text} |" for key, kind, text in keys(schema))
    return HEAD + "\n".join(rows) + "\n"


def keys(schema: dict) -> Iterator[tuple[str, str, str]]:
    """Yield (dotted key, type or choices, description) of every key."""
    yield from _keys(schema, schema["$defs"], "")


def _keys(node: dict, shared: dict, prefix: str) -> Iterator[tuple[str, str, str]]:
    for name, entry in node.get("properties", {}).items():
        described = entry.get("description", "")
        entry = _resolve(entry, shared)
        if described:
            yield prefix + name, _kind(entry), described
        yield from _keys(entry, shared, f"{prefix}{name}.")
        below = entry.get("additionalProperties")
        if isinstance(below, dict):
            below = _resolve(below, shared)
            yield from _keys(below, shared, f"{prefix}{name}.<name>.")


def _resolve(entry: dict, shared: dict) -> dict:
    while "$ref" in entry:
        entry = shared[entry["$ref"].rsplit("/", 1)[1]]
    return entry


def _kind(entry: dict) -> str:
    if "enum" in entry:
        return ", ".join(entry["enum"])
    items = entry.get("items", {})
    if "enum" in items:
        return "list of " + ", ".join(items["enum"])
    return {"array": "list", "object": "mapping"}.get(entry["type"], entry["type"])


if __name__ == "__main__":
    print(table(yaml.safe_load(Path(sys.argv[1]).read_text())), end="")
