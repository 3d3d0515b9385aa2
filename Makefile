# make reproduce    build .venv, run the demo study, write figures and reports
# make test         the same .venv plus the development tools: lint, then the tests
# make extras       optional packages: EXTRAS="bundle lightgbm softgroup tracking" or some of them
# make benchmark-env  .venv-benchmark for benchmarks/training.py
# make lint         ruff, snakefmt, snakemake --lint
# make format       apply ruff's import order and both formatters
# make locks        compile pyproject.toml into requirements/*.txt
# make conda-pins   explicit conda pin files beside envs/*.yaml
# make clean-venv   remove all of these environments; the next call builds them anew
#
# Every step of the installation leaves a stamp in .venv/stamps and is not repeated
# until the file that it follows from changes.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := reproduce
.DELETE_ON_ERROR:
# A site setting of one of these would change what runs; without byte-compiled modules
# every job starts seconds later.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE SNAKEMAKE_PROFILE

# --- settings (make NAME=value ...) -------------------------------------------------

# The interpreter that builds .venv, by default the first one found that is 3.11.
IS_311 = import sys; sys.exit(sys.version_info[:2] != (3, 11))
PYTHON ?= $(firstword $(foreach p,python3.11 python3,\
	$(shell $(p) -c '$(IS_311)' 2>/dev/null && echo $(p))))
CORES ?= $(shell nproc)

# Which build of torch: auto (CPU build, else CUDA build), cpu, cuda. It is chosen
# once; to change it, `make clean-venv` first.
TORCH ?= auto
# Optional: the package index to ask first for the CPU build of torch, e.g. PyTorch's
# own CPU index (its address stands on PyTorch's installation page):
#     make reproduce TORCH_INDEX=https://...
TORCH_INDEX ?=
export TORCH_INDEX

# Optional packages, installed by `make extras` or before the tests by `make test`:
# bundle (mlcroissant, and dvc in .venv-dvc), lightgbm, softgroup (chronos-forecasting),
# tracking (wandb). The tests of one that is not here skip.
EXTRAS ?=

# For `make locks`: a folder with the official wheel torch-2.13.0+cpu for CPython 3.11
# and manylinux_2_28_x86_64 (pip download --no-deps --index-url $TORCH_INDEX
# torch==2.13.0 gets it), and options for uv, e.g. LOCK_OPTIONS=--upgrade.
WHEELS ?=
LOCK_OPTIONS ?=
# For `make conda-pins`: the CUDA version that the GPU environment is solved for.
CUDA ?= 12.9

# --- the environment ----------------------------------------------------------------

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
UV ?= $(BIN)/uv
# Locks are complete, so pip resolves nothing; modules are compiled when first used.
INSTALL := pip install --no-deps --no-compile --progress-bar off
SNAKEFILES := Snakefile rules
# dvc's dependencies do not agree with ours, so it has an environment of its own.
VENV_DVC := .venv-dvc
# Files of tests are shared out to as many processes as there are cores.
WORKERS := --numprocesses $(CORES) --dist loadfile --no-loadscope-reorder
# Only benchmarks/training.py needs it; nothing of the study imports neuralforecast.
VENV_BENCHMARK := .venv-benchmark
ADDED := $(EXTRAS:%=$(STAMPS)/%) $(if $(filter bundle,$(EXTRAS)),$(VENV_DVC)/stamp)

.PHONY: reproduce test extras benchmark-env lint format locks conda-pins clean-venv

$(STAMPS)/venv:
	@[ "$$(uname -sm)" = "Linux x86_64" ] || { \
		echo "seqshift's locks are for Linux x86_64, this is $$(uname -sm)"; exit 1; }
	@[ -n "$(PYTHON)" ] && $(PYTHON) -c '$(IS_311)' || { \
		echo "seqshift needs Python 3.11; name one: make PYTHON=/path/to/python3.11"; \
		exit 1; }
	@echo "==> [1/4] virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/torch: requirements/torch-cpu.txt requirements/torch.sh $(STAMPS)/venv
	@echo "==> [2/4] torch"
	@requirements/torch.sh $(VENV) $@ $(TORCH)

