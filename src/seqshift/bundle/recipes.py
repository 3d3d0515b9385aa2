"""What a recipient needs to make a table again: values, universes, one command."""

import shutil
from pathlib import Path

import yaml

from seqshift import storage

MIRROR = "mirror"
REBUILD = """\
#!/bin/sh
# Make one file of this bundle again, from what it is made of:
#
#   SEQSHIFT=<checkout of seqshift> sh recipes/rebuild.sh results/<...>
#
# The commit to check out stands in dataset.yaml; `make reproduce` there sets it up. A
# table whose raw tables are in the bundle is made from these. Any other is made from
# the raw files, which are simulated, copied from the folder `mirror` or downloaded, as
# recipes/config.yaml says for each source; use them within their licence.
set -eu
: "${SEQSHIFT:?set SEQSHIFT to a checkout of seqshift at the commit in dataset.yaml}"
PATH="$SEQSHIFT/.venv/bin:$PATH"
exec snakemake "$1" --snakefile "$SEQSHIFT/Snakefile" --directory . --cores 1 \\
    --configfile recipes/sources.yaml recipes/config.yaml
"""


def write(folder: Path, config: dict, universes: list[str]) -> None:
    """Write recipes/: config.yaml, sources.yaml, rebuild.sh and tables of entities.

    The configuration is the merged one, with the entities of the tables in it; the
    tables say more of them, such as the stratum from which unseen ones were drawn.
    """
    own = {key: value for key, value in config.items() if key != "catalogue"}
    if own["mirror"]:
        own["mirror"] = MIRROR  # where it lay here says nothing to a recipient
    parts = {"config": own, "sources": {"catalogue": config["catalogue"]}}
    for name, value in parts.items():
        text = yaml.safe_dump(value, sort_keys=True, allow_unicode=True)
        storage.write_text(text, folder / f"recipes/{name}.yaml")
    storage.write_text(REBUILD, folder / "recipes/rebuild.sh")
    for path in universes:
        target = folder / "recipes/universe" / Path(path).name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)


def splits(manifest: dict, barred: dict) -> dict:
    """Return the splits of a domain as they may be published.

    Thresholds of the extreme slices are values of a feature: of a domain with a source
    that may not be passed on they are left out.
    """
    if not barred:
        return manifest
    rules = manifest["thresholds"].items()
    bare = {name: _without(rule, "values") for name, rule in rules}
    return manifest | {"thresholds": bare}


def _without(mapping: dict, key: str) -> dict:
    return {name: value for name, value in mapping.items() if name != key}
