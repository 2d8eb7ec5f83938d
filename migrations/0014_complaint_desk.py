"""The queue of one member of staff, and of what nobody has yet."""

INDEX = """
CREATE INDEX complaint_open_whose ON complaints (office, assigned_to_id, due_at, id)
WHERE closed_at IS NULL
"""


def up(migrator, db):
    db.execute_sql(INDEX)
