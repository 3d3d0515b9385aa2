"""Tune and train.  train.parquet -> hparams.json -> checkpoint.safetensors

The seeds of a model named under training.together are one job, others one job each.
"""


rule tune:
    input:
        train="results/{domain}/natural/train.parquet",
        features=rules.build_features.output.features,
        splits=rules.split.output.splits,
    output:
        hparams="results/{domain}/natural/{model}/hparams.json",
        cost="results/{domain}/natural/{model}/hparams-cost.csv",
        trials="results/{domain}/natural/{model}/trials.csv",
    log:
        "results/logs/tune/{domain}/{model}.log",
    benchmark:
        "results/benchmarks/tune/{domain}/{model}.tsv"
    wildcard_constraints:
        model=any_of(config["models"]),
    conda:
        torch_env()
    threads: config["training"]["threads"] * config["tuning"]["workers"]
    resources:
        gpu=1,
        gpu_model="a100",
        mem_mb=memory(8000 * config["tuning"]["workers"]),
        gpu_seconds=estimate("tune"),
        runtime=limit("tune"),
    params:
        spec=lookup("models/{model}", within=config),
        domain=domain("entities", "features", "own", "led", "raw", "target", "window"),
        tuning=study,
        training=training("epochs", "patience"),
        code=code("tune.py", env="torch", models="model"),
    script:
        "../workflow/scripts/tune.py"


rule train:
    input:
        train=rules.synthesize.output.train,
        features=rules.build_features.output.features,
        splits=rules.split.output.splits,
        hparams=tuned,
    output:
        checkpoint="results/{domain}/{modality}/{model}/seed={seed}/checkpoint.safetensors",
        history="results/{domain}/{modality}/{model}/seed={seed}/history.csv",
        cost="results/{domain}/{modality}/{model}/seed={seed}/cost.csv",
    log:
        "results/logs/train/{domain}/{modality}/{model}/seed={seed}.log",
    benchmark:
        "results/benchmarks/train/{domain}/{modality}/{model}/seed={seed}.tsv"
    wildcard_constraints:
        model=any_of(config["models"]),
    conda:
        torch_env()
    threads: config["training"]["threads"]
    resources:
        gpu=1,
        gpu_model="a100",
        mem_mb=memory(8000),
        gpu_seconds=estimate("train"),
        runtime=limit("train"),
    params:
        spec=lookup("models/{model}", within=config),
        domain=domain("entities", "features", "own", "led", "raw", "target", "window"),
        training=training(),
        code=code("train.py", env="torch", models="model"),
    script:
        "../workflow/scripts/train.py"


use rule train as train_seeds with:
    output:
        checkpoint=together("checkpoint.safetensors"),
        history=together("history.csv"),
        cost=together("cost.csv"),
    log:
        "results/logs/train_seeds/{domain}/{modality}/{model}.log",
    benchmark:
        "results/benchmarks/train_seeds/{domain}/{modality}/{model}.tsv"
    wildcard_constraints:
        domain=any_of(alike("domains")),
        modality=any_of(alike("modalities")),
        model=any_of(config["training"]["together"]) or "(?!)",
    resources:
        gpu=1,
        gpu_model="a100",
        mem_mb=memory(8000),
        gpu_seconds=estimate("train", len(config["experiments"]["main"]["seeds"])),
        runtime=limit("train", len(config["experiments"]["main"]["seeds"])),


ruleorder: train_seeds > train
