"""What softgroup found: averages of a cell, then tests and tables.

losses.parquet -> units.parquet -> tests.csv -> t1 ... t6
"""


rule declare_family:
    output:
        cells="results/softgroup/tables/cells.json",
        family="results/softgroup/tables/family.csv",
    log:
        "results/logs/declare_family.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        plan=soft_plan(),
        code=code("declare_family.py", env="data"),
    script:
        "../workflow/scripts/declare_family.py"


rule average_losses:
    input:
        cells=rules.declare_family.output.cells,
        family=rules.declare_family.output.family,
        losses=rules.score_arms.output.losses,
        windows="results/softgroup/{dataset}/horizon={horizon}/test.nc",
    output:
        units="results/softgroup/{dataset}/horizon={horizon}/{backbone}/units.parquet",
    log:
        "results/logs/average_losses/{dataset}/horizon={horizon}/{backbone}.log",
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(6000),
    params:
        alike=part("softgroup", "statistics")["statistics"]["alike"],
        code=code("average_losses.py", env="data"),
    script:
        "../workflow/scripts/average_losses.py"


rule test_arms:
    input:
        cells=rules.declare_family.output.cells,
        family=rules.declare_family.output.family,
        units=of_cells("{backbone}/units.parquet"),
        agreement=of_cells("{backbone}/agreement.csv"),
        selected=of_cells("{backbone}/selected.json"),
    output:
        tests="results/softgroup/tables/tests.csv",
    log:
        "results/logs/test_arms.log",
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=memory(8000),
    params:
        statistics=soft_statistics(),
        code=code("test_arms.py", env="data"),
    script:
        "../workflow/scripts/test_arms.py"


rule tabulate:
    input:
        cells=rules.declare_family.output.cells,
        family=rules.declare_family.output.family,
        tests=rules.test_arms.output.tests,
        units=of_cells("{backbone}/units.parquet"),
        agreement=of_cells("{backbone}/agreement.csv"),
        leak=of_cells("{backbone}/leak.parquet", "leak"),
    output:
        gains="results/softgroup/tables/t1.csv",
        controls="results/softgroup/tables/t2.csv",
        parts="results/softgroup/tables/t3.csv",
        leaks="results/softgroup/tables/t4.csv",
        recovery="results/softgroup/tables/recovery.csv",
    log:
        "results/logs/tabulate.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        statistics=soft_statistics(),
        code=code("tabulate.py", env="data"),
    script:
        "../workflow/scripts/tabulate.py"


rule answer_questions:
    input:
        cells=rules.declare_family.output.cells,
        tests=rules.test_arms.output.tests,
        leaks=rules.tabulate.output.leaks,
        units=of_cells("{backbone}/units.parquet"),
        mass=of_cells("{backbone}/mass.csv"),
        similarity=of_cells("similarity.csv"),
        agreement=of_cells("{backbone}/agreement.csv"),
        curve=of_cells("{backbone}/curve.parquet", "curve"),
    output:
        claims="results/softgroup/tables/t5.csv",
        answers="results/softgroup/tables/t6.csv",
    log:
        "results/logs/answer_questions.log",
    localrule: True
    conda:
        "../envs/data.yaml"
    params:
        statistics=soft_statistics(),
        code=code("answer_questions.py", env="data"),
    script:
        "../workflow/scripts/answer_questions.py"
