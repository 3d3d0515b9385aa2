"""One version truth: pyproject.toml, the locks, envs/*.yaml and what is installed."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from project import (
    ROOT,
    conda,
    direct,
    distribution,
    environment,
    metadata_of_project,
    modules,
    normal,
    packages,
    problems,
    rules,
    third_party,
)

PROJECT = metadata_of_project()
CORE = PROJECT["dependencies"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = ROOT / "requirements"
ENVS = sorted(path.stem for path in (ROOT / "envs").glob("*.yaml"))
APART = sorted(path.stem for path in LOCKS.glob("*.in"))  # have a .venv-<name> each
# Not Python distributions, so in no lock.
UNLOCKED = {"python", "cuda-version"}
CUDA_ONLY = re.compile(r"nvidia-|cuda-|triton$")
# Imported by rules/common.smk or used as commands, so in no environment file.
DRIVER = {"jsonschema", "pygments", "snakemake", "snakemake-executor-plugin-slurm"}


def lock(name: str) -> dict[str, str]:
    """Return {package: version} of a lock, local parts such as +cpu dropped."""
    text = (LOCKS / name).read_text()
    pins = re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^\s+]+)", text, re.MULTILINE)
    return {normal(package): version for package, version in pins}


def test_direct_dependencies_are_pinned_and_the_locks_agree():
    loose = [line for line in sum(EXTRAS.values(), CORE) if "==" not in line]
    assert not loose
    assert direct(CORE).items() <= lock("cpu.txt").items()
    for extra, lines in EXTRAS.items():
        assert direct(lines).items() <= lock(f"{extra}.txt").items()


def test_make_installs_every_extra():
    text = (ROOT / "Makefile").read_text()
    assert not [extra for extra in EXTRAS if f"$(STAMPS)/{extra}" not in text]


def test_the_cuda_lock_differs_from_the_cpu_lock_in_the_build_of_torch_only():
    cpu, cuda = lock("cpu.txt"), lock("cuda.txt")
    added = {package for package in cuda if CUDA_ONLY.match(package)}
    assert {k: v for k, v in cuda.items() if k not in added} == cpu
    text = (LOCKS / "torch-cpu.txt").read_text()
    assert "+cpu" in text and text in (LOCKS / "cpu.txt").read_text()


def test_add_on_locks_hold_only_what_the_core_lacks():
    seen = lock("cpu.txt")
    for extra in EXTRAS:
        addon = lock(f"{extra}.txt")
        assert not addon.keys() & lock("cpu.txt").keys()
        clash = [name for name in addon if seen.get(name, addon[name]) != addon[name]]
        assert not clash, f"two versions of {clash} over the add-on locks"
        seen |= addon


@pytest.mark.parametrize("path", sorted(LOCKS.glob("*.txt")), ids=lambda p: p.name)
def test_every_line_of_a_lock_is_a_pin_with_hashes(path: Path):
    pin = re.compile(
        r"[a-z0-9][a-z0-9.-]*==[\w.+]+( \\\n    --hash=sha256:[0-9a-f]{64})+"
    )
    rest = pin.sub("", path.read_text()).strip()
    assert not rest, f"neither pin nor hash: {rest[:200]}"


@pytest.mark.parametrize("env", ENVS)
def test_an_environment_file_is_nothing_but_channels_and_exact_pins(env):
    text = (ROOT / "envs" / f"{env}.yaml").read_text()
    content = environment(env)
    assert "#" not in text, "a comment would change the environment's hash"
    assert sorted(content) == ["channels", "dependencies"]
    assert content["channels"] == ["conda-forge", "nodefaults"]
    form = re.compile(r"[a-z0-9-]+ =\d+(\.\d+)*")
    wrong = [line for line in content["dependencies"] if not form.fullmatch(str(line))]
    assert not wrong, f"not of the form 'name =1.2.3': {wrong}"


@pytest.mark.parametrize("env", ENVS)
def test_an_environment_file_repeats_the_direct_pins(env):
    lines = CORE + EXTRAS.get(env, [])
    pins = {conda(name): v for name, v in direct(lines).items()}
    pins["pytorch-gpu"] = pins["pytorch"]
    found = packages(env)
    wrong = [
        f"{name} ={version}, pyproject.toml has {pins.get(name, 'no such package')}"
        for name, version in found.items()
        if name not in UNLOCKED and pins.get(name) != version
    ]
    assert not wrong, problems(wrong)
    assert f">={found['python']},<" in PROJECT["requires-python"]


def test_the_gpu_environment_is_the_twin_of_the_torch_environment():
    twin = packages("torch-gpu")
    assert twin.pop("cuda-version")
    twin["pytorch"] = twin.pop("pytorch-gpu")
    assert twin == packages("torch")


def test_pin_files_hold_the_versions_of_their_environment_file():
    wrong = []
    for path in (ROOT / "envs").glob("*.pin.txt"):
        env = path.name.split(".")[0]
        lines = [line for line in path.read_text().splitlines() if "://" in line]
        wrong += [f"{path.name}: no md5 in {x}" for x in lines if "#" not in x]
        built = dict(x.rsplit("/", 1)[1].rsplit("-", 2)[:2] for x in lines)
        for name, version in packages(env).items():
            if not f"{built.get(name)}.".startswith(f"{version}."):
                wrong.append(f"{path.name}: {name} {built.get(name)}, not {version}")
    assert not wrong, problems(wrong)


def test_installed_packages_are_the_locked_ones():
    core = "cpu.txt" if "+cpu" in metadata.version("torch") else "cuda.txt"
    installed = {
        normal(found.name): found.version.split("+")[0]
        for found in metadata.distributions(path=[metadata_folder()])
    }
    allowed = lock(core)
    for extra in EXTRAS:
        allowed |= lock(f"{extra}.txt")
    missing = [f"{k}=={v}" for k, v in lock(core).items() if installed.get(k) != v]
    strange = {
        f"{k}=={v}"
        for k, v in installed.items()
        if allowed.get(k) != v and k not in ("seqshift", "pip", "setuptools")
    }
    advice = "renew the environment: make clean-venv, then make test"
    assert not missing, f"not installed as locked: {missing}; {advice}"
    assert not strange, f"in no lock: {sorted(strange)}; {advice}"


def metadata_folder() -> str:
    """Return the folder that holds the installed packages."""
    return str(Path(metadata.distribution("torch").locate_file("")).resolve())


def wanted(name: str) -> dict[str, str]:
    """Return the pins that an environment apart is compiled from."""
    text = (LOCKS / f"{name}.in").read_text()
    return direct(re.findall(r"^[^#\s].*$", text, re.M))


@pytest.mark.parametrize("name", APART)
def test_a_lock_apart_holds_what_it_was_compiled_from(name):
    assert wanted(name).items() <= lock(f"{name}.txt").items()


@pytest.mark.parametrize(
    ("name", "package"), [("dvc", "dvc"), ("benchmark", "neuralforecast")]
)
def test_what_stands_apart_is_in_no_other_lock(name, package):
    assert package in lock(f"{name}.txt")
    others = [path.name for path in LOCKS.glob("*.txt") if path.stem != name]
    assert not [other for other in others if package in lock(other)]


def test_the_benchmark_compares_on_the_core_s_versions_and_build_of_torch():
    pins, core = wanted("benchmark"), direct(CORE)
    shared = pins.keys() & core.keys()
    assert "torch" in shared and not {k for k in shared if pins[k] != core[k]}
    text = (LOCKS / "torch-cpu.txt").read_text()
    assert text in (LOCKS / "benchmark.txt").read_text()


@pytest.mark.parametrize("name", APART)
def test_installed_packages_of_an_environment_apart_are_the_locked_ones(name):
    found = [*(ROOT / f".venv-{name}").glob("lib/python*/site-packages")]
    if not found:
        pytest.skip(f"no .venv-{name}: see make extras and make benchmark-env")
    installed = {
        normal(each.name): each.version.split("+")[0]
        for each in metadata.distributions(path=[str(found[0])])
    }
    del installed["pip"]
    assert installed == lock(f"{name}.txt"), f"renew it: rm -r .venv-{name}, make"


def test_every_module_we_import_is_a_direct_dependency():
    pins = direct(CORE).keys()
    found = [
        f"{name} imports {module}, a pin that pyproject.toml does not name"
        for name, path in modules().items()
        for module in sorted(third_party(path))
        if distribution(module) not in pins
    ]
    assert not found, problems(found)


def test_every_direct_dependency_is_in_an_environment_or_drives_the_workflow():
    provided = set().union(*(packages(env) for env in ENVS))
    pins = direct(CORE).keys()
    assert not {conda(name) for name in pins - DRIVER} - provided


def test_the_modules_that_the_workflow_loads_need_no_heavy_library():
    code = (
        "import sys\n"
        "from seqshift import checks, cost, errors, grid, provenance\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    command = [sys.executable, "-c", code]
    environ = {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not {"numpy", "pandas", "torch", "captum", "xarray"} & {*done.stdout.split()}


def test_every_script_rule_names_an_environment_that_exists():
    wrong = [
        f"{rule.place}: {', '.join(rule.envs) or 'none'}"
        for rule in rules().values()
        if not rule.envs or not set(rule.envs) <= set(ENVS)
    ]
    assert rules() and not wrong, problems(wrong)
