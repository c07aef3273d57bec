# make run    starts Padan on http://127.0.0.1:8501
# make public serves what is published on http://127.0.0.1:8600, from that folder alone (FOLDER=...)
# make test   passes every test, those in a browser included
# make check  lint and tests, as every change has to pass them

PYTHON ?= python3
ENV := .venv
BIN := $(ENV)/bin
.DEFAULT_GOAL := run
.NOTPARALLEL:
.PHONY: run public test lint check format bench docs pictures pins hooks

run: $(ENV)/running
	@$(BIN)/python -m data sample --if-empty
	@$(BIN)/python -m data users first
	@echo
	@echo "  Padan: http://127.0.0.1:8501   (Ctrl+C: berhenti / stop)"
	@echo
	@$(BIN)/streamlit run app.py

public: $(ENV)/running
	@$(BIN)/python -m components.public $(FOLDER)

test: $(ENV)/testing
	@sh .ci/browser
	@sh .ci/postgres
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: $(ENV)/testing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

format: $(ENV)/testing
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(ENV)/testing
	$(BIN)/python -m benchmarks

hooks: $(ENV)/testing
	$(BIN)/pre-commit install

docs: $(ENV)/running
	$(BIN)/python -m docs.generate

pictures: $(ENV)/testing
	$(BIN)/python -m docs.pictures

pins: $(ENV)/testing
	for name in requirements requirements-test; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links --generate-hashes --output-file $$name.txt $$name.in > /dev/null || exit 1; \
	done

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Padan needs Python 3.11 or newer as '$(PYTHON)'; name another one with: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python lacks its part for virtual environments; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(ENV)

$(ENV)/running: requirements.txt | $(BIN)/pip
	@echo "Memasang paket, sekitar satu menit / Installing packages, about a minute"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(ENV)/testing: requirements-test.txt $(ENV)/running
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@
