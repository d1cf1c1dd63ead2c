# Rockpool: `make run` starts everything, `make test` checks everything, `make` lists the rest.
#
# Works from a folder of any name: every path here is relative, and what a person gives (PORT, DATA,
# HOST, DEMO) reaches the shell through the environment, never through the text of a command.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?= .data
DEMO ?= 1
# $(value) takes what was typed as it is: a `$` in a folder's name is no variable of make.
override PORT := $(value PORT)
override HOST := $(value HOST)
override DATA := $(value DATA)
override DEMO := $(value DEMO)
export PORT HOST DATA DEMO

VENV_PYTHON := .venv/bin/python
# The tests and checks must not meet a production environment or somebody's data.
CHECKED := env -u ROCKPOOL_DATA -u ROCKPOOL_SECRET_KEY ROCKPOOL_ENV=test
FIND_PYTHON := for candidate in python3.11 python3 python3.12 python3.13; do \
	if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then python="$$candidate"; break; fi; done; \
	if [ -z "$${python:-}" ]; then \
	echo "Rockpool needs Python 3.11 or newer. Found: $$(python3 --version 2>&1 || echo none)." >&2; \
	echo "On Debian 12 or newer: sudo apt-get install python3 python3-venv" >&2; exit 1; fi
PREPARE := $(FIND_PYTHON); "$$python" -I community/runner/prepare.py

.PHONY: help run test lint types arrows django-checks test-fast test-scaled test-browser bench bench-scaled drills drills-scaled screens fmt lock messages clean pools-report

help:  ## list what make can do
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run:  ## start the community: make run PORT=8123 DATA=/some/folder DEMO=0
	@$(PREPARE) run
	@case "$$DEMO" in 0|no|false) demo=--no-demo ;; *) demo=--demo ;; esac; \
	exec $(VENV_PYTHON) -m community.runner --stop-with-parent "$$demo" \
		--host "$$HOST" --port "$$PORT" --data "$$DATA"

test:  ## everything: style, types, arrows, Django's checks, tests, browser tests
	@$(PREPARE) browser
	@$(MAKE) lint types arrows django-checks
	@$(CHECKED) $(VENV_PYTHON) -m pytest -n 2 -m "not browser and not bench and not long"
	@$(CHECKED) $(VENV_PYTHON) -m pytest -n 0 -m "browser and not bench"

lint:  ## style (ruff)
	@$(PREPARE) test
	$(VENV_PYTHON) -m ruff check
	$(VENV_PYTHON) -m ruff format --check

types:  ## types (mypy)
	@$(PREPARE) test
	$(CHECKED) $(VENV_PYTHON) -m mypy

arrows:  ## who may import whom (import-linter)
	@$(PREPARE) test
	$(CHECKED) $(VENV_PYTHON) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'

# A production-like environment: Django's own list of what a public site must have.
PRODUCTION_LIKE := env ROCKPOOL_ENV=production ROCKPOOL_ALLOWED_HOSTS=pool.example.org \
	ROCKPOOL_SITE_URL=https://pool.example.org \
	"ROCKPOOL_SECRET_KEY=$$(head -c 60 /dev/urandom | base64 -w 0)"

django-checks:  ## missing migrations, deployment checks, the API's schema
	@$(PREPARE) test
	$(CHECKED) $(VENV_PYTHON) manage.py makemigrations --check --dry-run
	$(PRODUCTION_LIKE) $(VENV_PYTHON) manage.py check --deploy --fail-level WARNING
	$(CHECKED) $(VENV_PYTHON) manage.py spectacular --validate --fail-on-warn --file /dev/null

test-fast:  ## the tests without a browser and without the drills
	@$(PREPARE) test
	@$(CHECKED) $(VENV_PYTHON) -m pytest -n 2 -m "not browser and not drill and not bench and not long"

test-scaled:  ## the tests on PostgreSQL, Redis and S3: make test-scaled TESTS=tests/search
	@$(PREPARE) scaled
	@$(CHECKED) .venv-scaled/bin/python -m tests.scaled $(TESTS)

test-browser:  ## the journeys in a real browser
	@$(PREPARE) browser
	@$(CHECKED) $(VENV_PYTHON) -m pytest -n 0 -m browser

