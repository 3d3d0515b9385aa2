"""Join the runs of an experiment and test.  scores, drift -> tables -> tests.csv"""


rule gather:
    input:
        scores=files("scores.parquet", grid.runs, baselines),
        resamples=files("resamples.parquet", grid.runs, baselines),
        collapse=files("collapse.parquet", contrasts),
        collapse_resamples=files("collapse-resamples.parquet", contrasts),
        drift=files("drift.parquet", grid.runs),
        ranks=files("ranks.parquet", grid.runs),
        quarters=files("quarters.parquet", grid.runs),
        history=files("history.csv", grid.runs),
    output:
        scores="results/tables/{experiment}/scores.parquet",
        resamples="results/tables/{experiment}/resamples.parquet",
        drift="results/tables/{experiment}/drift.parquet",
        ranks="results/tables/{experiment}/ranks.parquet",
        quarters="results/tables/{experiment}/quarters.parquet",
        history="results/tables/{experiment}/history.parquet",
    log:
        "results/logs/gather/{experiment}.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        code=code("gather.py", env="data"),
    script:
        "../workflow/scripts/gather.py"


rule test_hypotheses:
    input:
        scores=rules.gather.output.scores,
        resamples=rules.gather.output.resamples,
        controls="results/tables/{experiment}/controls.csv",
    output:
        tests="results/tables/{experiment}/tests.csv",
    log:
        "results/logs/test_hypotheses/{experiment}.log",
    conda:
        "../envs/data.yaml"
    resources:
        mem_mb=memory(4000),
        runtime=30,
    params:
        statistics=config["statistics"],
        baselines=list(config["baselines"]),
        code=code("test_hypotheses.py", env="data"),
    script:
        "../workflow/scripts/test_hypotheses.py"
