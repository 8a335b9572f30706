# Everything runs in a virtual environment in this folder; the system stays as it is.
# Another Python: make PYTHON=/path/to/python3.12 …

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	"$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo "$$name" && break; done)

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench golden setup clean

help:  ## show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

demo: $(READY)  ## set up, then watch six days of news pass on this machine
	@$(BIN)/detente demo

test: $(READY)  ## set up, then run all tests
	@$(BIN)/pytest -q

lint: $(READY)  ## check style, formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(READY)  ## measure, each figure against its floor; BENCH=full measures more, PAGES=FOLDER and NEWS=FILE take yours
	@PAGES="$(PAGES)" NEWS="$(NEWS)" BENCH="$(BENCH)" $(BIN)/python benchmarks/run.py

golden: $(READY)  ## score rules and sameness on the golden sets; GOLDEN=--errors lists what is wrong
	@$(BIN)/python benchmarks/golden.py $(GOLDEN)
	@$(BIN)/python tests/golden/pairs.py $(GOLDEN)

setup: $(READY)  ## make the virtual environment in .venv

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "no Python 3.11, 3.12 or 3.13 was found: install one, or name it with 'make PYTHON=…'" >&2; exit 2; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version): once, a minute or so"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock -c requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

clean:  ## remove the virtual environment and what tools left behind
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
