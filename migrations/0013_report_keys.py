"""Keys of other programs that report problems (Open311)."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}

TABLES = """
CREATE TABLE report_keys (
    id {serial},
    reference VARCHAR(12) NOT NULL,
    name VARCHAR(100) NOT NULL,
    contact VARCHAR(200) NOT NULL,
    key_hash VARCHAR(64) NOT NULL,
    created_at {instant} NOT NULL,
    revoked_at {instant}
);
CREATE UNIQUE INDEX reportkey_reference ON report_keys (reference);
CREATE UNIQUE INDEX reportkey_key_hash ON report_keys (key_hash)
"""


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    sql = TABLES.format(serial=SERIAL[engine], instant=INSTANT[engine])
    for statement in sql.split(";"):
        db.execute_sql(statement)
