"""Tune and train.  train.parquet -> hparams.json -> checkpoint.safetensors"""


rule tune:
    input:
        train="results/{domain}/natural/train.parquet",
        features=rules.build_features.output.features,
        splits=rules.split.output.splits,
    output:
        hparams="results/{domain}/natural/{model}/hparams.json",
    log:
        "results/logs/tune/{domain}/{model}.log",
    benchmark:
        "results/benchmarks/tune/{domain}/{model}.tsv"
    wildcard_constraints:
        model=any_of(config["models"]),
    conda:
        torch_env()
    threads: config["training"]["threads"]
    resources:
        gpu=1,
        gpu_model="a100",
        mem_mb=memory(8000),
        runtime=720,
    params:
        spec=lookup("models/{model}", within=config),
        domain=domain("entities", "features", "own", "led", "raw", "target", "window"),
        tuning=config["tuning"],
        training=tuned_training(),
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
        runtime=240,
    params:
        spec=lookup("models/{model}", within=config),
        domain=domain("entities", "features", "own", "led", "raw", "target", "window"),
        training=config["training"],
        code=code("train.py", env="torch", models="model"),
    script:
        "../workflow/scripts/train.py"
