"""Plan seeds, vary settings, judge claims.  scores, tests -> power, sensitivity, claims"""


rule plan_power:
    input:
        scores=rules.gather.output.scores,
        resamples=rules.gather.output.resamples,
    output:
        power="results/tables/{experiment}/power.csv",
        sentence="results/tables/{experiment}/power.txt",
    log:
        "results/logs/plan_power/{experiment}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        statistics=part("statistics", "alpha", "power", "power_plan"),
        baselines=list(config["baselines"]),
        code=code("plan_power.py", env="data"),
    script:
        "../workflow/scripts/plan_power.py"


rule vary_settings:
    input:
        forecasts=files("forecasts.parquet", headline),
        drift=rules.gather.output.drift,
    output:
        sensitivity="results/tables/{experiment}/sensitivity.csv",
    log:
        "results/logs/vary_settings/{experiment}.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(8000),
        runtime=240,
    params:
        splits=splits,
        statistics=part(
            "statistics",
            "alpha",
            "resamples",
            "seed",
            "min_windows",
            "thresholds",
            "sensitivity",
        ),
        code=code("vary_settings.py", env="data"),
    script:
        "../workflow/scripts/vary_settings.py"


rule judge_claims:
    input:
        claims="config/claims.yaml",
        tests="results/tables/main/tests.csv",
        scores="results/tables/main/scores.parquet",
        resamples="results/tables/main/resamples.parquet",
        ablations=rules.compare_ablations.output.ablations,
        scaling=rules.fit_scaling.output.scaling,
        controls="results/tables/main/controls.csv",
        warning="results/tables/main/early-warning.csv",
    output:
        claims="results/tables/claims.csv",
    log:
        "results/logs/judge_claims.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        statistics=part("statistics", "alpha", "thresholds"),
        code=code("judge_claims.py", env="data"),
    script:
        "../workflow/scripts/judge_claims.py"
