"""Photos of staff that the applicant does not see, and who is told of a complaint by push."""

COLUMNS = """
ALTER TABLE complaint_photos ADD COLUMN shown BOOLEAN DEFAULT TRUE NOT NULL;
ALTER TABLE complaints ADD COLUMN wants_push BOOLEAN DEFAULT FALSE NOT NULL
"""


def up(migrator, db):
    for statement in COLUMNS.split(";"):
        db.execute_sql(statement)
