"""Daily use from remote meters; sums of the use of similar homes."""

CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}

TABLES = """
CREATE TABLE daily_uses (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    day DATE NOT NULL,
    litres INTEGER NOT NULL CHECK (litres >= 0),
    night_litres INTEGER CHECK (night_litres >= 0),
    PRIMARY KEY (premises_id, day),
    CHECK (night_litres <= litres)
){clustered};

CREATE TABLE similar_uses (
    month VARCHAR(7) NOT NULL,
    district VARCHAR(20) NOT NULL,
    size SMALLINT NOT NULL CHECK (size > 0),
    homes INTEGER NOT NULL CHECK (homes > 0),
    tenths BIGINT NOT NULL CHECK (tenths >= 0),
    PRIMARY KEY (month, district, size)
){clustered};
"""


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    for statement in TABLES.format(clustered=CLUSTERED[engine]).split(";"):
        if statement.strip():
            db.execute_sql(statement)
