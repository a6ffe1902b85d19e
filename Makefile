# What a person types. `make run` and `make test` are enough; everything else is a part of them.
PYTHON := .venv/bin/python
PORT ?= 5005
UV_VERSION := 0.13.9

.DEFAULT_GOAL := help
.PHONY: help setup run chat train test slow check lint audit bench evaluate telegram clean lock

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/ready ## the environment, from the lock

.venv/ready: requirements.lock requirements-dev.lock requirements-uv.lock
	@python3.10 --version >/dev/null 2>&1 || { \
	  echo "This needs Python 3.10 (Rasa 3.6 runs on no later one). Install it, so that 'python3.10 --version' answers, then try again."; exit 1; }
	@echo "Setting up the environment (once) …"
	@test -x $(PYTHON) || python3.10 -m venv .venv
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@.venv/bin/uv pip sync --quiet --compile-bytecode --python $(PYTHON) --require-hashes requirements-dev.lock
	@touch $@

run: .venv/ready ## set up, train if needed, and serve on PORT (5005)
	@$(PYTHON) -m bot serve --port $(PORT)

chat: .venv/ready ## talk in the terminal
	@$(PYTHON) -m bot chat

train: .venv/ready ## train if needed
	@$(PYTHON) -m bot train

test: .venv/ready ## set up and run the tests
	@$(PYTHON) -m pytest -m "not services and not fuzz and not slow"

slow: .venv/ready ## the slow groups: PostgreSQL, Redis and nginx; hostile inputs; bursts
	@$(PYTHON) -m pytest -m "services or fuzz or slow"

check: .venv/ready ## all problems of the knowledge base at once
	@$(PYTHON) -m bot check

lint: .venv/ready ## ruff and mypy
	@$(PYTHON) -m ruff check . && $(PYTHON) -m mypy

audit: .venv/ready ## known weaknesses of the locked versions, where the internet is reachable
	@$(PYTHON) .ci/audit.py

evaluate: .venv/ready ## the project's own evaluation, against a server on PORT
	@$(PYTHON) -m tests.evaluation.evaluate --url http://127.0.0.1:$(PORT)

bench: .venv/ready ## measure against Rasa's default assistant (half an hour)
	@$(PYTHON) -m benchmarks

telegram: .venv/ready ## serve with Telegram by long polling (needs TELEGRAM_TOKEN)
	@TELEGRAM_MODE=polling $(PYTHON) -m bot serve --port $(PORT)

lock: ## resolve the versions anew (no address of a package registry is written)
	@.venv/bin/uv pip compile --quiet pyproject.toml --generate-hashes --python-version 3.10 --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock
	@.venv/bin/uv pip compile --quiet pyproject.toml --extra dev --generate-hashes --python-version 3.10 --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements-dev.lock
	@echo "uv==$(UV_VERSION)" | .venv/bin/uv pip compile --quiet - --generate-hashes --python-version 3.10 --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements-uv.lock

clean: ## remove environment, models and data
	@rm -rf .venv models var .rasa .pytest_cache .mypy_cache .ruff_cache
