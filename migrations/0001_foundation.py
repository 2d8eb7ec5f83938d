"""Accounts and sessions, premises with their history, readings, bills."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}

TABLES = """
CREATE TABLE accounts (
    id {serial},
    email VARCHAR(254) NOT NULL,
    name VARCHAR(60) NOT NULL,
    password_hash VARCHAR(200) NOT NULL,
    created_at {instant} NOT NULL,
    disabled_at {instant}
);
CREATE UNIQUE INDEX account_email ON accounts (email);

CREATE TABLE sessions (
    id {serial},
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL,
    created_at {instant} NOT NULL,
    seen_at {instant} NOT NULL,
    ended_at {instant}
);
CREATE INDEX session_account_id ON sessions (account_id);
CREATE UNIQUE INDEX session_token_hash ON sessions (token_hash);

CREATE TABLE premises (
    id {serial},
    number VARCHAR(9) NOT NULL CHECK (length(number) = 9),
    office VARCHAR(3) NOT NULL,
    district VARCHAR(20) NOT NULL,
    dong VARCHAR(20) NOT NULL,
    road_address VARCHAR(120) NOT NULL,
    lot_address VARCHAR(120) NOT NULL,
    postcode VARCHAR(5) NOT NULL,
    water_class VARCHAR(10) NOT NULL
        CHECK (water_class = 'household' OR water_class = 'general' OR water_class = 'bath'),
    sewer_class VARCHAR(10) NOT NULL
        CHECK (sewer_class = 'household' OR sewer_class = 'general' OR sewer_class = 'bath'),
    diameter_mm SMALLINT NOT NULL CHECK (diameter_mm > 0),
    households INTEGER NOT NULL CHECK (households > 0),
    billing_months SMALLINT NOT NULL CHECK (billing_months = 1 OR billing_months = 2),
    meter_place VARCHAR(60) NOT NULL,
    started_on DATE NOT NULL,
    paused_on DATE,
    removed_on DATE
);
CREATE UNIQUE INDEX premises_number ON premises (number);

CREATE TABLE meters (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    installed_on DATE NOT NULL,
    serial VARCHAR(20) NOT NULL,
    digits SMALLINT NOT NULL CHECK (digits BETWEEN 3 AND 9),
    start_m3 INTEGER NOT NULL CHECK (start_m3 >= 0),
    removed_on DATE,
    final_m3 INTEGER CHECK (final_m3 >= 0),
    PRIMARY KEY (premises_id, installed_on)
){clustered};

CREATE TABLE occupancies (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    role VARCHAR(5) NOT NULL CHECK (role = 'owner' OR role = 'user'),
    started_on DATE NOT NULL,
    ended_on DATE,
    name VARCHAR(60) NOT NULL,
    billing_address VARCHAR(160) NOT NULL,
    PRIMARY KEY (premises_id, role, started_on),
    CHECK (ended_on IS NULL OR ended_on >= started_on)
){clustered};

CREATE TABLE reductions (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    code VARCHAR(20) NOT NULL,
    started_on DATE NOT NULL,
    ended_on DATE,
    PRIMARY KEY (premises_id, code, started_on)
){clustered};

CREATE TABLE homes (
    id {serial},
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    reference VARCHAR(12) NOT NULL,
    name VARCHAR(30) NOT NULL,
    role VARCHAR(6) NOT NULL CHECK (role = 'holder' OR role = 'payer' OR role = 'viewer'),
    since_on DATE NOT NULL,
    until_on DATE,
    CHECK (until_on IS NULL OR until_on >= since_on)
);
CREATE INDEX home_account_id ON homes (account_id);
CREATE INDEX home_premises_id ON homes (premises_id);
CREATE UNIQUE INDEX home_reference ON homes (reference);

CREATE TABLE file_imports (
    id {serial},
    kind VARCHAR(10) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    name VARCHAR(200) NOT NULL,
    started_at {instant} NOT NULL,
    finished_at {instant},
    lines BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    rejects_bytes BIGINT NOT NULL
);
CREATE UNIQUE INDEX fileimport_kind_digest ON file_imports (kind, digest);

CREATE TABLE readings (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    read_on DATE NOT NULL,
    reading_m3 INTEGER NOT NULL CHECK (reading_m3 >= 0),
    kind VARCHAR(9) NOT NULL
        CHECK (kind = 'regular' OR kind = 'self' OR kind = 'remote' OR kind = 'final'
            OR kind = 'estimated'),
    source_id INTEGER NOT NULL REFERENCES file_imports (id) ON DELETE RESTRICT,
    PRIMARY KEY (premises_id, read_on)
){clustered};

CREATE TABLE bills (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    month VARCHAR(7) NOT NULL CHECK (length(month) = 7),
    revision SMALLINT NOT NULL,
    code VARCHAR(10) NOT NULL,
    from_on DATE NOT NULL,
    to_on DATE NOT NULL,
    previous_m3 INTEGER NOT NULL,
    current_m3 INTEGER NOT NULL,
    reading_kind VARCHAR(9) NOT NULL
        CHECK (reading_kind = 'regular' OR reading_kind = 'self' OR reading_kind = 'remote'
            OR reading_kind = 'final' OR reading_kind = 'estimated'),
    usage_m3 INTEGER NOT NULL CHECK (usage_m3 >= 0),
    months SMALLINT NOT NULL CHECK (months > 0),
    households INTEGER NOT NULL,
    diameter_mm SMALLINT NOT NULL,
    water_class VARCHAR(10) NOT NULL,
    sewer_class VARCHAR(10) NOT NULL,
    water BIGINT NOT NULL,
    sewer BIGINT NOT NULL,
    levy BIGINT NOT NULL,
    total BIGINT NOT NULL,
    due_on DATE NOT NULL,
    issued_on DATE NOT NULL,
    paid_at {instant},
    PRIMARY KEY (premises_id, month, revision),
    CHECK (from_on < to_on)
){clustered};

CREATE TABLE bill_lines (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    month VARCHAR(7) NOT NULL,
    revision SMALLINT NOT NULL,
    position SMALLINT NOT NULL,
    part VARCHAR(8) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    quantity BIGINT NOT NULL,
    rate INTEGER NOT NULL,
    days SMALLINT NOT NULL,
    of_days SMALLINT NOT NULL,
    amount BIGINT NOT NULL,
    rate_key VARCHAR(40) NOT NULL,
    PRIMARY KEY (premises_id, month, revision, position)
){clustered};
"""


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    sql = TABLES.format(serial=SERIAL[engine], instant=INSTANT[engine], clustered=CLUSTERED[engine])
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)
