"""Functions only: code digests, runs of an experiment, validation of the config."""

import sys
from itertools import product
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

REPO = Path(workflow.basedir)
sys.path.insert(0, str(REPO / "src"))  # every script of every environment inherits it

from seqshift import checks, cost, grid, provenance, universe, workload
from seqshift.errors import BadInput


def validated(config):
    schema = yaml.safe_load((REPO / "config/schema.yaml").read_text())
    dates = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema, format_checker=dates)
    error = best_match(validator.iter_errors(config))
    try:
        if error is not None:
            raise checks.explain(error)
        config = universe.resolve(config, REPO)
        checks.check(config)
    except BadInput as problem:
        raise WorkflowError(str(problem)) from None
    return grid.canonical(config)


def code(script, *modules, env, **plugins):
    """Return a function of wildcards: the digest of what a job's code is."""

    def of(wildcards):
        named = [f"{provenance.PACKAGE}.{module}" for module in modules]
        for section, wildcard in plugins.items():
            named += plugin(section, wildcards[wildcard])
        path = f"workflow/scripts/{script}"
        return provenance.digest(REPO, path, tuple(named), env)

    return of


def plugin(section, name):
    """Return the modules of a section that a name selects.

    Of a source these are its format, the world it is simulated from and its defects.
    """
    if section in ("simulate", "defects"):
        source = config["sources"][name]
        if source["origin"] != "simulate":
            return []
        world = config["worlds"][source["world"]]
        kind = world["kind"] if section == "simulate" else source["kind"]
        spoiled = world.get("defects") == "real" and kind in checks.kinds("defects")
        if section == "defects" and not spoiled:
            return []
    else:
        kind = config[section][name]["kind"]
    return [f"{provenance.PACKAGE}.{section}.{kind.replace('-', '_')}"]


def domain(*names):
    """Return a function of wildcards: these parts of the domain's description."""
    return lambda wildcards: {
        name: config["domains"][wildcards.domain][name]
        for name in names
        if name in config["domains"][wildcards.domain]
    }


def source(wildcards):
    return grid.source(config, wildcards.source)


def form(wildcards):
    """Return what a parser reads of a source: how its files came changes nothing."""
    read = ("kind", "query", "max_ratio")
    spec = grid.source(config, wildcards.source)
    return {key: spec[key] for key in read if key in spec}


def world(wildcards):
    source = config["sources"][wildcards.source]
    if source["origin"] != "simulate":
        return {}
    return config["worlds"][source["world"]]


def mirror(wildcards):
    used = config["sources"][wildcards.source]["origin"] == "mirror"
    return config["mirror"] if used else ""


def tables_of(wildcards):
    """Return the parsed tables of a domain."""
    roles = config["domains"][wildcards.domain]["sources"].values()
    names = [name for sources in roles for name in sources]
    return [f"results/raw/{name}.parquet" for name in names]


def manifests():
    """Return the manifests of all sources that an experiment reaches."""
    return [
        f"results/raw/{name}/manifest.json" for name in grid.used(config)["sources"]
    ]


def files(name, *kinds):
    """Return a function of wildcards: one file of every run of these kinds."""
    return lambda wildcards: files_of(wildcards.experiment, name, *kinds)


def files_of(experiment, name, *kinds):
    """Return one file of every run of these kinds of an experiment."""
    pattern = "results/{domain}/{modality}/{model}/seed={seed}/{name}"
    runs = [run for kind in kinds for run in kind(config["experiments"][experiment])]
    return [pattern.format(name=name, **run) for run in runs]


def of_seeds(name):
    """Return a function of wildcards: this file of every seed of a natural run."""

    def of(wildcards):
        runs = (
            run
            for key, one in config["experiments"].items()
            if key not in grid.APART
            for run in grid.runs(one)
        )
        own = ("natural", wildcards.domain, wildcards.model)
        seeds = {
            run["seed"]
            for run in runs
            if (run["modality"], run["domain"], run["model"]) == own
        }
        folder = f"results/{wildcards.domain}/natural/{wildcards.model}"
        return [f"{folder}/seed={seed}/{name}" for seed in sorted(seeds)]

    return of


def signals(wildcards):
    """Return the warning signals of every domain and model of an experiment."""
    one = config["experiments"][wildcards.experiment]
    pairs = product(one["domains"], one["models"])
    return [
        f"results/{domain}/natural/{model}/signals.parquet" for domain, model in pairs
    ]


def contrasts(experiment):
    return grid.contrasts(experiment, config["modalities"])


def headline(experiment):
    """Yield the runs whose tests form the headline family."""
    second = config["statistics"]["secondary"]
    for run in grid.runs(experiment):
        if run["modality"] not in second:
            yield run


