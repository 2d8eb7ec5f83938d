"""Which machine saw a revision of an outage, and when it was withdrawn; renewed calendars."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    revisions = "ALTER TABLE outage_revisions ADD COLUMN"
    db.execute_sql(f"{revisions} seen_on VARCHAR(64) DEFAULT '' NOT NULL")
    db.execute_sql(f"{revisions} withdrawn_at {INSTANT[engine]}")
    db.execute_sql("ALTER TABLE homes ADD COLUMN calendars INTEGER DEFAULT 0 NOT NULL")


def down(migrator, db):
    db.execute_sql("ALTER TABLE homes DROP COLUMN calendars")
    db.execute_sql("ALTER TABLE outage_revisions DROP COLUMN withdrawn_at")
    db.execute_sql("ALTER TABLE outage_revisions DROP COLUMN seen_on")
