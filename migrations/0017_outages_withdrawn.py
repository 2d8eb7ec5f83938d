"""Which machine saw a revision of an outage, and when it was withdrawn; renewed calendars; browsers
that are told of outages without an account.
"""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}

BROWSERS = """
CREATE TABLE guest_browsers (
    id {serial},
    reference VARCHAR(16) NOT NULL,
    endpoint_hash VARCHAR(64) NOT NULL,
    subscription TEXT NOT NULL,
    created_at {instant} NOT NULL
);
CREATE UNIQUE INDEX guest_browser_reference ON guest_browsers (reference);
CREATE UNIQUE INDEX guest_browser_endpoint_hash ON guest_browsers (endpoint_hash);
ALTER TABLE outage_alerts ADD COLUMN browser_id INTEGER
    REFERENCES guest_browsers (id) ON DELETE CASCADE;
CREATE INDEX alert_browser_id ON outage_alerts (browser_id)
"""


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    revisions = "ALTER TABLE outage_revisions ADD COLUMN"
    db.execute_sql(f"{revisions} seen_on VARCHAR(64) DEFAULT '' NOT NULL")
    db.execute_sql(f"{revisions} withdrawn_at {INSTANT[engine]}")
    db.execute_sql("ALTER TABLE homes ADD COLUMN calendars INTEGER DEFAULT 0 NOT NULL")
    words = {"serial": SERIAL[engine], "instant": INSTANT[engine]}
    for statement in BROWSERS.format(**words).split(";\n"):
        db.execute_sql(statement)


def down(migrator, db):
    db.execute_sql("DROP INDEX alert_browser_id")
    db.execute_sql("ALTER TABLE outage_alerts DROP COLUMN browser_id")
    db.execute_sql("DROP TABLE guest_browsers")
    db.execute_sql("ALTER TABLE homes DROP COLUMN calendars")
    db.execute_sql("ALTER TABLE outage_revisions DROP COLUMN withdrawn_at")
    db.execute_sql("ALTER TABLE outage_revisions DROP COLUMN seen_on")
