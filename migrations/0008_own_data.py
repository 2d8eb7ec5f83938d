"""Closed accounts, what the law keeps of them, destructions, people's requests, incidents."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}

TABLES = """
ALTER TABLE accounts ADD COLUMN closed_at {instant};

CREATE TABLE destructions (
    day DATE NOT NULL,
    what VARCHAR(40) NOT NULL,
    rule VARCHAR(60) NOT NULL,
    count BIGINT NOT NULL CHECK (count > 0),
    from_on DATE,
    to_on DATE,
    at {instant} NOT NULL,
    PRIMARY KEY (day, what, rule)
){clustered};

CREATE TABLE kept_records (
    id {serial},
    account_id INTEGER NOT NULL,
    what VARCHAR(40) NOT NULL,
    content TEXT NOT NULL,
    kept_at {instant} NOT NULL,
    destroy_on DATE NOT NULL
);
CREATE INDEX keptrecord_account_id ON kept_records (account_id);
CREATE INDEX keptrecord_destroy_on ON kept_records (destroy_on);

CREATE TABLE rights_requests (
    id {serial},
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    reference VARCHAR(12) NOT NULL,
    kind VARCHAR(8) NOT NULL CHECK (kind = 'see' OR kind = 'correct' OR kind = 'erase'
        OR kind = 'stop' OR kind = 'restrict' OR kind = 'object'),
    about VARCHAR(1000) NOT NULL,
    asked_at {instant} NOT NULL,
    due_on DATE NOT NULL,
    decided_at {instant},
    decided_by VARCHAR(60) NOT NULL,
    decision VARCHAR(9) NOT NULL CHECK (decision = '' OR decision = 'done' OR decision = 'partly'
        OR decision = 'refused' OR decision = 'withdrawn'),
    answer VARCHAR(1000) NOT NULL
);
CREATE UNIQUE INDEX rightsrequest_reference ON rights_requests (reference);
CREATE INDEX rightsrequest_account_id ON rights_requests (account_id);
CREATE INDEX rightsrequest_open ON rights_requests (due_on, id) WHERE decided_at IS NULL;

CREATE TABLE incidents (
    id {serial},
    reference VARCHAR(12) NOT NULL,
    opened_at {instant} NOT NULL,
    known_at {instant} NOT NULL,
    from_at {instant} NOT NULL,
    to_at {instant} NOT NULL,
    cause VARCHAR(9) NOT NULL CHECK (cause = 'intrusion' OR cause = 'mistake' OR cause = 'loss'
        OR cause = 'unknown'),
    scope TEXT NOT NULL,
    said TEXT NOT NULL,
    opened_by VARCHAR(60) NOT NULL,
    confirmed_at {instant},
    listed_at {instant},
    reported_at {instant},
    closed_at {instant},
    CHECK (to_at >= from_at)
);
CREATE UNIQUE INDEX incident_reference ON incidents (reference);

CREATE TABLE incident_people (
    incident_id INTEGER NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    person VARCHAR(60) NOT NULL,
    channel VARCHAR(6) NOT NULL CHECK (channel = '' OR channel = 'mail' OR channel = 'letter'
        OR channel = 'none'),
    told_at {instant},
    PRIMARY KEY (incident_id, person)
){clustered};
"""


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    sql = TABLES.format(serial=SERIAL[engine], instant=INSTANT[engine], clustered=CLUSTERED[engine])
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)
