# make run    sets everything up and backtests an example on real prices
# make test   sets everything up and passes the suite
# make fast   the tests that take milliseconds     make long   the whole suite, slow tests too
# make bench  speed, as ratios                     make clean  removes what was made, distclean also .venv
# PYTHON=/path/to/python3 chooses the interpreter, PYTEST='-k name -x' adds to the pytest command.
.POSIX:
.DEFAULT_GOAL := help
.PHONY: help run test fast long bench clean distclean

EXAMPLE := golden_cross
REPORT := build/$(EXAMPLE).html
PYTHON_IN_VENV := .venv/bin/python
WORKERS := auto
# A file's tests stay on one worker: what a file compiles once is compiled once.
SUITE := $(PYTHON_IN_VENV) -m pytest -n $(WORKERS) --maxprocesses=8 --dist loadfile
export PYTHON

help:
	@sed -n '/^\./q; s/^# //p' Makefile

run:
	@sh .ci/environment run
	@mkdir -p build
	@.venv/bin/stratc run examples/$(EXAMPLE)/strategy.strat --report $(REPORT)
	@echo "report: $(REPORT)"

test:
	@sh .ci/environment dev
	@$(SUITE) -m "not slow" $(PYTEST)

fast:
	@sh .ci/environment dev
	@$(PYTHON_IN_VENV) -m pytest -m fast $(PYTEST)

long:
	@sh .ci/environment dev
	@$(SUITE) $(PYTEST)

bench:
	@sh .ci/environment dev
	@$(PYTHON_IN_VENV) tests/bench/peers.py
	@$(PYTHON_IN_VENV) tests/bench/paper.py
	@$(PYTHON_IN_VENV) tests/bench/kernels.py
	@$(PYTHON_IN_VENV) tests/bench/check.py
	@$(PYTHON_IN_VENV) tests/bench/search.py
	@$(PYTHON_IN_VENV) tests/bench/guards.py
	@$(PYTHON_IN_VENV) tests/bench/journal.py

clean:
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis tests/typing/build
	@find dsl compiler runtime rules examples tests -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	@rm -rf .venv tests/typing/stratc.egg-info