drills:  ## what must hold when things go wrong, a line each: make drills ONLY=F1 WRITE=1
	@$(PREPARE) test
	@$(CHECKED) $(VENV_PYTHON) -m pytest -q -n 0 -m letter --only-drills "$(ONLY)" \
		$(if $(WRITE),--write-drills)

drills-scaled:  ## those that need PostgreSQL, Redis and RabbitMQ: make drills-scaled ONLY=B2 WRITE=1
	@$(PREPARE) scaled
	@$(CHECKED) .venv-scaled/bin/python -m tests.scaled.drills --only-drills "$(ONLY)" \
		$(if $(WRITE),--write-drills)

bench:  ## the figures of docs/performance.md: make bench WRITE=1, make bench SMALL=1
	@$(PREPARE) test
	@$(CHECKED) $(VENV_PYTHON) -m pytest -n 0 -s -m bench $(or $(TESTS),tests/bench) \
		$(if $(WRITE),--write) $(if $(SMALL),--small)

bench-scaled:  ## the same on PostgreSQL and Redis: make bench-scaled WRITE=1
	@$(PREPARE) scaled
	@$(CHECKED) .venv-scaled/bin/python -m tests.scaled.bench \
		$(if $(WRITE),--write) $(if $(SMALL),--small)

evaluate:  ## the table of docs/evaluation.md, where the data lies beside the project
	@$(PREPARE) run
	$(CHECKED) $(VENV_PYTHON) manage.py evaluate --all --write docs/evaluation.md

screens:  ## take the pictures in docs/screens anew, of the demo community
	@$(PREPARE) browser
	@$(CHECKED) $(VENV_PYTHON) -m tests.browser.screens

fmt:  ## put the code into shape
	@$(PREPARE) test
	$(VENV_PYTHON) -m ruff check --fix
	$(VENV_PYTHON) -m ruff format

lock:  ## resolve requirements*.in anew into locked lists with hashes
	@$(PREPARE) test
	$(VENV_PYTHON) -m uv pip compile --quiet --python-version 3.11 --generate-hashes --upgrade \
		--no-header -o requirements.txt requirements.in
	$(VENV_PYTHON) -m uv pip compile --quiet --python-version 3.11 --generate-hashes --upgrade \
		--no-header -o requirements-dev.txt requirements-dev.in
	$(VENV_PYTHON) -m uv pip compile --quiet --python-version 3.11 --generate-hashes --upgrade \
		--no-header -o requirements-scaled.txt requirements-scaled.in
	$(VENV_PYTHON) -m uv pip compile --quiet --python-version 3.11 --generate-hashes --upgrade \
		--no-header -o requirements-scaled-dev.txt requirements-scaled-dev.in
	$(VENV_PYTHON) -m uv pip compile --quiet --python-version 3.11 --generate-hashes --upgrade \
		--no-header -o requirements-telemetry.txt requirements-telemetry.in

messages:  ## collect the texts to translate into community/locale
	@$(PREPARE) browser
	$(CHECKED) $(VENV_PYTHON) manage.py makemessages --all --no-obsolete --no-wrap \
		--add-location file --ignore '.venv/*' --ignore '.venv-scaled/*' --ignore '.build/*' \
		--ignore '.data/*' --ignore 'tests/*'
	@# The date changes with every run, and nothing else may differ when no text did.
	@find community/locale -name '*.po' -exec sed -i '/^"POT-Creation-Date:/d' {} +

clean:  ## remove what was built (the data folder stays)
	rm -rf .venv .venv-scaled .build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name '__pycache__' -type d -prune -exec rm -rf {} +
	find community/locale -name '*.mo' -delete 2>/dev/null || true

pools-report:  ## measure the pools in the sandbox and renew docs/pools.md
	@$(PREPARE) run
	$(VENV_PYTHON) manage.py sandbox --days 2 --people 800 --notes 600 --new 20 \
		--impressions 20000 --at-once 2 --policy docs/pools/slot-every-20.json \
		--policy docs/pools/slot-every-5.json --policy docs/pools/no-lift.json --docs docs/pools.md