def splits(wildcards):
    """Return the splits of each domain of an experiment."""
    domains = config["experiments"][wildcards.experiment]["domains"]
    return {name: {"splits": config["domains"][name]["splits"]} for name in domains}


def training_sets(experiment):
    """Return the training set of every domain and modality of an experiment."""
    chosen = config["experiments"][experiment]
    return [
        f"results/{domain}/{modality}/train.parquet"
        for domain in chosen["domains"]
        for modality in chosen["modalities"]
    ]


def histories():
    """Return the learning curves of all runs of all experiments."""
    pattern = "results/{domain}/{modality}/{model}/seed={seed}/history.csv"
    grids = config["experiments"].values()
    return sorted({pattern.format(**run) for one in grids for run in grid.runs(one)})


def baselines(experiment):
    return grid.baselines(experiment, config["domains"])


def twin(wildcards):
    """Return the forecasts of the natural run of the next seed."""
    domain, model, seed = wildcards.domain, wildcards.model, int(wildcards.seed)
    other = grid.next_seed(config["experiments"], domain, model, seed)
    return f"results/{domain}/natural/{model}/seed={other}/forecasts.parquet"


def tuned(wildcards):
    """Return the tuned values of a model; an ablation takes those of its base."""
    base = config["ablations"].get(wildcards.model, wildcards.model)
    return f"results/{wildcards.domain}/natural/{base}/hparams.json"


def part(section, *names):
    """Return these values of a section: what a rule does not read reruns nothing."""
    return {name: config[section][name] for name in names}


def memory(megabytes):
    """Return a function of the attempt: a job that ran out of memory gets more."""
    return lambda wildcards, attempt: megabytes * attempt


def training(*own):
    """Return the training settings but those that a rule has of its own.

    Which seeds go together reruns nothing: it changes rounding and the numbers that
    dropout draws, as another device would.
    """
    left_out = ("together", *own)
    return {k: v for k, v in config["training"].items() if k not in left_out}


def alike(section):
    """Return the names in this section of the experiments that have main's seeds."""
    grids = config["experiments"].values()
    seeds = config["experiments"]["main"]["seeds"]
    return {name for one in grids if one["seeds"] == seeds for name in one[section]}


def together(name):
    """Return this file of all seeds of the main experiment."""
    pattern = "results/{{domain}}/{{modality}}/{{model}}/seed={seed}/{name}"
    seeds = config["experiments"]["main"]["seeds"]
    return expand(pattern, seed=seeds, name=name)


def estimate(rule, runs=1):
    """Return a function of wildcards: the predicted GPU-seconds of a job."""
    return lambda wildcards: runs * cost.seconds(config, rule, wildcards)


def limit(rule, runs=1):
    """Return a function of the attempt: the minutes after which a job is ended."""
    return lambda wildcards, attempt: cost.minutes(
        config, rule, wildcards, attempt * runs
    )


def costs():
    """Return what each job of a GPU rule wrote down, of all experiments."""
    folder = "results/{domain}/{modality}/{model}"
    found = []
    for name, experiment in config["experiments"].items():
        kinds = ["cost.csv", "forecasts-cost.csv"]
        if name not in grid.APART:  # those are not attributed
            kinds.append("attributions-cost.csv")
        for run in grid.runs(experiment):
            base = config["ablations"].get(run["model"], run["model"])
            study = run | {"modality": "natural", "model": base}
            found.append(f"{folder}/hparams-cost.csv".format(**study))
            own = f"{folder}/seed={run['seed']}".format(**run)
            found += [f"{own}/{kind}" for kind in kinds]
    found += of_studies(f"{folder}/widths-cost.csv", config["tuning"]["widths"])
    return [*dict.fromkeys(found)]


def priced():
    """Return what the predicted cost of a job depends on, without the rest."""
    used = grid.used(config)
    parts = ("accounting", "modalities", "models", "training", "tuning")
    domains = {
        name: {key: spec[key] for key in workload.READ}
        for name, spec in used["domains"].items()
    }
    return {"domains": domains, **{part: used[part] for part in parts}}


def keep_budget(workflow):
    """Stop before the first job if what is left would cost more than the budget."""
    priced = [
        job
        for job in workflow.dag.needrun_jobs()
        if "gpu_seconds" in job.resources.keys()
    ]
    left = [
        cost.Job(
            job.rule.name, job.wildcards.get("model", ""), job.resources.gpu_seconds
        )
        for job in priced
    ]
    try:
        cost.keep_within(None if workflow.touch else config.get("budget"), left)
    except BadInput as problem:
        raise WorkflowError(str(problem)) from None


