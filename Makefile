# `make run` and `make test` need nothing but Python 3.11 or newer: they make the environment themselves.

PORT ?= 8001
# the first that runs and is new enough (a version manager's shim may be there without its version)
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin
STAMP = .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help install run test lint bench bench-extraction bench-estimation validation publish-static lock clean

help:  ## show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP)  ## make the environment in .venv from the lock

$(STAMP): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --requirement requirements.txt
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --editable .
	@touch $(STAMP)

run: install  ## the site at http://127.0.0.1:8001 (PORT=…): real data where there is some, else the sample, refreshed behind it
	$(BIN)/scrapy site --live --port $(PORT)

test: lint  ## style, types, layers, then every test
	$(BIN)/pytest -q -n 2 --dist loadgroup --cov --cov-report=term:skip-covered

lint: install  ## style (ruff), types (mypy), layers (import-linter)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install  ## every benchmark; prints ratios, asserts nothing
	@for file in tests/bench/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

bench-extraction: install  ## precision and recall of the reader on the corpus beside the project, where there is one
	$(BIN)/python tests/bench/score_extraction.py

bench-estimation: install  ## accuracy of the estimators on reference rows beside the project, where there are some
	$(BIN)/python tests/bench/score_estimation.py

validation: install  ## the numbers of the README anew, where there are references beside the project
	$(BIN)/python tests/bench/write_validation.py

publish-static: install  ## the site as files in public/, for any web server
	$(BIN)/scrapy site --export public

lock: install  ## make requirements.txt anew from pyproject.toml (newest versions that resolve)
	VIRTUAL_ENV=.venv $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev --no-emit-index-url \
		--custom-compile-command "make lock" --output-file requirements.txt pyproject.toml

clean:  ## remove the environment and what tests leave behind
	rm -rf .venv .coverage .mypy_cache .ruff_cache .import_linter_cache build ./*.egg-info
