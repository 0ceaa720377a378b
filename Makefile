# One command each: set up and try, set up and test, lint, prove, benchmark.
# Needs Python 3.11 or newer; uses uv where it is installed.

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.PHONY: demo test lint prove bench corpus figures matrix clean

demo: .venv/run
	$(BIN)/course grade examples/half_done --exit-zero

test: .venv/test
	$(BIN)/python -m pytest -n auto

lint: .venv/lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The long demonstrations: every submission on many seeds, verdicts under load.
prove: .venv/test
	$(BIN)/python tests/prove/families.py
	$(BIN)/python tests/prove/load.py
	$(BIN)/python tests/prove/wire.py
	$(BIN)/python tests/prove/attacks.py
	$(BIN)/python tests/prove/class_kill.py
	$(PYTHON) tools/environment.py $(PYTHON) test cluster
	$(BIN)/python tests/prove/cluster_kill.py
	$(BIN)/python tests/prove/demo_seeds.py
	$(BIN)/course verify
	$(BIN)/python tests/prove/pairs.py
	$(BIN)/python tests/prove/crossings.py

bench: .venv/test
	$(BIN)/python benchmarks/grade_speed.py
	$(BIN)/python benchmarks/startup_speed.py
	$(BIN)/python benchmarks/diagnosis_speed.py
	$(BIN)/python benchmarks/reference_speed.py
	$(BIN)/python benchmarks/demo_speed.py
	$(BIN)/python benchmarks/cards_speed.py
	$(BIN)/python benchmarks/class_speed.py
	$(BIN)/python benchmarks/class_plan.py

# Draw and choose the practice corpus anew, after a change of checks, strategies or mistakes.
corpus: .venv/run
	$(BIN)/python -m grader.choosing

# Train and draw the web site's figures anew, after a change of `course demo`.
figures: .venv/run
	$(BIN)/python -m course.site.training_figures

# Try every known mistake on the practice corpus, and write docs/kill-matrix.md anew.
matrix: .venv/run
	$(BIN)/python -m grader.matrix_page

clean:
	rm -rf .venv build dist

# ── Environments: each stamp is newer than what it was made from ──────────────────────

.venv/run: pyproject.toml
	$(PYTHON) tools/environment.py $(PYTHON)
	@touch $@

.venv/test: pyproject.toml
	$(PYTHON) tools/environment.py $(PYTHON) test
	@touch $@ .venv/run

.venv/lint: pyproject.toml
	$(PYTHON) tools/environment.py $(PYTHON) test lint
	@touch $@ .venv/test .venv/run
