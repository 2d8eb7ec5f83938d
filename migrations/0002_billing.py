"""Bills with their lines, corrections, late fees, instalments; what changes within a period."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}
LINES = {
    "sqlite": "json_group_array(json_array(part, kind, quantity, rate, days, of_days, amount,"
    " rate_key))",
    "postgres": "json_agg(json_build_array(part, kind, quantity, rate, days, of_days, amount,"
    " rate_key) ORDER BY position)::text",
}

BILLS = """
CREATE TABLE new_bills (
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
    discount BIGINT NOT NULL,
    late_fee BIGINT NOT NULL,
    total BIGINT NOT NULL CHECK (total >= 0),
    arrears BIGINT NOT NULL CHECK (arrears >= 0),
    paid_before BIGINT NOT NULL CHECK (paid_before >= 0),
    due_on DATE NOT NULL,
    issued_on DATE NOT NULL,
    paid_at {instant},
    lines TEXT NOT NULL,
    PRIMARY KEY (premises_id, month, revision),
    CHECK (from_on < to_on),
    CHECK (total = water + sewer + levy - discount + late_fee)
){clustered};

INSERT INTO new_bills
SELECT premises_id, month, revision, code, from_on, to_on, previous_m3, current_m3, reading_kind,
    usage_m3, months, households, diameter_mm, water_class, sewer_class, water, sewer, levy,
    water + sewer + levy - total, 0, total, 0, 0, due_on, issued_on, paid_at,
    coalesce((SELECT {lines} FROM (
        SELECT * FROM bill_lines l WHERE l.premises_id = b.premises_id
        AND l.month = b.month AND l.revision = b.revision ORDER BY l.position) x), '[]')
FROM bills b;

DROP TABLE bill_lines;
DROP TABLE bills;
ALTER TABLE new_bills RENAME TO bills;
{rename_key}
"""

TABLES = """
ALTER TABLE premises ADD COLUMN dwellings INTEGER NOT NULL DEFAULT 0 CHECK (dwellings >= 0);
ALTER TABLE premises DROP COLUMN paused_on;
ALTER TABLE reductions ADD COLUMN value INTEGER NOT NULL DEFAULT 1 CHECK (value > 0);
CREATE INDEX bill_open ON bills (premises_id, month) WHERE paid_at IS NULL;
CREATE INDEX reading_final ON readings (premises_id, read_on) WHERE kind = 'final';

CREATE TABLE supply_changes (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    what VARCHAR(11) NOT NULL
        CHECK (what = 'water_class' OR what = 'sewer_class' OR what = 'households'
            OR what = 'dwellings' OR what = 'diameter_mm'),
    changed_on DATE NOT NULL,
    before VARCHAR(10) NOT NULL,
    PRIMARY KEY (premises_id, what, changed_on)
){clustered};

CREATE TABLE pauses (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    started_on DATE NOT NULL,
    ended_on DATE,
    PRIMARY KEY (premises_id, started_on),
    CHECK (ended_on IS NULL OR ended_on >= started_on)
){clustered};

CREATE TABLE meter_faults (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    found_on DATE NOT NULL,
    mended_on DATE,
    PRIMARY KEY (premises_id, found_on),
    CHECK (mended_on IS NULL OR mended_on >= found_on)
){clustered};

CREATE TABLE joined_meters (
    premises_id INTEGER NOT NULL PRIMARY KEY REFERENCES premises (id) ON DELETE RESTRICT,
    main_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    kind VARCHAR(7) NOT NULL CHECK (kind = 'tap' OR kind = 'ground' OR kind = 'drained'),
    CHECK (premises_id <> main_id)
){clustered};
CREATE INDEX joinedmeter_main_id ON joined_meters (main_id);

CREATE TABLE late_fees (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    month VARCHAR(7) NOT NULL,
    charged_in VARCHAR(7) NOT NULL,
    unpaid BIGINT NOT NULL,
    days SMALLINT NOT NULL CHECK (days > 0),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (premises_id, month)
){clustered};

CREATE TABLE corrections (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    month VARCHAR(7) NOT NULL,
    revision SMALLINT NOT NULL CHECK (revision > 0),
    reason VARCHAR(200) NOT NULL CHECK (length(reason) > 0),
    made_by VARCHAR(60) NOT NULL CHECK (length(made_by) > 0),
    made_at {instant} NOT NULL,
    difference BIGINT NOT NULL,
    wanted TEXT NOT NULL,
    proposal VARCHAR(7) NOT NULL
        CHECK (proposal = 'none' OR proposal = 'collect' OR proposal = 'set_off'
            OR proposal = 'refund'),
    PRIMARY KEY (premises_id, month, revision),
    FOREIGN KEY (premises_id, month, revision) REFERENCES bills (premises_id, month, revision)
){clustered};

CREATE TABLE instalments (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    month VARCHAR(7) NOT NULL,
    position SMALLINT NOT NULL CHECK (position > 0),
    due_on DATE NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    agreed_by VARCHAR(60) NOT NULL CHECK (length(agreed_by) > 0),
    agreed_at {instant} NOT NULL,
    paid_at {instant},
    PRIMARY KEY (premises_id, month, position)
){clustered};
"""
RENAME_KEY = {"sqlite": "", "postgres": "ALTER INDEX new_bills_pkey RENAME TO bills_pkey;"}


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    sql = (BILLS + TABLES).format(
        instant=INSTANT[engine],
        clustered=CLUSTERED[engine],
        lines=LINES[engine],
        rename_key=RENAME_KEY[engine],
    )
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)
