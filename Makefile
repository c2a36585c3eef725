.DEFAULT_GOAL := help
PYTHON ?= python3
MARKS ?= not node and not browser
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

help: ## print these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml
	@echo "setting up $(VENV) with $$($(PYTHON) --version) (once; one to three minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the project and its development tools from the package index"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev,fast]'
	@echo "$(VENV) is ready"
	@touch $@

setup: $(READY) ## make .venv with everything the project needs

check: lint types house fresh test ## everything that must pass before a change is done

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell cogmock tests scripts docs examples changes *.md
	$(BIN)/deptry cogmock
	$(BIN)/python -m pip check

types: $(READY)
	$(BIN)/mypy

house: $(READY)
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.house

fresh: $(READY) ## fail when a generated file is stale
	$(BIN)/python -m scripts.models --check
	$(BIN)/python -m scripts.docs --check

fix: $(READY) ## format, and fix what the linter can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: $(READY) ## run the tests that need Python alone
	$(BIN)/python -m pytest -n auto -m "$(MARKS)"

test-clients: $(READY) ## run the tests that need node, npm or Chromium
	$(BIN)/python -m pytest -n auto -m "node or browser"

versions: ## run the same tests on each installed Python of 3.11, 3.12, 3.13
	.ci/versions

test-all: $(READY) ## run all tests; they need node, npm and Chromium too
	$(BIN)/python -m pytest -n auto

lowest: ## run the tests on the lowest versions of the dependencies
	.ci/lowest

cover: $(READY) ## run the tests and report coverage
	$(BIN)/python -m pytest -n auto --cov --cov-report=term-missing:skip-covered

models: $(READY) ## write cogmock/aws from botocore's service models
	$(BIN)/python -m scripts.models

drift: $(READY) ## print what AWS changed since the models in cogmock/aws; downloads the newest botocore
	@$(BIN)/python -m scripts.drift $(ARGS)

docs: $(READY) ## write the pages that are generated from the code
	$(BIN)/python -m scripts.docs

site: $(READY) ## write the documentation as a site to build/site
	$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[site]'
	$(BIN)/mkdocs build --quiet --strict --config-file scripts/site/mkdocs.yml

dist: $(READY) ## build wheel and sdist into dist/, and check what is in them
	$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[release]'
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	$(BIN)/twine check --strict dist/*
	$(BIN)/python -m scripts.wheel dist/*.whl dist/*.tar.gz

serve: $(READY) ## start the server
	$(BIN)/cogmock serve

run: $(READY) ## start the server with a ready-made demo pool; options in ARGS="…"
	$(BIN)/python -m scripts.run $(ARGS)

articles: $(READY) ## start the example: a newspaper with free and premium articles
	$(BIN)/python -m examples.articles

demo: $(READY) ## run through an example, from sign-up to temporary credentials
	$(BIN)/python -m scripts.demo

bench: $(READY) ## compare the speed of cogmock, moto and ministack; PARTS=publish writes docs/benchmarks.md
	$(BIN)/python -m scripts.bench $(PARTS)

peers: $(READY) ## run moto's tests that were verified against AWS; MOTO=folder of a checkout instead of a download
	$(BIN)/python -m scripts.peers $(if $(MOTO),--checkout $(MOTO)) $(ARGS)

plays: $(READY) ## play random sequences of calls; options in ARGS="--steps 1000000 --only users"
	$(BIN)/python -m scripts.plays $(ARGS)

fuzz: $(READY) ## send a million random requests to a server; options in ARGS="--requests 20000 --seed 7"
	$(BIN)/python -m scripts.fuzz $(ARGS)

soak: $(READY) ## load a server for an hour over 64 connections; options in ARGS="--minutes 5 --rate 100"
	$(BIN)/python -m scripts.soak $(ARGS)

parity: $(READY) ## compare answers with another endpoint: ARGS='--endpoint URL' or ARGS='--aws --account ID'
	$(BIN)/python -m scripts.parity $(ARGS)

.PHONY: help setup check lint types house fresh fix test test-clients versions test-all lowest cover models drift docs site dist serve run articles demo bench peers plays fuzz soak parity