def study(wildcards):
    """Return the settings of a model's study; of none, nothing else can matter."""
    tuning = config["tuning"]
    if wildcards.model not in tuning["models"] or not tuning["trials"]:
        return {"trials": 0}
    return {k: v for k, v in tuning.items() if k not in ("models", "widths")}


def ranges():
    """Return the ends of the swept values."""
    return part("tuning", "learning_rate", "dropout", "weight_decay")


def widths(wildcards):
    return config["tuning"]["widths"][wildcards.model]


def of_studies(name, chosen):
    """Return this file of each domain of the main experiment and chosen model."""
    main = config["experiments"]["main"]
    return [
        name.format(domain=domain, modality="natural", model=model)
        for domain in main["domains"]
        for model in main["models"]
        if model in chosen
    ]


def study_figures():
    """Return Optuna's plots of the studies of the main experiment."""
    chosen = config["tuning"]["models"] if config["tuning"]["trials"] else []
    return of_studies("results/figures/studies/{domain}/{model}-history.png", chosen)


def torch_env():
    """Return the environment of torch rules: its CUDA twin where CUDA is asked for."""
    asked = config["training"]["device"] == "cuda"
    return "../envs/torch-gpu.yaml" if asked else "../envs/torch.yaml"


def figures(*suffixes):
    return [
        f"results/figures/{name}.{suffix}"
        for name in config["figures"]
        for suffix in suffixes
    ]


def captions():
    return [
        f"workflow/report/{name.replace('-', '_')}.rst" for name in config["figures"]
    ]


def templates(name):
    """Return a template and all that it includes."""
    path = f"src/seqshift/templates/{name}"
    inner = re.findall(r'{% (?:include|from) "([^"]+)"', (REPO / path).read_text())
    return [path, *(found for one in inner for found in templates(one))]


def budgets():
    """Return the training sets of the scaling curves with their sizes."""
    names = config["experiments"]["scaling"]["modalities"]
    return {name: config["modalities"][name] for name in names}


def verdicts():
    """Return the verdict tables of the experiments that have one."""
    tested = [name for name in config["experiments"] if name not in grid.APART]
    return [f"results/tables/{name}/tests.csv" for name in tested]


def tables():
    """Return the table in which each experiment ends."""
    return verdicts() + [f"results/tables/{name}.csv" for name in grid.APART]


def of_domains(name, experiment=None):
    """Return this file of each domain of an experiment, or of all experiments."""
    chosen = (
        grid.used(config) if experiment is None else config["experiments"][experiment]
    )
    return [f"results/{domain}/{name}" for domain in chosen["domains"]]


def about():
    """Return what the report says of the study before its numbers."""
    main = config["experiments"]["main"]
    used = grid.used(config)["domains"]
    return {
        "title": f"seqshift: {config['name']}",
        "configuration": config["name"],
        "experiment": "main",
        "alpha": config["statistics"]["alpha"],
        "deviations": "docs/deviations.md in the repository",
        "simulated": [name for name, spec in used.items() if simulated(spec)],
        "units": {name: spec["unit"] for name, spec in used.items()},
        "baselines": list(config["baselines"]),
        "not_run": {name: idle(spec) for name, spec in used.items()},
        **main,
    }


def idle(spec):
    """Return the baselines that a domain could have and does not list."""
    return [
        name
        for name, baseline in config["baselines"].items()
        if name not in spec["baselines"] and not checks.unsuited(baseline["kind"], spec)
    ]


def further(name):
    """Return this table of every experiment but main that ends in a verdict table."""
    others = [one for one in config["experiments"] if one not in ("main", *grid.APART)]
    return [f"results/tables/{other}/{name}" for other in others]


def slices():
    """Return the test era and the extreme slices of each domain of the figures."""
    domains = config["experiments"]["main"]["domains"]
    splits = {name: config["domains"][name]["splits"] for name in domains}
    return {
        name: {"splits": {"test": spec["test"], "slices": spec["slices"]}}
        for name, spec in splits.items()
    }


def simulated(spec):
    names = {name for sources in spec["sources"].values() for name in sources}
    return any(config["sources"][name]["origin"] == "simulate" for name in names)


def any_of(names):
    return "|".join(sorted(names))


asked = config  # as written: with the names of universes, not yet their entities
config = validated(config)


wildcard_constraints:
    domain=any_of(config["domains"]),
    source=any_of(config["sources"]),
    modality=any_of(config["modalities"]),
    model=any_of([*config["models"], *config["baselines"]]),
    baseline=any_of(config["baselines"]),
    experiment=any_of(config["experiments"]),
    seed=r"\d+",
