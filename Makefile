PORT ?= 5000
export PORT
unexport PYTHONDONTWRITEBYTECODE  # compiling every library at each start costs seconds
BIN := .venv/bin
INSTALL := $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes --build-constraints requirements/build.lock
PIN := ../$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header
FLASK := COLLECTOR_ENV=development $(BIN)/flask --app wsgi
WORDS := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

.DEFAULT_GOAL := help
.PHONY: help setup run worker test check format lint types arch conventions migrate migration lock words bench screens bench-roads bench-zones bench-routes bench-desk bench-sync bench-phone clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.runtime static/vendor/.installed $(WORDS) .venv/.compiled  ## Create .venv and fetch the browser libraries; all pinned by hash

run: setup  ## Serve the demo on 127.0.0.1:$PORT (5000), with a worker
	@$(FLASK) db upgrade
	@$(FLASK) demo load
	@COLLECTOR_ENV=development $(BIN)/honcho start

worker: setup  ## Run only the worker of long jobs
	@$(FLASK) worker

test: .venv/.dev static/vendor/.installed $(WORDS) .venv/.compiled  ## Run every test, on SQLite and on PostgreSQL, with a real browser
	@CHROME="$$(scripts/chromium.sh)" && export CHROME && $(BIN)/pytest -n 2 --database both

check: lint types arch conventions test  ## Format, ruff, mypy, import contracts, conventions, then every test

format: .venv/.dev  ## Put every Python file in order
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lint: .venv/.dev  ## Check format and style
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .

types: .venv/.dev  ## Check types, strictly
	@$(BIN)/mypy

arch: .venv/.dev  ## Check which area may import which
	@$(BIN)/lint-imports

conventions: .venv/.dev static/vendor/.installed $(WORDS)  ## Check the conventions that no other tool knows
	@$(BIN)/pytest tests/test_conventions.py

migrate: setup  ## Bring the database to the present tables
	@$(FLASK) db upgrade

migration: .venv/.dev  ## Write a migration from the models: make migration M="what changed"
	@scripts/new_migration.sh "$(M)"

lock: .venv/.uv  ## Pin every requirement again, with hashes
	cd requirements && for f in uv build node runtime dev; do $(PIN) --python-version 3.11 $$f.in -o $$f.lock || exit 1; done
	cd requirements && $(PIN) --python-version 3.12 peers.in -o peers.lock
	cd requirements && $(PIN) --python-version 3.11 --no-deps demo.in -o demo.lock
	npm install --package-lock-only --ignore-scripts