$(STAMPS)/core: requirements/cpu.txt requirements/cuda.txt $(STAMPS)/torch
	@read -r route lock <$(STAMPS)/torch; \
	echo "==> [3/4] packages of requirements/$$lock.txt"; \
	$(BIN)/$(INSTALL) --require-hashes -r requirements/$$lock.txt
	@touch $@

$(STAMPS)/project: requirements/record.py $(STAMPS)/core
	@echo "==> [4/4] check"
	@$(BIN)/pip check
	@$(BIN)/python requirements/record.py $$(cat $(STAMPS)/torch)
	@touch $@

$(STAMPS)/dev $(STAMPS)/bundle $(STAMPS)/lightgbm $(STAMPS)/softgroup $(STAMPS)/tracking: $(STAMPS)/%: requirements/%.txt $(STAMPS)/project
	@echo "==> packages of requirements/$*.txt"
	@$(BIN)/$(INSTALL) --require-hashes -r requirements/$*.txt
	@$(BIN)/pip check
	@touch $@

$(VENV_DVC)/stamp: requirements/dvc.txt $(STAMPS)/venv
	@echo "==> dvc in $(VENV_DVC)"
	@$(BIN)/python -m venv --clear $(VENV_DVC)
	@$(VENV_DVC)/bin/$(INSTALL) --require-hashes -r requirements/dvc.txt
	@$(VENV_DVC)/bin/pip check
	@touch $@

$(VENV_BENCHMARK)/stamp: requirements/benchmark.txt requirements/torch.sh $(STAMPS)/venv
	@echo "==> neuralforecast in $(VENV_BENCHMARK)"
	@$(BIN)/python -m venv --clear $(VENV_BENCHMARK)
	@requirements/torch.sh $(VENV_BENCHMARK) $(VENV_BENCHMARK)/torch cpu
	@$(VENV_BENCHMARK)/bin/$(INSTALL) --require-hashes -r requirements/benchmark.txt
	@$(VENV_BENCHMARK)/bin/pip check
	@touch $@

extras: $(ADDED)

benchmark-env: $(VENV_BENCHMARK)/stamp

clean-venv:
	rm -rf $(VENV) $(VENV_DVC) $(VENV_BENCHMARK)

# --- the study ----------------------------------------------------------------------

# Snakemake decides what of the study is out of date; its own report is renewed when
# something that it shows is newer.
REPORTED := results Snakefile rules workflow envs config

reproduce: $(STAMPS)/project
	@echo "==> demo study on $(CORES) core(s)"
	@$(BIN)/snakemake -c$(CORES)
	@if [ ! -e results/snakemake.html ] || \
		[ -n "$$(find $(REPORTED) -type f -newer results/snakemake.html -print -quit)" ]; \
	then \
		echo "==> Snakemake's report"; \
		$(BIN)/snakemake --report results/snakemake.html; \
	fi
	@echo "Done. Open results/report.html (findings) and results/snakemake.html (workflow)."

# --- checks -------------------------------------------------------------------------

test: lint $(ADDED)
	@echo "==> pytest"
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(WORKERS) $(PYTEST_OPTIONS)

lint: $(STAMPS)/dev
	@echo "==> lint"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/snakefmt --check $(SNAKEFILES)
	@$(BIN)/snakemake --lint

format: $(STAMPS)/dev
	$(BIN)/ruff check --select I --fix .
	$(BIN)/ruff format .
	$(BIN)/snakefmt $(SNAKEFILES)

# --- pins ---------------------------------------------------------------------------

locks: $(STAMPS)/dev
	@[ -n "$(WHEELS)" ] || { \
		echo "name the folder with torch's CPU wheel: make locks WHEELS=folder"; exit 1; }
	@$(BIN)/python requirements/lock.py $(UV) $(WHEELS) $(LOCK_OPTIONS)

# Needs conda and snakedeploy on PATH and a reachable conda-forge. Never by hand: the
# build strings and checksums of a pin file are known to the channel only.
conda-pins:
	@command -v snakedeploy >/dev/null || { \
		echo "make conda-pins needs conda and snakedeploy on PATH"; exit 1; }
	CONDA_OVERRIDE_CUDA=$(CUDA) snakedeploy pin-conda-envs envs/*.yaml
