"""Entities named in a table: who is seen in training, and what a region consists of.

A table of config/universe begins with the columns entity, split (seen, unseen or none)
and stratum. One of companies may have permaticker. One of load regions has timezone,
states, series and stations, the last three with spaces between their parts, series and
stations as `source:name`.
"""

import csv
import hashlib
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from seqshift.errors import BadInput, choose

SPLITS = ("seen", "unseen", "none")
_SALT = "seqshift-unseen-v1:"
_ENTITY = ("entity", "split", "stratum")
_REGION = ("timezone", "states", "series", "stations")


@dataclass(frozen=True)
class Entity:
    """A row of a table; `region` is None where the table has no such columns."""

    name: str
    split: str
    stratum: str
    region: dict | None = None
    permaticker: str = ""


def resolve(config: dict, root: Path) -> dict:
    """Return the configuration with what the tables say in place of each `universe`.

    A domain gets its lists `seen` and `unseen` and, from a table of regions, `regions`;
    a world and a query get a list of names, a world of regions their states and time
    zones too, a query the permatickers there are. Entities of split none are left out;
    names are sorted. Paths are relative to `root`, the repository.

    Raises
    ------
    BadInput
        One sentence with file, line and column of what is wrong with a table.
    """
    config = deepcopy(config)
    for name, spec in config["domains"].items():
        if path := spec["entities"].get("universe"):
            spec |= _of_domain(name, spec["entities"], root / path)
    for spec in config["worlds"].values():
        if isinstance(spec["entities"], dict):
            spec |= _of_world(root / spec["entities"]["universe"])
    for spec in config["sources"].values():
        query = spec.get("query", {})
        if isinstance(query.get("names"), dict):
            query |= _of_query(root / query["names"]["universe"])
    return config


def _of_domain(name: str, chosen: dict, path: Path) -> dict:
    table = read(path)
    seen, unseen = split(table, chosen.get("folds"), chosen.get("fold"))
    if not seen:
        what = f"no entity is seen, domain {name} cannot be trained; mark one as seen"
        raise BadInput(f"{path}, column split: {what}")
    regions = _regions(table)
    entities = {"seen": seen, "unseen": unseen}
    return {"entities": entities} | ({"regions": regions} if regions else {})


def _of_world(path: Path) -> dict:
    table = read(path)
    regions = _regions(table).items()
    parts = {
        "states": {name: region["states"][0] for name, region in regions},
        "timezones": {name: region["timezone"] for name, region in regions},
    }
    return {"entities": _names(table)} | (parts if regions else {})


def _of_query(path: Path) -> dict:
    table = read(path)
    numbers = {e.name: e.permaticker for e in table if e.permaticker}
    return {"names": _names(table)} | ({"permatickers": numbers} if numbers else {})


def split(
    table: list[Entity], folds: int | None = None, fold: int | None = None
) -> tuple[list[str], list[str]]:
    """Return the sorted names of the seen and of the unseen entities.

    With `folds`, the entities of each stratum in the order of a hash of their names
    are dealt in turn; the members of `fold` are unseen. Each entity is unseen in one
    fold, and the sizes of two folds differ by one at most.

    Raises
    ------
    BadInput
        If there is no such fold, or there are fewer entities than folds.
    """
    members = [entity for entity in table if entity.split != "none"]
    if folds is None:
        chosen = {entity.name for entity in members if entity.split == "unseen"}
    else:
        if fold >= folds or folds > len(members):
            raise BadInput(
                f"there is no fold {fold} of {folds} for {len(members)} entities; "
                "count folds from 0, and have no more folds than entities"
            )
        dealt = sorted(members, key=lambda entity: (entity.stratum, _hash(entity.name)))
        chosen = {entity.name for entity in dealt[fold::folds]}
    names = _names(table)
    return [n for n in names if n not in chosen], [n for n in names if n in chosen]


def read(path: Path) -> list[Entity]:
    """Return the rows of a table, checked.

    Raises
    ------
    BadInput
        Naming the file and the line and column at fault.
    """
    if not path.is_file():
        raise BadInput(f"{path} not found; it should be a table of entities")
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        reader = csv.DictReader(file, restkey="")
        _check_header(path, reader.fieldnames or [])
        found: dict[str, Entity] = {}
        for row in reader:
            entity = _entity(path, reader.line_num, row)
            if entity.name in found:
                what = f"'{entity.name}' stands on a line before; delete one of the two"
                raise _wrong(path, reader.line_num, "entity", what)
            found[entity.name] = entity
    return list(found.values())


def _check_header(path: Path, header: list[str]) -> None:
    if tuple(header[:3]) != _ENTITY:
        raise BadInput(
            f"{path}, line 1 begins with '{','.join(header[:3])}'; a table of entities "
            f"begins with the columns {','.join(_ENTITY)}"
        )
    missing = set(_REGION) - set(header)
    if missing and missing != set(_REGION):
        what = f"lacks {min(missing)}; a table of regions has {', '.join(_REGION)}"
        raise BadInput(f"{path}, line 1 {what}")


def _check_row(path: Path, line: int, row: dict) -> None:
    if "" in row or None in row.values():
        raise BadInput(f"{path}, line {line} has not as many fields as line 1; mend it")
    if row["split"] not in SPLITS:
        raise choose(f"split on line {line} of {path}:", row["split"], list(SPLITS))
    for column in ("entity", "timezone", "states"):
        if not row.get(column, "given").strip():
            raise _wrong(path, line, column, "is empty; fill it in")


def _entity(path: Path, line: int, row: dict) -> Entity:
    _check_row(path, line, row)
    region = None
    if "timezone" in row:
        region = {"timezone": row["timezone"], "states": row["states"].split()}
        for column in ("series", "stations"):
            region[column] = _tokens(path, line, column, row[column])
    return Entity(*(row[c] for c in _ENTITY), region, row.get("permaticker", ""))


def _tokens(path: Path, line: int, column: str, cell: str) -> dict[str, list[str]]:
    """Return source -> names of `source:name` tokens."""
    found: dict[str, list[str]] = {}
    for token in cell.split():
        source, colon, name = token.partition(":")
        if not (source and colon and name):
            raise _wrong(path, line, column, f"'{token}' is no source:name")
        found.setdefault(source, []).append(name)
    return found


def _wrong(path: Path, line: int, column: str, what: str) -> BadInput:
    return BadInput(f"{path}, line {line}, column {column}: {what}")


def _names(table: list[Entity]) -> list[str]:
    return sorted(entity.name for entity in table if entity.split != "none")


def _regions(table: list[Entity]) -> dict[str, dict]:
    used = (entity for entity in table if entity.split != "none")
    return {entity.name: entity.region for entity in used if entity.region}


def _hash(name: str) -> str:
    return hashlib.sha256((_SALT + name).encode()).hexdigest()
