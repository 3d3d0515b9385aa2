"""What the rules of softgroup read of the configuration."""

from seqshift import armcost, armscheck


def backbones(*origins):
    """Return the backbones of softgroup that come from one of these origins."""
    found = config["softgroup"]["backbones"].items()
    return [name for name, spec in found if spec["origin"] in origins]


def backbone(*names):
    """Return a function of wildcards: these values of a backbone, its size in full."""

    def of(wildcards):
        section = config["softgroup"]
        spec = section["backbones"][wildcards.backbone]
        if "size" in spec:
            spec = spec | {"size": section["sizes"][spec["size"]]}
        return {name: spec[name] for name in names if name in spec}

    return of


def on_gpu(wildcards):
    """Return how many GPUs the training of a backbone takes."""
    spec = config["softgroup"]["backbones"][wildcards.backbone]
    return int(spec["device"] == "cuda")


def at_hand(datasets):
    """Return the datasets of softgroup, of these, that have a source or need none."""
    known = config["softgroup"]["datasets"]
    return [name for name in datasets if known[name].get("source", "drawn")]


def panel(wildcards):
    """Return what the windows of a dataset are cut by, whatever their horizon."""
    spec = config["softgroup"]["datasets"][wildcards.dataset]
    return {key: value for key, value in spec.items() if key != "horizons"}


def panel_tables(wildcards):
    """Return the table that a dataset of softgroup is cut from; none if it is drawn."""
    if not at_hand([wildcards.dataset]):
        raise WorkflowError(
            f"softgroup.datasets.{wildcards.dataset} has no source; name one, or take "
            "it out of what you ask for"
        )
    source = panel(wildcards).get("source")
    return [f"results/raw/{source}.parquet"] if source else []


def panel_world(wildcards):
    return world_of(wildcards.dataset)


def world_of(dataset):
    """Return whether the values of a dataset of softgroup are real or simulated."""
    source = config["softgroup"]["datasets"][dataset].get("source", "drawn")
    if source == "drawn":
        return "simulated"
    real = not source or config["sources"][source]["origin"] != "simulate"
    return "real" if real else "simulated"


def min_overlap(wildcards):
    """Return the steps that two series of a dataset must share to be compared."""
    kind = config["softgroup"]["datasets"][wildcards.dataset]["kind"]
    return config["softgroup"]["arms"]["min_overlap"][kind]


def arms(*names):
    """Return a function of wildcards: these settings of arms, and the overlap.

    `set` is the set of arms that the dataset gets at the horizon.
    """

    def of(wildcards):
        spec = config["softgroup"]["arms"]
        own = armscheck.chosen(spec, wildcards.dataset, wildcards.horizon)
        settings = {name: (spec | {"set": own})[name] for name in names}
        return settings | {"min_overlap": min_overlap(wildcards)}

    return of


def neighbours(wildcards):
    """Return how neighbours in time are put into one batch."""
    spec = config["softgroup"]["leak"]
    read = {key: value for key, value in spec.items() if key != "datasets"}
    return read | {"min_overlap": min_overlap(wildcards)}


def consecutive(wildcards):
    """Return what the windows of the test of a dataset are cut by."""
    return {
        "name": wildcards.dataset,
        "spec": panel(wildcards),
        "split": "test",
        "horizon": int(wildcards.horizon),
        "world": panel_world(wildcards),
    }


def forecast_on(wildcards):
    """Return the device that a backbone forecasts on: the one it is trained on."""
    return config["softgroup"]["backbones"][wildcards.backbone].get("device", "cpu")


def forecasting(rule):
    """Return a function of wildcards: the predicted seconds of forecasts."""
    return lambda wildcards: armcost.seconds(config, rule, wildcards)


def time_limit(rule):
    """Return a function of wildcards and attempt: minutes that forecasts may take."""

    def of(wildcards, attempt):
        predicted = armcost.seconds(config, rule, wildcards)
        return cost.limit(config["accounting"], predicted, attempt)

    return of


def training_time(wildcards):
    """Return the predicted seconds of the training of a backbone."""
    return armcost.training(config, wildcards.backbone)


def seeds_of(backbone, name):
    """Return this file of every seed of a backbone."""
    seeds = config["softgroup"]["backbones"][backbone]["seeds"]
    folder = f"results/softgroup/backbones/{backbone}"
    return [f"{folder}/seed={seed}/{name}" for seed in seeds]


def every_seed(name):
    """Return a function of wildcards: this file of every seed of the backbone."""
    return lambda wildcards: seeds_of(wildcards.backbone, name)


def soft_cells(listed_in=None):
    """Return backbone, dataset and horizon of each cell of softgroup that is run.

    Of datasets that a section lists there is the first horizon alone.
    """
    section = config["softgroup"]
    names = at_hand(section["run"]["datasets"])
    if listed_in:
        names = [name for name in names if name in section[listed_in]["datasets"]]
    first = slice(1 if listed_in else None)
    return [
        {"backbone": backbone, "dataset": name, "horizon": horizon}
        for backbone in section["run"]["backbones"]
        for name in names
        for horizon in section["datasets"][name]["horizons"][first]
    ]


def of_cells(name, listed_in=None):
    """Return this file of each cell of softgroup that is run."""
    folder = "results/softgroup/{dataset}/horizon={horizon}"
    pattern = f"{folder}/{name}"
    return [*dict.fromkeys(pattern.format(**cell) for cell in soft_cells(listed_in))]


def of_backbones(name):
    """Return this file of each backbone of softgroup that is run, and seed."""
    used = config["softgroup"]["run"]["backbones"]
    return [file for backbone in used for file in seeds_of(backbone, name)]


def soft_plan():
    """Return what the cells of softgroup are planned from."""
    section = config["softgroup"]
    known = {
        name: {"origin": spec["origin"], "seeds": spec["seeds"]}
        for name, spec in section["backbones"].items()
    }
    read = part("softgroup", "run", "datasets", "leak") | {"backbones": known}
    worlds = {name: world_of(name) for name in section["datasets"]}
    return {"section": read, "worlds": worlds}


def soft_statistics():
    """Return how the arms of softgroup are judged."""
    shared = config["statistics"]
    own = {"alpha": shared["alpha"], "power": shared["power"][0]}
    return config["softgroup"]["statistics"] | own
