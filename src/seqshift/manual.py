"""Pages and tables that are generated: configuration keys, sources, data rules.

Run `python -m seqshift.manual config/schema.yaml > config/README.md` to regenerate the
table of keys, and `python -m seqshift.manual docs/data.md` for the tables of that page.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from seqshift.repairs import RULES

HEAD = """# Configuration

`config.yaml` is the demo and holds every value of a run, `sources.yaml` what is known
of each kind of source ([docs/data.md](../docs/data.md) shows it). All other files are
overlays: `snakemake -c2 all --configfile config/pilot.yaml`. Mappings merge, lists
replace, later files win.

| overlay | what it changes |
|---|---|
| `smoke.yaml` | the smallest sizes, for tests |
| `pilot.yaml` | real data from a mirror folder, reduced sizes |
| `laptop.yaml` | over `pilot.yaml`: soft groups in about an hour on two cores |
| `official.yaml` | the data of the study: official endpoints, 66 tickers, 48 states |
| `simulated.yaml` | over `official.yaml`: the same sources and sizes, simulated |
| `paper.yaml` | over `official.yaml` or `pilot.yaml`: full model sizes, ten seeds |

`<name>` stands for a name of your choice. This page is generated from `schema.yaml`.

"""
_PLAIN = {"array": "list", "object": "mapping"}


def table(schema: dict) -> str:
    """Return the markdown page of all keys of a schema."""
    rows = [(f"`{key}`", kind, text) for key, kind, text in keys(schema)]
    return HEAD + _markdown([("key", "type", "meaning"), *rows])


def keys(schema: dict) -> Iterator[tuple[str, str, str]]:
    """Yield (dotted key, type or choices, description) of every key."""
    yield from _keys(schema, schema["$defs"], "")


def sources(catalogue: dict) -> str:
    """Return the markdown table of what each kind of source gives, on what terms."""
    rows = []
    for kind, spec in catalogue.items():
        passed = "yes" if spec["redistributable"] else "no"
        key = f"`{spec['key']}`" if "key" in spec else "none"
        tried = ["simulated files", *(f"`{name}`" for name in spec["tried"]["mirror"])]
        tried += ["imitated endpoint"] if spec["tried"]["imitation"] else []
        cells = (spec["title"], spec["coverage"], spec["licence"], passed, key)
        rows.append((f"`{kind}`", *cells, ", ".join(tried)))
    head = ("kind", "data", "coverage", "licence", "passed on", "key", "tried on")
    return _markdown([head, *rows])


def addresses(catalogue: dict) -> str:
    """Return the markdown table of the kinds that can be downloaded, and from where."""
    rows = []
    for kind, spec in catalogue.items():
        if "url" in spec:
            places = [f"`{spec[key]}`" for key in ("url", "archive") if key in spec]
            limits = [f"{count:,} in {s:,} s" for count, s in spec.get("limits", [])]
            rows.append((f"`{kind}`", ", else ".join(places), ", ".join(limits)))
    return _markdown([("kind", "address", "most requests"), *rows])


def notes(catalogue: dict) -> str:
    """Return a markdown list of what to know before obtaining some of the kinds."""
    found = {k: spec["note"] for k, spec in catalogue.items() if "note" in spec}
    return "".join(f"- `{kind}`: {note}\n" for kind, note in found.items())


def rules() -> str:
    """Return the markdown table of the data rules."""
    order = sorted(RULES, key=lambda name: (name[0], len(name.rstrip("ab")), name))
    rows = [(name, RULES[name].action, RULES[name].meaning) for name in order]
    return _markdown([("rule", "value", "meaning"), *rows])


def fill(page: str, parts: dict[str, str]) -> str:
    """Return a page with the text between `<!-- name -->` marks replaced, by name."""
    for name, text in parts.items():
        start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        head, _, rest = page.partition(start)
        page = head + start + text + rest[rest.index(end) :]
    return page


def data_page(page: str, catalogue: dict) -> str:
    """Return docs/data.md with its tables as they should be."""
    makers = {"sources": sources, "addresses": addresses, "notes": notes}
    parts = {name: make(catalogue) for name, make in makers.items()}
    return fill(page, parts | {"rules": rules()})


def _markdown(rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |\n" for row in rows]
    return "".join([lines[0], "|" + "---|" * len(rows[0]) + "\n", *lines[1:]])


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
    kinds = entry["type"] if isinstance(entry["type"], list) else [entry["type"]]
    return " or ".join(_PLAIN.get(kind, kind) for kind in kinds)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    if path.suffix == ".md":
        known = yaml.safe_load(Path("config/sources.yaml").read_text())["catalogue"]
        path.write_text(data_page(path.read_text(), known))
    else:
        print(table(yaml.safe_load(path.read_text())), end="")
