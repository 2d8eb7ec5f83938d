"""Warnings to very many people: a priority of their own, so that no receipt waits behind them.

SQLite cannot change a CHECK. It may be rewritten where the table is described, which its manual
allows for what changes no row; making the largest table anew would take minutes.
"""

OLD, NEW = "priority BETWEEN 0 AND 2", "priority BETWEEN 0 AND 3"
REWRITE = "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = 'messages'"


def change(db, old, new):
    if type(db).__name__.startswith("Postgres"):
        db.execute_sql("ALTER TABLE messages DROP CONSTRAINT messages_priority_check")
        db.execute_sql(f"ALTER TABLE messages ADD CONSTRAINT messages_priority_check CHECK ({new})")
        return
    ((version,),) = db.execute_sql("PRAGMA schema_version").fetchall()
    db.execute_sql("PRAGMA writable_schema = 1")
    db.execute_sql(REWRITE, (old, new))
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = 0")


def up(migrator, db):
    change(db, OLD, NEW)


def down(migrator, db):
    db.execute_sql("UPDATE messages SET priority = 1 WHERE priority = 3")
    change(db, NEW, OLD)
