"""What a reader opens.  tables, figures -> report.html; config -> provenance.json"""


rule record_provenance:
    input:
        tests=tables(),
        claims="config/claims.yaml",
    output:
        config="results/config.yaml",
        provenance="results/provenance.json",
    log:
        "results/logs/record_provenance.log",
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        config=grid.used(config),
        code=code("record_provenance.py", env="figures"),
    script:
        "../workflow/scripts/record_provenance.py"


rule write_report:
    input:
        tests="results/tables/main/tests.csv",
        scores="results/tables/main/scores.parquet",
        compute="results/tables/cost-summary.csv",
        further=further("scores.parquet"),
        further_tests=further("tests.csv"),
        claims=rules.judge_claims.output.claims,
        power="results/tables/main/power.csv",
        ablations="results/tables/ablations.csv",
        scaling="results/tables/scaling.csv",
        controls="results/tables/main/controls.csv",
        arena="results/tables/main/arena.csv",
        transfer="results/tables/main/transfer.csv",
        warning="results/tables/main/early-warning.csv",
        quality=of_domains("quality.parquet", "main"),
        coverage=of_domains("coverage.csv", "main"),
        figures=figures("png"),
        captions=captions(),
        templates=templates("report.html.j2"),
        provenance=rules.record_provenance.output.provenance,
    output:
        report="results/report.html",
    log:
        "results/logs/write_report.log",
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        about=about(),
        code=code("write_report.py", env="figures"),
    script:
        "../workflow/scripts/write_report.py"
