# Two commands: `make run` does the whole job on the bundled feeds, `make test` passes every test.
# Nothing is needed but Python 3.11-3.13 and make; everything else comes from the Python package index.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
    if $$name -c '$(FITS)' 2>/dev/null; then command -v $$name; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2
LYHDE_TEST_DATA ?=
export LYHDE_TEST_DATA

.PHONY: run test check compiled pure soak lock bench clean help

run: $(STAMP) pure  ## the whole job on the demo sources, then two searches
	$(BIN)/lyhde --config fixtures/demo/lyhde.toml run --demo

test: $(STAMP) pure check  ## all checks and all tests
	$(BIN)/pytest -n $(WORKERS)

check: $(STAMP)  ## format, lint, types, import law, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

compiled: $(STAMP)  ## reading, mapping and merging as compiled modules, where there is a C compiler
	@$(BIN)/python deploy/compiled.py build

pure: $(STAMP)  ## without them: the sources are what runs
	@$(BIN)/python deploy/compiled.py remove

soak: $(STAMP)  ## the long runs: kills, shuffles, mutations
	$(BIN)/pytest -m soak -o addopts="--import-mode=importlib --strict-markers"

bench: $(STAMP)  ## figures of docs/benchmarks.md
	$(BIN)/python -m benchmarks

$(STAMP): requirements.lock pyproject.toml
	@"$(PYTHON)" -c '$(FITS)' || { echo "Lyhde needs Python 3.11 to 3.13 with venv: install one, or make PYTHON=/path/to/python3.12" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip --disable-pip-version-check install --quiet uv==0.13.9 || echo "uv could not be had: installing with pip" >&2
	if [ -x $(BIN)/uv ]; then \
	    VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock && \
	    VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e . ; \
	else \
	    $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock && \
	    $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . ; \
	fi
	$(BIN)/lyhde index server fetch
	touch $@

lock:  ## requirements.lock anew, with hashes and without registry addresses
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev --upgrade pyproject.toml -o requirements.lock

clean:
	if [ -x $(BIN)/python ]; then $(BIN)/python deploy/compiled.py remove; fi
	rm -rf $(VENV) .lyhde

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'
