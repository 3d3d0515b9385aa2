"""What softgroup forecasts with, and what.

corpus -> weights -> gate.json        table of a source | seed -> windows
"""


wildcard_constraints:
    backbone=any_of(config["softgroup"]["backbones"]),
    dataset=any_of(config["softgroup"]["datasets"]),
    horizon=r"\d+",
    split="validation|test",


rule synthesize_priors:
    output:
        corpus="results/softgroup/backbones/{backbone}/seed={seed}/corpus.nc",
    log:
        "results/logs/synthesize_priors/{backbone}/seed={seed}.log",
    priority: 1  # as what reads it
    localrule: True
    conda:
        "../envs/softgroup.yaml"
    params:
        spec=backbone("series", "length", "context", "patch"),
        code=code("synthesize_priors.py", env="softgroup"),
    script:
        "../workflow/scripts/synthesize_priors.py"


rule train_backbone:
    input:
        corpus=rules.synthesize_priors.output.corpus,
    output:
        config="results/softgroup/backbones/{backbone}/seed={seed}/config.json",
        weights="results/softgroup/backbones/{backbone}/seed={seed}/model.safetensors",
        course="results/softgroup/backbones/{backbone}/seed={seed}/train.json",
    log:
        "results/logs/train_backbone/{backbone}/seed={seed}.log",
    benchmark:
        "results/benchmarks/train_backbone/{backbone}/seed={seed}.tsv"
    wildcard_constraints:
        backbone=any_of(backbones("train")) or "(?!)",
    priority: 1  # all forecasts of a backbone wait for its last seed
    conda:
        "../envs/softgroup.yaml"
    threads: 1
    resources:
        gpu=on_gpu,
        mem_mb=memory(2000),
        predicted_seconds=training_time,
    params:
        spec=backbone(
            "size",
            "context",
            "horizon",
            "patch",
            "steps",
            "warmup",
            "batch_size",
            "learning_rate",
            "weight_decay",
            "device",
        ),
        code=code("train_backbone.py", env="softgroup"),
    script:
        "../workflow/scripts/train_backbone.py"


rule take_weights:
    output:
        config="results/softgroup/backbones/{backbone}/seed={seed}/config.json",
        weights="results/softgroup/backbones/{backbone}/seed={seed}/model.safetensors",
        course="results/softgroup/backbones/{backbone}/seed={seed}/train.json",
    log:
        "results/logs/take_weights/{backbone}/seed={seed}.log",
    wildcard_constraints:
        backbone=any_of(backbones("hub", "folder", "s3")) or "(?!)",
    localrule: True
    conda:
        "../envs/softgroup.yaml"
    params:
        spec=backbone("origin", "name", "revision", "folder"),
        code=code("take_weights.py", env="softgroup"),
    script:
        "../workflow/scripts/take_weights.py"


rule gate_backbone:
    input:
        config="results/softgroup/backbones/{backbone}/seed={seed}/config.json",
        weights="results/softgroup/backbones/{backbone}/seed={seed}/model.safetensors",
    output:
        gate="results/softgroup/backbones/{backbone}/seed={seed}/gate.json",
    log:
        "results/logs/gate_backbone/{backbone}/seed={seed}.log",
    conda:
        "../envs/softgroup.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
    params:
        gate=part("softgroup", "gate")["gate"],
        clusters=config["softgroup"]["datasets"]["clusters"],
        trained=lambda wildcards: wildcards.backbone in backbones("train"),
        code=code("gate_backbone.py", env="softgroup"),
    script:
        "../workflow/scripts/gate_backbone.py"


rule cut_windows:
    input:
        tables=panel_tables,
    output:
        windows="results/softgroup/{dataset}/horizon={horizon}/{split}.nc",
    log:
        "results/logs/cut_windows/{dataset}/horizon={horizon}/{split}.log",
    localrule: True
    conda:
        "../envs/softgroup.yaml"
    params:
        spec=panel,
        world=panel_world,
        code=code(
            "cut_windows.py",
            "softgroup.data.datasets.clusters",
            "softgroup.data.datasets.eia930",
            "softgroup.data.datasets.ett",
            "softgroup.data.datasets.m4",
            env="softgroup",
        ),
    script:
        "../workflow/scripts/cut_windows.py"
