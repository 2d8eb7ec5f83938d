# What people type. Every target does its own set-up.
PYTHON ?= python3.11
VENV = .venv
BIN = $(VENV)/bin
FLASK = $(BIN)/flask --app wsgi

.PHONY: run test check bench kills money pictures lock clean

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
	$(BIN)/python -m tests.complaints.kills --database sqlite
	$(BIN)/python -m tests.complaints.kills --database postgres
	$(BIN)/python -m tests.alerts.outage_kills --database sqlite
	$(BIN)/python -m tests.alerts.outage_kills --database postgres

money: $(VENV)/dev.stamp
	$(BIN)/python -m tests.payments.crash_points --every --database sqlite
	$(BIN)/python -m tests.payments.crash_points --every --database postgres
	$(BIN)/python -m tests.payments.money_machine --examples 200 --steps 40 --database sqlite
	$(BIN)/python -m tests.payments.money_machine --examples 60 --steps 40 --database postgres
	$(BIN)/python -m tests.payments.same_moment --payments 200 --database sqlite
	$(BIN)/python -m tests.payments.same_moment --payments 200 --database postgres
	$(BIN)/python -m tests.payments.random_kills --kills 1000 --seeds 1 2 3 4 --database sqlite
	$(BIN)/python -m tests.payments.random_kills --kills 1000 --seeds 1 2 3 4 --database postgres

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
