# What people type. Every target does its own set-up.
PYTHON ?= python3.11
VENV = .venv
BIN = $(VENV)/bin
FLASK = $(BIN)/flask --app wsgi

.PHONY: run test check bench kills pictures lock clean

run: $(VENV)/run.stamp
	$(FLASK) assets build
	$(FLASK) db migrate
	$(FLASK) demo load --if-empty
	$(BIN)/python deploy/develop.py

test: $(VENV)/dev.stamp
	$(BIN)/python tests/all.py

check: $(VENV)/dev.stamp
	$(BIN)/python tests/all.py --fast

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench

kills: $(VENV)/dev.stamp
	$(BIN)/python -m tests.worker_kills --database sqlite
	$(BIN)/python -m tests.worker_kills --database postgres
	$(BIN)/python -m tests.worker_kills --database sqlite --channel sms --messages 4000 --kills 1000
	$(BIN)/python -m tests.worker_kills --database postgres --channel sms --messages 4000 --kills 1000

pictures: $(VENV)/dev.stamp
	$(BIN)/python -m tests.pictures --readme

lock:
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links pyproject.toml --extra postgres --extra assets \
		--extra pdf -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links pyproject.toml --extra postgres --extra assets \
		--extra pdf --group dev -c requirements.lock -o requirements-dev.lock

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock | $(VENV)/bin/pip
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/bin/pip
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	touch $@ $(VENV)/run.stamp

clean:
	rm -rf $(VENV) var static/build
