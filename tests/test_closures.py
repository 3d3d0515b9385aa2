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
    assert rule.script.exists(), f"{rule.place}: no script {rule.script.name}"
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
    missing = [
        f"{rule.place}: envs/{env}.yaml lacks {package}, needed by {where}"
        for env in rule.envs
        for package, where in needed(rule).items()
        if not {package, package.replace("pytorch", "pytorch-gpu")} & {*packages(env)}
    ]
    assert not missing, problems(missing)


def test_the_digest_of_a_rule_covers_its_own_environment():
    # the GPU twin carries the same pins, so a digest may be taken from either
    wrong = [
        f"{rule.place}: conda {rule.envs}, digest of {rule.digest}"
        for rule in rules().values()
        if rule.digest not in rule.envs
    ]
    assert not wrong, problems(wrong)
