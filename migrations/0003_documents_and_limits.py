"""Counters of failed tries, looked-up bills for a few minutes, issued documents."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}

TABLES = """
CREATE TABLE limits (
    kind VARCHAR(20) NOT NULL,
    name VARCHAR(32) NOT NULL,
    ends_at {instant} NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (kind, name, ends_at)
){clustered};

CREATE TABLE lookups (
    reference VARCHAR(20) NOT NULL,
    browser_hash VARCHAR(64) NOT NULL,
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE CASCADE,
    month VARCHAR(7) NOT NULL,
    revision SMALLINT NOT NULL,
    expires_at {instant} NOT NULL,
    PRIMARY KEY (reference)
){clustered};
CREATE INDEX lookup_expires_at ON lookups (expires_at);

CREATE TABLE documents (
    id {serial},
    number VARCHAR(12) NOT NULL,
    code VARCHAR(10) NOT NULL,
    kind VARCHAR(7) NOT NULL CHECK (kind = 'bill' OR kind = 'payment' OR kind = 'usage'),
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    issued_at {instant} NOT NULL,
    shown TEXT NOT NULL
);
CREATE INDEX document_account_id ON documents (account_id);
CREATE INDEX document_premises_id ON documents (premises_id);
CREATE UNIQUE INDEX document_number ON documents (number);
"""


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    sql = TABLES.format(serial=SERIAL[engine], instant=INSTANT[engine], clustered=CLUSTERED[engine])
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)
