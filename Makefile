# One command each. `make` alone says what there is.
SHELL := bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup run demo test django-suite check bench mysql mysql-stop schema lock clean

python := .venv/bin/python
compile := .venv/bin/uv pip compile pyproject.toml --quiet --no-header --no-annotate --universal --python-version 3.12

MYSQL_DATA ?= var/mysql
MYSQL_PORT ?= 3307

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Find a Python and install what the server needs into .venv
	@scripts/setup run

run: setup ## Serve all apps here: migrates, seeds, prints the URLs (PORT=8000)
	@exec $(python) manage.py serve

demo: setup ## Play a child's week against the running server (PORT=8000)
	@exec $(python) manage.py demo

test: ## Run every test on SQLite, and what touches the database again on a real MySQL
	@scripts/install-test-tools
	@scripts/setup dev
	@scripts/test

django-suite: ## Compare Django's own tests on our engines and on the stock ones (ENGINE=mysql LABELS=queries)
	@scripts/install-test-tools compiler
	@scripts/setup dev
	@exec scripts/django-suite $(if $(ENGINE),--engine $(ENGINE)) $(LABELS)

check: ## Look at form, types, imports, spelling, migrations and deployment settings
	@scripts/install-test-tools compiler
	@scripts/setup dev
	@scripts/check

bench: ## Run each measurement of bench/
	@scripts/install-test-tools
	@scripts/setup dev
	@for file in $$(grep -l __main__ bench/*.py); do \
	  name=$${file##*/}; echo "── $$file ──"; $(python) -m "bench.$${name%.py}" || exit; \
	done

mysql: ## Start a MySQL server for development and print its URL (MYSQL_PORT=3307)
	@scripts/mysql-server stop "$(MYSQL_DATA)"
	@scripts/mysql-server start "$(MYSQL_DATA)" "$(MYSQL_PORT)"
	@echo "DATABASE_URL=mysql://root@127.0.0.1:$(MYSQL_PORT)/alphazed"

mysql-stop: ## Stop it; its data stays in var/mysql
	@scripts/mysql-server stop "$(MYSQL_DATA)"

schema: ## Write docs/openapi.json anew
	@scripts/setup run
	@$(python) manage.py spectacular --format openapi-json --validate --fail-on-warn --file docs/openapi.json

lock: ## Pin what pyproject.toml asks for (UPGRADE=1 moves to the newest versions)
	@scripts/setup run
	@$(compile) --all-extras $(if $(UPGRADE),--upgrade) --output-file constraints.txt >/dev/null
	@$(compile) --extra mysql --extra aws --constraint constraints.txt --output-file requirements.txt >/dev/null

clean: ## Remove .venv and what tools left behind; your data in var/ stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage staticfiles
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
