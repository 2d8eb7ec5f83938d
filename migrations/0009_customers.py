"""What staff find customers by, their searches, and the signs of life of workers."""

import secrets

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

COLUMNS = """
ALTER TABLE accounts ADD COLUMN reference VARCHAR(12) DEFAULT '' NOT NULL;
ALTER TABLE occupancies ADD COLUMN phone_hash VARCHAR(64) DEFAULT '' NOT NULL
"""
TABLES = """
CREATE UNIQUE INDEX account_reference ON accounts (reference);
CREATE INDEX account_name ON accounts (name);
CREATE INDEX occupancy_name ON occupancies (name);
CREATE INDEX occupancy_email ON occupancies (email) WHERE email <> '';
CREATE INDEX occupancy_phone_hash ON occupancies (phone_hash) WHERE phone_hash <> '';
CREATE INDEX premises_road_address ON premises (road_address);
CREATE INDEX premises_lot_address ON premises (lot_address);

CREATE TABLE staff_searches (
    reference VARCHAR(20) NOT NULL,
    member_id INTEGER NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    query VARCHAR(400) NOT NULL,
    expires_at {instant} NOT NULL,
    PRIMARY KEY (reference)
){clustered};
CREATE INDEX search_member_id ON staff_searches (member_id);
CREATE INDEX search_expires_at ON staff_searches (expires_at);

CREATE TABLE heartbeats (
    host VARCHAR(60) NOT NULL,
    pid INTEGER NOT NULL,
    seen_at {instant} NOT NULL,
    PRIMARY KEY (host, pid)
){clustered};
CREATE INDEX heartbeat_seen_at ON heartbeats (seen_at)
"""
ORDERED = {"postgres": ("name", "road_address", "lot_address")}
"""PostgreSQL: ranges of texts by their signs, whatever the language of the cluster."""


def reference():
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def run(db, sql):
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    run(db, COLUMNS)
    mark = "%s" if engine == "postgres" else "?"
    for (number,) in list(db.execute_sql("SELECT id FROM accounts").fetchall()):
        sql = f"UPDATE accounts SET reference = {mark} WHERE id = {mark}"  # noqa: S608
        db.execute_sql(sql, (reference(), number))
    sql = TABLES.format(instant=INSTANT[engine], clustered=CLUSTERED[engine])
    for column in ORDERED.get(engine, ()):
        sql = sql.replace(f"({column})", f'({column} COLLATE "C")')
    run(db, sql)
