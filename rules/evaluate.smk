"""Forecast and score.  checkpoint -> forecasts.parquet -> scores, collapse"""


rule forecast:
    input:
        checkpoint="results/{domain}/{modality}/{model}/seed={seed}/checkpoint.safetensors",
        features=rules.build_features.output.features,
        splits=rules.split.output.splits,
    output:
        forecasts="results/{domain}/{modality}/{model}/seed={seed}/forecasts.parquet",
        cost="results/{domain}/{modality}/{model}/seed={seed}/forecasts-cost.csv",
    log:
        "results/logs/forecast/{domain}/{modality}/{model}/seed={seed}.log",
    benchmark:
        "results/benchmarks/forecast/{domain}/{modality}/{model}/seed={seed}.tsv"
    wildcard_constraints:
        model=any_of(config["models"]),
    conda:
        torch_env()
    threads: 1
    resources:
        gpu=1,
        gpu_model="a100",
        mem_mb=memory(8000),
        gpu_seconds=estimate("forecast"),
        runtime=limit("forecast"),
    params:
        domain=domain("features", "own", "led", "raw", "target", "window"),
        device=config["training"]["device"],
        code=code("forecast.py", env="torch", models="model"),
    script:
        "../workflow/scripts/forecast.py"


rule forecast_baseline:
    input:
        features=rules.build_features.output.features,
        splits=rules.split.output.splits,
    output:
        forecasts="results/{domain}/natural/{baseline}/seed=0/forecasts.parquet",
    log:
        "results/logs/forecast_baseline/{domain}/{baseline}.log",
    conda:
        torch_env()
    threads: 1
    resources:
        mem_mb=memory(8000),
        runtime=60,
    params:
        spec=lookup("baselines/{baseline}", within=config),
        domain=domain(
            "entities", "features", "own", "led", "raw", "target", "season", "window"
        ),
        code=code("forecast_baseline.py", env="torch", baselines="baseline"),
    script:
        "../workflow/scripts/forecast_baseline.py"


rule score:
    input:
        forecasts="results/{domain}/{modality}/{model}/seed={seed}/forecasts.parquet",
    output:
        scores="results/{domain}/{modality}/{model}/seed={seed}/scores.parquet",
        resamples="results/{domain}/{modality}/{model}/seed={seed}/resamples.parquet",
    log:
        "results/logs/score/{domain}/{modality}/{model}/seed={seed}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        spec=domain("splits"),
        statistics=part("statistics", "resamples", "seed", "min_windows"),
        code=code("score.py", env="data"),
    script:
        "../workflow/scripts/score.py"


rule measure_collapse:
    input:
        synthetic="results/{domain}/{modality}/{model}/seed={seed}/forecasts.parquet",
        natural="results/{domain}/natural/{model}/seed={seed}/forecasts.parquet",
        twin=twin,
    output:
        scores="results/{domain}/{modality}/{model}/seed={seed}/collapse.parquet",
        resamples="results/{domain}/{modality}/{model}/seed={seed}/collapse-resamples.parquet",
    log:
        "results/logs/measure_collapse/{domain}/{modality}/{model}/seed={seed}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        spec=domain("splits"),
        statistics=part("statistics", "resamples", "seed", "min_windows"),
        code=code("measure_collapse.py", env="data"),
    script:
        "../workflow/scripts/measure_collapse.py"
