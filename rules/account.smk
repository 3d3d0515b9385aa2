"""Join what the jobs have cost.  cost.csv of each job -> tables/cost.csv, sums"""


rule account_cost:
    input:
        costs=costs(),
        tests=verdicts(),
    output:
        cost="results/tables/cost.csv",
        summary="results/tables/cost-summary.csv",
    log:
        "results/logs/account_cost.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        config=priced(),
        code=code("account_cost.py", env="data"),
    script:
        "../workflow/scripts/account_cost.py"
