"""What the experiments `ablations` and `scaling` must hold to answer anything."""

from seqshift.errors import BadInput, choose


def check_ablations(config: dict):
    """Refuse a variant of the experiment without its base, and a model without use."""
    for name, base in config["ablations"].items():
        for model in (name, base):
            if model not in config["models"]:
                raise choose("name in ablations:", model, list(config["models"]))
        if base in config["ablations"]:
            raise BadInput(
                f"ablations.{name}: its base {base} is itself an ablation; name the "
                "base of that one"
            )
        if config["models"][name]["dropout"] != config["models"][base]["dropout"]:
            raise BadInput(
                f"models.{name}: its dropout differs from that of {base}, whose tuned "
                "values an ablation takes; give both the same"
            )
    models = config["experiments"]["ablations"]["models"]
    bases = {
        config["ablations"][name] for name in models if name in config["ablations"]
    }
    for name in models:
        base = config["ablations"].get(name)
        if base is None and name not in bases:
            raise BadInput(
                f"experiments.ablations.models: {name} is neither a key of ablations "
                "nor the base of one; say under ablations what it is compared with"
            )
        if base is not None and base not in models:
            raise BadInput(
                f"ablations.{name}: its base {base} is not another model of "
                "experiments.ablations.models; list it there"
            )


def check_budgets(config: dict):
    """Refuse training sets that are no budgets, no full one, and budgets not nested."""
    names = config["experiments"]["scaling"]["modalities"]
    seeds: dict[str, int] = {}
    for name in names:
        spec = config["modalities"][name]
        if spec["kind"] != "natural":
            raise BadInput(
                f"experiments.scaling.modalities: {name} is of kind "
                f"{spec['kind']}, but curves are of natural windows; take it out"
            )
        if "by" not in spec and name != "natural":
            raise BadInput(
                f"experiments.scaling.modalities: {name} holds all windows, as natural "
                "does; give it a fraction or take it out"
            )
        seed = spec.get("seed")
        if "by" in spec and seeds.setdefault(spec["by"], seed) != seed:
            raise BadInput(
                f"modalities.{name}: its seed {seed} differs from that of the other "
                f"budgets by {spec['by']}, so they would not be nested; give them one"
            )
    if "natural" not in names:
        raise BadInput(
            "experiments.scaling.modalities: natural is missing, which holds all "
            "windows; add it"
        )
