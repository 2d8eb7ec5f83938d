"""Who is told of outages where, and which revision of an outage has been told."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}

TABLES = """
ALTER TABLE premises ADD COLUMN supply_block VARCHAR(12) DEFAULT '' NOT NULL;

CREATE TABLE outage_alerts (
    id {serial},
    reference VARCHAR(16) NOT NULL,
    account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
    channel VARCHAR(10) NOT NULL CHECK (channel = 'mail' OR channel = 'sms' OR channel = 'push'),
    recipient VARCHAR(500) NOT NULL,
    recipient_hash VARCHAR(64) NOT NULL,
    language VARCHAR(2) NOT NULL CHECK (language = 'ko' OR language = 'en'),
    district VARCHAR(20) NOT NULL,
    dong VARCHAR(20) NOT NULL,
    road VARCHAR(40) NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 0),
    premises_id INTEGER REFERENCES premises (id) ON DELETE CASCADE,
    mark VARCHAR(64) NOT NULL,
    created_at {instant} NOT NULL,
    confirmed_at {instant},
    CHECK ((account_id IS NULL) = (recipient <> '')),
    CHECK (premises_id IS NULL OR account_id IS NOT NULL)
);
CREATE UNIQUE INDEX alert_reference ON outage_alerts (reference);
CREATE UNIQUE INDEX alert_mark ON outage_alerts (mark);
CREATE INDEX alert_account_id ON outage_alerts (account_id);
CREATE INDEX alert_premises_id ON outage_alerts (premises_id);
CREATE INDEX alert_recipient_hash ON outage_alerts (recipient_hash);
CREATE INDEX alert_unconfirmed ON outage_alerts (created_at) WHERE confirmed_at IS NULL;

CREATE TABLE outage_revisions (
    outage VARCHAR(60) NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    record TEXT NOT NULL,
    seen_at {instant} NOT NULL,
    reached INTEGER NOT NULL CHECK (reached >= 0),
    queued INTEGER NOT NULL CHECK (queued >= 0),
    told_at {instant},
    PRIMARY KEY (outage, number)
){clustered};
CREATE INDEX revision_untold ON outage_revisions (seen_at) WHERE told_at IS NULL
"""


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    words = {"serial": SERIAL[engine], "instant": INSTANT[engine], "clustered": CLUSTERED[engine]}
    for statement in TABLES.format(**words).split(";\n"):
        db.execute_sql(statement)


def down(migrator, db):
    db.execute_sql("DROP TABLE outage_revisions")
    db.execute_sql("DROP TABLE outage_alerts")
    db.execute_sql("ALTER TABLE premises DROP COLUMN supply_block")
