"""Photos of staff that the applicant does not see, who is told of a complaint by push, and of whom
something was asked.
"""

COLUMNS = """
ALTER TABLE complaint_photos ADD COLUMN shown BOOLEAN DEFAULT TRUE NOT NULL;
ALTER TABLE complaints ADD COLUMN wants_push BOOLEAN DEFAULT FALSE NOT NULL;
CREATE INDEX complaint_asked ON complaint_events (complaint_id) WHERE kind = 'asked'
"""


def up(migrator, db):
    for statement in COLUMNS.split(";"):
        db.execute_sql(statement)
