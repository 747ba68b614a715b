# Two commands: `make run` and `make test`. The rest: `make help`.

PYTHON ?= python3
BIN := .venv/bin

# The lock files come from the public index alone, whatever this machine's pip is told to use.
PUBLIC_INDEX := env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null
PIP_COMPILE := $(PUBLIC_INDEX) CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet \
	--generate-hashes --allow-unsafe --strip-extras --all-build-deps \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.DEFAULT_GOAL := help
.PHONY: help run test nightly check messages bench lock python venv dev

help: ## say what each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: venv ## start everything, with a demo operator (PORT, MAKEWHOLE_HOME, DATABASE_URL)
	@exec $(BIN)/makewhole run

test: dev ## set everything up and run all tests
	@$(BIN)/python tools/chromium.py
	@$(BIN)/python -m pytest -n 2 $(TESTS)

nightly: dev ## the property tests in their long form: at least 100,000 steps of claims and recoveries
	@MAKEWHOLE_PROPERTY_EXAMPLES=$${EXAMPLES:-2000} MAKEWHOLE_PROPERTY_STEPS=100000 \
		$(BIN)/python -m pytest -s -q tests/properties/test_tender_and_recovery.py

check: dev ## formatting, lint, types, and who may import whom
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@MAKEWHOLE_HOME=.mypy_cache/home $(BIN)/mypy
	@$(BIN)/lint-imports

messages: dev ## bring the catalogues of translations up to date with the source, and compile them
	@MAKEWHOLE_HOME=.mypy_cache/home $(BIN)/python tools/messages.py

bench: dev ## measure speed and memory into bench/results
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.pages

lock: dev ## pin what pyproject.toml names, with hashes (UPGRADE=--upgrade moves to the newest versions)
	@$(PIP_COMPILE) $(UPGRADE) --output-file requirements.lock pyproject.toml
	@$(PIP_COMPILE) $(UPGRADE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

python:
	@command -v $(PYTHON) > /dev/null || { \
		echo "Makewhole needs Python 3.11 or newer, and there is no $(PYTHON); on Debian: apt-get install -y python3 python3-venv" >&2; \
		exit 2; }

venv: python
	@$(PYTHON) tools/bootstrap.py

dev: python
	@$(PYTHON) tools/bootstrap.py --dev