words: .venv/.dev  ## Gather the words of the screens for the translators
	@PYTHONPATH=. $(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output --omit-header -o translations/messages.pot .
	@$(BIN)/python scripts/update_catalogues.py
	@$(MAKE) --no-print-directory setup

bench: setup  ## Measure imports, plans, pages and requests; print one table and keep it in docs/benchmarks.md
	@PYTHONPATH=. $(BIN)/python scripts/bench.py --write docs/benchmarks.md

bench-roads: setup  ## Measure the road engine beside OSRM and Valhalla: make bench-roads EXTRACT=city.osm.pbf [GROWTH="1 2 4"]
	@test -f "$(EXTRACT)" || { echo 'make bench-roads EXTRACT=city.osm.pbf: no such file: "$(EXTRACT)"' >&2; exit 2; }
	@python="$$(scripts/peers_python.sh)"; \
	if [ -n "$$python" ] && [ ! -e .venv/peers/.installed ]; then \
		$(BIN)/uv venv -q --clear --python "$$python" .venv/peers && \
		$(BIN)/uv pip install -q --python .venv/peers/bin/python --require-hashes --no-build -r requirements/peers.lock && \
		touch .venv/peers/.installed || exit 1; \
	fi; \
	PYTHONPATH=.:scripts $(BIN)/python scripts/bench_roads.py "$(EXTRACT)" \
		$$([ -e .venv/peers/.installed ] && echo --peers-python .venv/peers/bin/python) \
		--growth $(GROWTH) $(if $(WRITE),--write $(WRITE))

bench-desk: setup .venv/.dev  ## Measure every page with up to 100,000 clients and 1,000,000 visits: make bench-desk [CLIENTS="1000 100000"] [FOLDER=dir] [DATABASES="sqlite postgresql"] [SECONDS=60] [JSON=file]
	@$(BIN)/python -m scripts.bench_desk --write docs/benchmarks.md $(if $(CLIENTS),--clients $(CLIENTS)) $(if $(FOLDER),--folder "$(FOLDER)") \
		$(if $(DATABASES),--databases $(DATABASES)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(JSON),--json "$(JSON)")

bench-zones: .venv/.dev .venv/.compiled  ## Measure zones beside k-means, k-means-constrained and METIS: make bench-zones [SIZES="1000 100000"] [CITY=city.osm.pbf]
	@PYTHONPATH=. $(BIN)/python scripts/bench_zones.py $(if $(SIZES),--sizes $(SIZES)) $(if $(CITY),--city "$(CITY)") $(if $(WRITE),--write $(WRITE))

bench-routes: setup .venv/.dev  ## Measure the route search beside its peers: make bench-routes CITY=city.osm.pbf [TOPTW=folder] [PCVRPTW=folder]
	@test -f "$(CITY)" || { echo 'make bench-routes CITY=city.osm.pbf: no such file: "$(CITY)"' >&2; exit 2; }
	@PYTHONPATH=. $(BIN)/python scripts/bench_routes.py --city "$(CITY)" --zones --write docs/benchmarks.md \
		$(if $(TOPTW),--toptw "$(TOPTW)") $(if $(PCVRPTW),--pcvrptw "$(PCVRPTW)")

bench-sync: setup .venv/.dev  ## Measure events of phones a second on SQLite and PostgreSQL, beside a tutorial's way: make bench-sync [SECONDS=10] [PHONES=50]
	@PYTHONPATH=. $(BIN)/python -m scripts.bench_sync --write docs/benchmarks.md \
		$(if $(SECONDS),--seconds $(SECONDS)) $(if $(PHONES),--phones $(PHONES))

bench-phone: setup .venv/.dev  ## Let phones, servers and networks fail under 1,000 visits and look for each: make bench-phone [VISITS=1000] [PHONES=20] [FAULTS=200] [SEED=1] [MINUTES=60]
	@CHROME="$$(scripts/chromium.sh)" && export CHROME && PYTHONPATH=. $(BIN)/python -m scripts.bench_phone --write docs/benchmarks.md \
		$(if $(VISITS),--visits $(VISITS)) $(if $(PHONES),--phones $(PHONES)) $(if $(FAULTS),--faults $(FAULTS)) $(if $(SEED),--seed $(SEED)) \
		$(if $(MINUTES),--minutes $(MINUTES))

screens: .venv/.dev  ## Take the pictures of the manual, of the demo running on $PORT
	@CHROME="$$(scripts/chromium.sh)" && export CHROME && PYTHONPATH=. $(BIN)/python scripts/screens.py

clean:  ## Remove what tools leave behind; keeps .venv and the data of instance/
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage test-results
	rm -f .venv/.compiled
	find . -name __pycache__ -not -path './.venv/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

# What the targets above stand on. Each file is made once and again when its lock changes.

.venv/.uv: requirements/uv.lock
	@python="$$(scripts/find_python.sh)" && echo "creating .venv with $$python" && "$$python" -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/uv.lock
	@touch $@

.venv/.runtime: .venv/.uv requirements/build.lock requirements/runtime.lock requirements/demo.lock
	@echo "installing what the application needs"
	@$(INSTALL) -r requirements/runtime.lock
	@$(INSTALL) --no-deps -r requirements/demo.lock
	@touch $@

.venv/.dev: .venv/.runtime requirements/dev.lock
	@echo "installing what the checks need"
	@$(INSTALL) -r requirements/dev.lock
	@touch $@

# Loops that Numba compiles, each set in a process of its own; nobody who plans waits for them.
.venv/.compiled: .venv/.runtime $(wildcard routing/compiled.py routing/solver/kernels/*.py routing/travel/streets/kernels/*.py routing/bound/*.py routing/zoning/kernels/*.py)
	@echo "compiling routes and streets (two to three minutes, once)"
	@for loops in routing.solver.warm routing.travel.streets.warm routing.bound routing.zoning.warm; do \
		PYTHONPATH=. $(BIN)/python -c "from $$loops import warm; warm()" & running="$$running $$!"; \
	done; for one in $$running; do wait $$one || exit 1; done
	@touch $@

node_modules/.installed: package-lock.json .npmrc scripts/npm.sh | .venv/.uv
	@echo "installing the browser libraries"
	@scripts/npm.sh ci --ignore-scripts --loglevel=error
	@touch $@

static/vendor/.installed: node_modules/.installed package.json scripts/vendor.py
	@$(BIN)/python scripts/vendor.py
	@touch $@

%.mo: %.po | .venv/.runtime
	@$(BIN)/pybabel -q compile -i $< -o $@
