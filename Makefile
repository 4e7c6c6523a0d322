# Two commands do everything: `make atlas` and `make test`.
# They need Python 3.11+, pip and make; `make test` also a Chromium and a Firefox (see `browser`).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out

.PHONY: atlas test check browser docs bench clean help

help:
	@echo "make atlas   install, then build the atlas and its tables into $(OUT)/"
	@echo "make test    install, then run all checks and tests"
	@echo "make check   lint, types and import order only"
	@echo "make docs    build the documentation site into build/docs/html"
	@echo "make bench   run the benchmarks beside their peers, and write benchmarks/RESULTS.md"
	@echo "make clean   remove the environment and all that was built"

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-tests: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --editable ".[all]" --group test
	@touch $@

$(VENV)/installed-peers: $(VENV)/installed-tests
	$(BIN)/python -m pip install --quiet --group peers
	@touch $@

atlas: $(VENV)/installed
	$(BIN)/tierscape build -o $(OUT)
	@echo "Open $(OUT)/atlas.html in a browser; it needs no network."

test: check browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(VENV)/installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/check_package.py
	$(BIN)/python tools/check_assets.py

# The atlas is tested in real browsers. Where one is missing, Debian's packages are installed if
# that is possible without asking for a password; otherwise one line says what is missing.
browser:
	@{ command -v chromium && command -v firefox-esr; } >/dev/null 2>&1 || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && \
	    apt-get update -qq && apt-get install -qq -y chromium firefox-esr fonts-noto-cjk >/dev/null; } || \
	  { { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1 && \
	    { command -v firefox-esr || command -v firefox; } >/dev/null 2>&1; } || \
	  { echo "The tests need Chromium and Firefox: install them (Debian: apt-get install chromium firefox-esr) and run again."; exit 1; }

docs: $(VENV)/installed-tests
	$(BIN)/python tools/build_commands.py
	$(BIN)/python -m sphinx -q -W --keep-going -b html -d build/docs/work docs build/docs/html
	@echo "Open build/docs/html/index.html."

# About 25 minutes on two idle cores. Rows of what is missing (Chromium, Pango, Debian's
# libjs-leaflet.markercluster) say so.
bench: $(VENV)/installed-peers
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) $(OUT) build *.egg-info
