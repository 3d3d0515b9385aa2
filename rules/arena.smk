"""Set Cos-Drift against its rivals.  forecasts, quarters -> signals -> arena.csv"""


rule measure_signals:
    input:
        features=rules.build_features.output.features,
        splits=rules.split.output.splits,
        forecasts=of_seeds("forecasts.parquet"),
        scores=of_seeds("scores.parquet"),
        attributions=of_seeds("attributions.nc"),
        quarters=of_seeds("quarters.parquet"),
    output:
        signals="results/{domain}/natural/{model}/signals.parquet",
    log:
        "results/logs/measure_signals/{domain}/{model}.log",
    benchmark:
        "results/benchmarks/measure_signals/{domain}/{model}.tsv"
    wildcard_constraints:
        model=any_of(config["models"]),
    conda:
        torch_env()
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=60,
    params:
        domain=domain("entities", "features", "own", "led", "raw", "target", "window"),
        arena=part("arena", "penalty", "bins", "samples", "shrinkage", "seed"),
        code=code("measure_signals.py", env="torch"),
    script:
        "../workflow/scripts/measure_signals.py"


rule judge_arena:
    input:
        signals=signals,
        scores="results/tables/{experiment}/scores.parquet",
    output:
        arena="results/tables/{experiment}/arena.csv",
        roc="results/tables/{experiment}/arena-roc.csv",
        transfer="results/tables/{experiment}/transfer.csv",
        claim="results/tables/{experiment}/early-warning.csv",
    log:
        "results/logs/judge_arena/{experiment}.log",
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(4000),
        runtime=30,
    params:
        arena=part(
            "arena", "leads", "least", "resamples", "seed", "false_alarms", "margin"
        )
        | {
            "threshold": config["statistics"]["thresholds"]["g_ratio"],
            "alpha": config["statistics"]["alpha"],
        },
        code=code("judge_arena.py", env="data"),
    script:
        "../workflow/scripts/judge_arena.py"
