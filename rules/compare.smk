"""Compare ablations, fit scaling curves.  scores -> ablations.csv, scaling.csv"""


rule compare_ablations:
    input:
        scores=files_of("ablations", "scores.parquet", grid.runs),
        resamples=files_of("ablations", "resamples.parquet", grid.runs),
    output:
        ablations="results/tables/ablations.csv",
    log:
        "results/logs/compare_ablations.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        bases=grid.comparisons(config),
        statistics=part("statistics", "alpha", "power"),
        code=code("compare_ablations.py", env="data"),
    script:
        "../workflow/scripts/compare_ablations.py"


rule fit_scaling:
    input:
        scores=files_of("scaling", "scores.parquet", grid.runs),
        train=training_sets("scaling"),
    output:
        scaling="results/tables/scaling.csv",
        points="results/tables/scaling-points.csv",
        curves="results/tables/scaling-curves.csv",
    log:
        "results/logs/fit_scaling.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        budgets=budgets(),
        statistics=part("statistics", "alpha", "resamples", "seed"),
        code=code("fit_scaling.py", env="data"),
    script:
        "../workflow/scripts/fit_scaling.py"
