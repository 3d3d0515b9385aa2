"""Every rule's environment names what its script reaches.

Snakemake offers its own installation to every script as a fallback, so a package that
an environment file forgets would silently come from there. Only this test notices.
"""

import pytest

from project import (
    closure,
    conda,
    distribution,
    modules,
    packages,
    problems,
    rules,
    third_party,
)

# Imported by none of our modules, needed by a library at run time.
HIDDEN = {"pandas": ["pyarrow"], "xarray": ["h5netcdf", "h5py"], "pytorch": ["numpy"]}


def needed(rule) -> dict[str, str]:
    """Return {conda package: file that imports it} for a rule."""
    starts = [rule.script, *(modules()[name] for name in rule.declared)]
    found = {}
    for path in closure(*starts):
        for module in third_party(path):
            package = conda(distribution(module))
            found[package] = path.name
            found |= {name: f"a run of {package}" for name in HIDDEN.get(package, [])}
    return found


@pytest.mark.parametrize("name", rules())
def test_the_environment_of_a_rule_names_every_package_its_script_reaches(name):
    rule = rules()[name]
    assert rule.script.exists(), f"{rule.place}: no script {rule.script.name}"
    missing = [
        f"{rule.place}: envs/{env}.yaml lacks {package}, needed by {where}"
        for env in rule.envs
        for package, where in needed(rule).items()
        if not {package, package.replace("pytorch", "pytorch-gpu")} & {*packages(env)}
    ]
    assert not missing, problems(missing)


def test_no_environment_of_a_rule_holds_more_than_its_rules_need():
    used: dict[str, set[str]] = {}
    for rule in rules().values():
        for env in rule.envs:
            used.setdefault(env, {"python", "cuda-version"}).update(needed(rule))
    idle = [
        f"envs/{env}.yaml: {package} is imported by no rule that uses it"
        for env, names in used.items()
        for package in packages(env)
        if package.replace("-gpu", "") not in names
    ]
    assert not idle, problems(idle)
