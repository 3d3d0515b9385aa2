"""Each environment file can be solved, as far as the package index knows.

The packages offered to the solver are those installed here, with the dependencies they
declare to the package index. conda-forge may declare others, so this is no proof that
the files solve there; it finds unknown packages, wrong versions and pins at odds.
"""

import asyncio
import json
import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from project import ROOT, conda, environment, normal

rattler = pytest.importorskip("rattler")
exceptions = pytest.importorskip("rattler.exceptions")

MARKERS = {
    "extra": "",
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.11.15",
    "python_version": "3.11",
    "sys_platform": "linux",
}
PLAIN = sorted(p.stem for p in (ROOT / "envs").glob("*.yaml") if p.stem != "torch-gpu")


def record(name: str, version: str, depends: list[str], build: str = "0") -> dict:
    hashes = {"sha256": 64 * "0", "md5": 32 * "0"}
    place = {"subdir": "linux-64", "size": 0, "build": build, "build_number": 0}
    return {"name": name, "version": version, "depends": depends} | place | hashes


def specifier(requirement: Requirement) -> str:
    """Write a requirement in conda's language."""
    parts = []
    for part in sorted(requirement.specifier, key=str):
        version = part.version.removesuffix(".*")
        if part.operator == "~=":
            base = version.rsplit(".", 1)[0]
            parts += [f">={version}", f"={base}"]
        elif part.version.endswith(".*") and part.operator == "==":
            parts.append(f"={version}")
        else:
            parts.append(f"{part.operator}{version}")
    name = conda(normal(requirement.name))
    return f"{name} {','.join(parts)}".strip()


def depends(found: metadata.Distribution) -> list[str]:
    lines = [re.sub(r"\s*;", " ;", line) for line in found.requires or []]
    needed = [Requirement(line) for line in lines]
    return [specifier(r) for r in needed if not r.marker or r.marker.evaluate(MARKERS)]


def gpu_records() -> list[dict]:
    """Return builds of the shape that conda-forge's recipe of pytorch has."""
    torch = depends(metadata.distribution("torch"))
    made = [record("pytorch", "2.13.0", torch, "cpu0")]
    for cuda in ("12.9", "13.0"):
        build = f"cuda{cuda.replace('.', '')}"
        made.append(record("cuda-version", cuda, []))
        needs = ["__cuda", f"cuda-version {cuda}.*"]
        made.append(record("pytorch", "2.13.0", torch + needs, build))
        twin = [f"pytorch 2.13.0 {build}"]
        made.append(record("pytorch-gpu", "2.13.0", twin, build))
    return made


@pytest.fixture(scope="module")
def channel(tmp_path_factory):
    """Return a channel of what is installed here, without payload."""
    made = [record("python", "3.11.15", [])] + gpu_records()
    for found in metadata.distributions():
        name = conda(normal(found.name))
        if name not in ("pytorch", "seqshift"):
            version = found.version.split("+")[0]
            made.append(record(name, version, depends(found)))
    folder = tmp_path_factory.mktemp("channel")
    for subdir in ("linux-64", "noarch"):
        (folder / subdir).mkdir()
        chosen = made if subdir == "linux-64" else []
        files = {f"{r['name']}-{r['version']}-{r['build']}.conda": r for r in chosen}
        content = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": files}
        (folder / subdir / "repodata.json").write_text(json.dumps(content))
    return folder.as_uri()


def solve(channel: str, env: str, cuda: str = "") -> dict[str, str]:
    """Return {package: build} of a solution."""
    virtual = []
    if cuda:
        name, version = rattler.PackageName("__cuda"), rattler.Version(cuda)
        zero = rattler.BuildString("0")
        virtual.append(rattler.GenericVirtualPackage(name, version, zero))
    specs = environment(env)["dependencies"]
    platforms = ["linux-64", "noarch"]
    solution = asyncio.run(
        rattler.solve([channel], specs, platforms=platforms, virtual_packages=virtual)
    )
    return {found.name.normalized: str(found.build) for found in solution}


@pytest.mark.parametrize("env", PLAIN)
def test_an_environment_file_solves_on_the_package_index_metadata(channel, env):
    found = solve(channel, env)
    wanted = {line.split(" =")[0] for line in environment(env)["dependencies"]}
    assert wanted <= found.keys()


def test_the_gpu_environment_gives_a_cuda_build_of_the_wanted_version(channel):
    assert solve(channel, "torch-gpu", cuda="12.9")["pytorch"] == "cuda129"


def test_the_gpu_environment_fails_where_there_is_no_cuda(channel):
    with pytest.raises(exceptions.SolverError, match="__cuda"):
        solve(channel, "torch-gpu")
