"""What counts as the code and the environment of a job.

Snakemake tracks neither imported modules nor, soundly, the text of a script. Every
rule therefore carries a digest of its script, of the first-party modules the script
imports, of the plug-ins its wildcards select and of its environment's packages.
Comments, docstrings and blank lines do not count; they are dropped by position in
the text, because `ast.dump` differs between Python versions.
"""

import ast
import hashlib
import io
import tokenize
from functools import cache
from pathlib import Path

PACKAGE = "seqshift"


@cache
def digest(root: Path, script: str, modules: tuple[str, ...], env: str) -> str:
    """Return 16 hex digits over code and declared packages.

    `root` is the repository, `script` a path below it, `modules` plug-ins such as
    "seqshift.models.mlp", `env` the name of a file in envs/.
    """
    found = {root / script: None}
    for module in modules:
        _follow(module, root, found)
    _follow_imports(root / script, root, found)
    state = hashlib.sha256()
    for path in sorted(found):
        state.update(path.relative_to(root).as_posix().encode())
        state.update(essence(path).encode())
    state.update("\n".join(packages(root / "envs" / f"{env}.yaml")).encode())
    return state.hexdigest()[:16]


def packages(path: Path) -> list[str]:
    """Return the sorted dependency lines of an environment file."""
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return sorted(line for line in lines if line.startswith("- "))


@cache
def essence(path: Path) -> str:
    """Return the text of a Python file without comments, docstrings, blank lines."""
    text = path.read_text()
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(_tree(path)):
        if _has_docstring(node):
            quoted = node.body[0]
            for row in range(quoted.lineno, quoted.end_lineno + 1):
                lines[row - 1] = ""
    return "\n".join(line.rstrip() for line in lines if line.strip())


@cache
def imports(path: Path, root: Path) -> list[str]:
    """Return the first-party modules that a file imports, anywhere in it."""
    names = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    first = [name for name in names if name.split(".")[0] == PACKAGE]
    return [name for name in dict.fromkeys(first) if _locate(name, root)]


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def _has_docstring(node: ast.AST) -> bool:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    if not isinstance(node, kinds) or not node.body:
        return False
    first = node.body[0]
    return (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )


@cache
def _locate(module: str, root: Path) -> Path | None:
    stem = root.joinpath("src", *module.split("."))
    for path in (stem.with_suffix(".py"), stem / "__init__.py"):
        if path.is_file():
            return path
    return None


def _follow(module: str, root: Path, found: dict):
    path = _locate(module, root)
    if path is None:
        raise FileNotFoundError(f"no module {module} below {root / 'src'}")
    if path not in found:
        found[path] = None
        _follow_imports(path, root, found)


def _follow_imports(path: Path, root: Path, found: dict):
    for module in imports(path, root):
        _follow(module, root, found)
