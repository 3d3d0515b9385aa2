"""The project as text: its modules, their imports, its rules and environments."""

import ast
import re
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
SCRIPTS = ROOT / "workflow" / "scripts"
PACKAGE = "seqshift"
# Names that differ between the package index and conda-forge.
CONDA = {"torch": "pytorch", "matplotlib": "matplotlib-base"}
RULE = re.compile(r"^(?:use )?rule (\w+)(?: as (\w+) with)?:$", re.MULTILINE)


@cache
def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name."""
    found = {}
    for path in sorted(SRC.rglob("*.py")):
        parts = path.relative_to(SRC).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the dotted names a file imports, at any depth; modules where it can."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            joined = {f"{node.module}.{alias.name}" for alias in node.names}
            inner = joined & modules().keys()
            names |= inner if inner == joined else inner | {node.module}
    return frozenset(names)


def first_party(path: Path) -> set[str]:
    return set(imports(path)) & modules().keys()


def third_party(path: Path) -> set[str]:
    tops = {name.split(".")[0] for name in imports(path)}
    return tops - set(sys.stdlib_module_names) - {PACKAGE, "snakemake"}


def closure(*starts: Path) -> set[Path]:
    """Return the files reached from some files by imports within the package."""
    found, waiting = set(), list(starts)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [modules()[name] for name in first_party(path)]
    return found


@dataclass(frozen=True)
class Rule:
    """A script rule.

    Where it stands, its script and environments, the modules its code digest names
    beside the script, and the environment that the digest covers.
    """

    place: str
    script: Path
    envs: tuple[str, ...]
    declared: tuple[str, ...]
    digest: str


def rules() -> dict[str, Rule]:
    """Return every rule that runs a script, read from the text of the rule files."""
    found: dict[str, Rule] = {}
    common = (ROOT / "rules" / "common.smk").read_text()
    for file in sorted((ROOT / "rules").glob("*.smk")):
        text = file.read_text()
        heads = [*RULE.finditer(text)]
        ends = [head.start() for head in heads[1:]] + [len(text)]
        for head, end in zip(heads, ends, strict=False):
            body = text[head.end() : end]
            parent = found.get(head[1]) if head[2] else None
            name, place = head[2] or head[1], f"{file.name}: rule {head[2] or head[1]}"
            script = re.search(r"script:\s+\"([^\"]+)\"", body)
            path = (file.parent / script[1]).resolve() if script else None
            if path or parent:
                found[name] = Rule(
                    place,
                    path or parent.script,
                    _envs(body, common) or (parent.envs if parent else ()),
                    _declared(body) or (parent.declared if parent else ()),
                    (
                        re.findall(r"env=\"([\w-]+)\"", body)
                        or [parent.digest if parent else ""]
                    )[0],
                )
    return found


def _envs(body: str, common: str) -> tuple[str, ...]:
    """Return the environments of a rule; a function's are those in its text."""
    value = re.search(r"conda:\s+(\S.*)", body)
    if value is None:
        return ()
    text = value[1]
    if call := re.fullmatch(r"(\w+)\(\)", text):
        text = re.search(rf"def {call[1]}\(.*?\n(?=\S)", common, re.DOTALL)[0]
    return tuple(re.findall(r"envs/([\w-]+)\.yaml", text))


def _declared(body: str) -> tuple[str, ...]:
    """Return the modules that a rule's code digest names beside its script."""
    text = re.search(r"code=(code\([^()]*\))", body)
    if text is None:
        return ()
    call = ast.parse(text[1], mode="eval").body
    named = [f"{PACKAGE}.{ast.literal_eval(value)}" for value in call.args[1:]]
    for keyword in call.keywords:
        if keyword.arg != "env":  # a section: whichever plug-in the wildcard selects
            prefix = f"{PACKAGE}.{keyword.arg}."
            named += [name for name in modules() if name.startswith(prefix)]
    return tuple(named)


def metadata_of_project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def normal(name: str) -> str:
    """Return the canonical spelling of a package name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct(requirements: list[str]) -> dict[str, str]:
    """Return {package: version} of `name==version` lines."""
    return {normal(line.split("==")[0]): line.split("==")[1] for line in requirements}


def conda(package: str) -> str:
    return CONDA.get(package, package)


@cache
def providers() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def distribution(module: str) -> str:
    """Return the distribution that a top-level module comes from."""
    found = providers().get(module)
    assert found, f"no installed distribution provides the module {module}"
    return normal(found[0])


def packages(env: str) -> dict[str, str]:
    """Return {package: version} of an environment file."""
    return dict(line.split(" =") for line in environment(env)["dependencies"])


@cache
def environment(name: str) -> dict:
    return yaml.safe_load((ROOT / "envs" / f"{name}.yaml").read_text())


def problems(found: list[str]) -> str:
    return "\n" + "\n".join(found)
