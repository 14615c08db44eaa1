PYTHON ?= .venv/bin/python
DATA ?=

.DEFAULT_GOAL := help
.PHONY: help setup check test samples integration bench wheel clean

help: ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

setup: ## make .venv with the package (editable) and the tools
	python3 -m venv .venv
	.venv/bin/pip install -q -e '.[dev]'

check: ## ruff and mypy
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy --strict cleaner

test: ## the tests, without those that need a network, a browser or a cluster engine
	$(PYTHON) -m pytest -n auto -q

samples: ## the sample pages only: the test of the rules
	$(PYTHON) -m pytest -q tests/test_samples.py

integration: ## the other tests: the wheel in a clean environment, and so on
	$(PYTHON) -m pytest -q -m integration

bench: ## accuracy and speed; DATA=file of pages with gold text (.jsonl.gz)
	$(PYTHON) benchmarks/accuracy.py $(DATA)
	$(PYTHON) benchmarks/speed.py $(DATA)

wheel: clean ## a fresh wheel in dist/
	$(PYTHON) -m build --wheel

clean: ## remove what builds and tools left behind (.venv stays)
	rm -rf build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
