"""The house rules: who may import what, and how long things may be."""

import ast
import graphlib
import re

import pytest

from project import (
    PACKAGE,
    ROOT,
    SCRIPTS,
    SRC,
    closure,
    first_party,
    modules,
    problems,
    third_party,
    tree,
)

# Floors from the ground up, rooms of a floor from left to right. A module may import
# only rooms that stand before its own (and its own, where the room is a folder).
FLOORS = [
    "errors designs tuningcheck attributioncheck statisticscheck sourcecheck "
    "armscheck softgroupcheck checks grid provenance universe flops eras workload cost "
    "armcost",
    "schemas storage registry job device checkpoints meter",
    "extras sidecar politeness transfer connection web zipped "
    "textfile fixedwidth gaps queries workbook localdays loads sessions bars sharadar "
    "states gridphysics demand eia_api plants spoiling simulate sources "
    "defects repairs origins revisions raw inventory tables quality "
    "solar domains",
    "coverage scaling splits audit windows batching trainset dataset sampling",
    "modalities",
    "layers models design baselines",
    "progress capacity gradients recording training together journal search tuning "
    "forecasting run studies",
    "statistics metrics perturbing explaining variants attribution drift "
    "signals arena ledger multiverse evidence claimsfile claims",
    "plotting facts manual standing planning sections report tracking bundle softgroup",
]
ORDER = [room for floor in FLOORS for room in floor.split()]
GROUND = set(" ".join(FLOORS[:2]).split())
# Rooms that import less than their place in the order would allow.
NARROW = {
    "statistics": GROUND | {"statistics"},
    "metrics": GROUND | {"statistics", "metrics"},
    "plotting": GROUND | {"plotting"},
    "report": GROUND | {"standing", "sections", "report"},
}
WITHOUT_TORCH = [
    "statistics",
    "metrics",
    "periods",
    "drift",
    "signals",
    "arena",
    "ledger",
    "plotting",
    "standing",
]
WITHOUT_TORCH += ["sections", "report", "bundle"]
SCRIPT_FILES = sorted(SCRIPTS.glob("*.py"))


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def edges() -> list[tuple[str, str]]:
    """Return (importer, imported) for all imports between modules."""
    return [
        (module, target)
        for module, path in modules().items()
        for target in sorted(first_party(path) - {PACKAGE})
    ]


def in_rooms(names: list[str]) -> list[str]:
    return [module for module in modules() if room(module) in names]


def test_every_room_has_its_place_in_the_order():
    unknown = sorted({room(module) for module in modules()} - {"", *ORDER})
    assert not unknown, f"name the place of {unknown} in FLOORS of {__file__}"


def test_no_module_imports_a_room_above_or_to_the_right():
    place = {name: index for index, name in enumerate(ORDER)}
    found = [
        f"{module} imports {target}, which stands above or to the right of it"
        for module, target in edges()
        if place.get(room(target), -1) > place.get(room(module), len(ORDER))
    ]
    assert not found, problems(found)


def test_statistics_metrics_and_the_roof_import_only_the_ground():
    found = [
        f"{module} imports {target}"
        for module, target in edges()
        if room(module) in NARROW and room(target) not in NARROW[room(module)]
    ]
    assert not found, problems(found)


def test_no_imports_go_in_a_circle():
    graph: dict[str, set[str]] = {}
    for module, target in edges():
        graph.setdefault(module, set()).add(target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as circle:
        pytest.fail(" <- ".join(circle.args[1]))


def test_the_base_floor_needs_the_standard_library_only():
    found = {
        module: sorted(third_party(modules()[module]))
        for module in in_rooms(FLOORS[0].split())
        if third_party(modules()[module])
    }
    assert not found


@pytest.mark.parametrize("name", WITHOUT_TORCH)
def test_rooms_that_only_read_tables_do_not_reach_torch(name):
    found = [
        f"{module} reaches {path.relative_to(SRC)}, which imports torch"
        for module in in_rooms([name])
        for path in closure(modules()[module])
        if "torch" in third_party(path)
    ]
    assert not found, problems(found)


def test_modules_have_at_most_200_lines():
    sizes = {m: len(p.read_text().splitlines()) for m, p in modules().items()}
    long = [f"{module}: {size} lines" for module, size in sizes.items() if size > 200]
    assert not long, problems(long)


def test_functions_have_at_most_40_lines():
    found = [
        f"{module}.{node.name}, line {node.lineno}: {length} lines"
        for module, path in modules().items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := node.end_lineno - node.lineno + 1) > 40
    ]
    assert not found, problems(found)


def test_package_init_files_are_empty():
    found = [
        str(p.relative_to(ROOT)) for p in SRC.rglob("__init__.py") if p.read_text()
    ]
    assert not found


def test_imports_are_absolute():
    found = [
        f"{path.relative_to(ROOT)}, line {node.lineno}"
        for path in [*modules().values(), *SCRIPT_FILES]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not found, problems(found)


def defines(node: ast.stmt) -> bool:
    """Tell whether a statement at the top of a module has no effect beyond names."""
    kinds = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    if isinstance(node, (*kinds, ast.ClassDef, ast.FunctionDef)):
        return True
    if isinstance(node, ast.If):
        test = ast.unparse(node.test)
        return test in ("__name__ == '__main__'", "TYPE_CHECKING")
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_importing_a_module_only_defines_things():
    found = [
        f"{path.relative_to(ROOT)}, line {node.lineno}: {ast.unparse(node)[:60]}"
        for path in modules().values()
        for node in tree(path).body
        if not defines(node)
    ]
    assert not found, problems(found)


def test_scripts_are_short_and_define_nothing():
    found = []
    for path in SCRIPT_FILES:
        if len(path.read_text().splitlines()) > 20:
            found.append(f"{path.name} has more than 20 lines")
        if any(
            hasattr(node, "body") and hasattr(node, "name") for node in tree(path).body
        ):
            found.append(f"{path.name} defines a function or a class")
    assert not found, problems(found)


def test_rule_files_import_only_what_a_small_driver_environment_has():
    allowed = {f"{PACKAGE}.{name}" for name in FLOORS[0].split()}
    found = []
    for path in [ROOT / "Snakefile", *sorted((ROOT / "rules").glob("*.smk"))]:
        lines = re.findall(r"^(?:from|import) .*", path.read_text(), re.MULTILINE)
        for node in ast.parse("\n".join(lines)).body:
            names = {alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                inner = {f"{node.module}.{name}" for name in names}
                names = inner if node.module == PACKAGE else {node.module}
            wrong = {n for n in names if n.startswith(PACKAGE)} - allowed
            found += [f"{path.name} imports {name}" for name in sorted(wrong)]
    assert not found, problems(found)
