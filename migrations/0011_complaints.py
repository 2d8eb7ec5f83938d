"""Complaints with their events, photos, drafts and followers; words by which they are found."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}

TABLES = """
CREATE TABLE complaints (
    id {serial},
    reference VARCHAR(12) NOT NULL,
    type VARCHAR(20) NOT NULL,
    state VARCHAR(11) NOT NULL CHECK (state = 'received' OR state = 'assigned'
        OR state = 'working' OR state = 'waiting' OR state = 'done' OR state = 'transferred'
        OR state = 'withdrawn' OR state = 'returned' OR state = 'merged'),
    office VARCHAR(3) NOT NULL,
    account_id INTEGER REFERENCES accounts (id) ON DELETE SET NULL,
    premises_id INTEGER REFERENCES premises (id) ON DELETE RESTRICT,
    name VARCHAR(600) NOT NULL,
    phone VARCHAR(200) NOT NULL,
    phone_hash VARCHAR(64) NOT NULL,
    email VARCHAR(1000) NOT NULL,
    wants_texts BOOLEAN NOT NULL,
    language VARCHAR(2) NOT NULL CHECK (language = 'ko' OR language = 'en'),
    channel VARCHAR(8) NOT NULL CHECK (channel = 'web' OR channel = 'phone'
        OR channel = 'counter' OR channel = 'kiosk' OR channel = 'open311'),
    district VARCHAR(20) NOT NULL,
    dong VARCHAR(20) NOT NULL,
    place VARCHAR(200) NOT NULL,
    latitude INTEGER CHECK (latitude BETWEEN 33000000 AND 39000000),
    longitude INTEGER CHECK (longitude BETWEEN 124000000 AND 132000000),
    answers TEXT NOT NULL,
    body TEXT NOT NULL,
    period VARCHAR(4) NOT NULL,
    extensions SMALLINT NOT NULL CHECK (extensions BETWEEN 0 AND 2),
    received_at {instant} NOT NULL,
    begun_at {instant} NOT NULL,
    due_at {instant},
    promised_at {instant} NOT NULL,
    assigned_to_id INTEGER REFERENCES staff (id) ON DELETE SET NULL,
    closed_at {instant},
    outcome VARCHAR(10) NOT NULL CHECK (outcome = '' OR outcome = 'solved' OR outcome = 'answered'
        OR outcome = 'refused' OR outcome = 'not_ours'),
    rating SMALLINT CHECK (rating BETWEEN 1 AND 5),
    reopened SMALLINT NOT NULL CHECK (reopened >= 0),
    released_at {instant},
    public_text VARCHAR(400) NOT NULL,
    merged_into_id INTEGER REFERENCES complaints (id) ON DELETE RESTRICT,
    version INTEGER NOT NULL CHECK (version > 0),
    form_key VARCHAR(64),
    changed_at {instant} NOT NULL
);
CREATE UNIQUE INDEX complaint_reference ON complaints (reference);
CREATE UNIQUE INDEX complaint_form_key ON complaints (form_key);
CREATE INDEX complaint_account_id ON complaints (account_id);
CREATE INDEX complaint_premises_id ON complaints (premises_id);
CREATE INDEX complaint_assigned_to_id ON complaints (assigned_to_id);
CREATE INDEX complaint_merged_into_id ON complaints (merged_into_id);
CREATE INDEX complaint_phone_hash ON complaints (phone_hash) WHERE phone_hash <> '';
CREATE INDEX complaint_open ON complaints (office, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX complaint_open_type ON complaints (office, type, due_at, id) WHERE closed_at IS NULL;
CREATE INDEX complaint_closed ON complaints (office, closed_at, id) WHERE closed_at IS NOT NULL;
CREATE INDEX complaint_near ON complaints (type, latitude, longitude)
    WHERE closed_at IS NULL AND latitude IS NOT NULL;
CREATE INDEX complaint_public ON complaints (released_at, id) WHERE released_at IS NOT NULL;
CREATE INDEX complaint_received_at ON complaints (received_at);

CREATE TABLE complaint_events (
    id {serial},
    complaint_id INTEGER NOT NULL REFERENCES complaints (id) ON DELETE CASCADE,
    at {instant} NOT NULL,
    kind VARCHAR(12) NOT NULL,
    actor_kind VARCHAR(9) NOT NULL CHECK (actor_kind = 'applicant' OR actor_kind = 'staff'
        OR actor_kind = 'system'),
    actor VARCHAR(60) NOT NULL,
    shown BOOLEAN NOT NULL,
    text TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX complaintevent_complaint_id_id ON complaint_events (complaint_id, id);

CREATE TABLE complaint_photos (
    name VARCHAR(32) NOT NULL,
    complaint_id INTEGER REFERENCES complaints (id) ON DELETE CASCADE,
    draft_hash VARCHAR(64) NOT NULL,
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    size INTEGER NOT NULL CHECK (size > 0),
    digest VARCHAR(64) NOT NULL,
    added_at {instant} NOT NULL,
    by_staff BOOLEAN NOT NULL,
    hidden_at {instant},
    released_at {instant},
    PRIMARY KEY (name)
){clustered};
CREATE INDEX complaintphoto_complaint_id ON complaint_photos (complaint_id);
CREATE INDEX complaintphoto_draft_hash ON complaint_photos (draft_hash) WHERE draft_hash <> '';

CREATE TABLE complaint_drafts (
    browser_hash VARCHAR(64) NOT NULL,
    typed TEXT NOT NULL,
    expires_at {instant} NOT NULL,
    PRIMARY KEY (browser_hash)
){clustered};
CREATE INDEX complaintdraft_expires_at ON complaint_drafts (expires_at);

CREATE TABLE complaint_keys (
    browser_hash VARCHAR(64) NOT NULL,
    complaint_id INTEGER NOT NULL REFERENCES complaints (id) ON DELETE CASCADE,
    expires_at {instant} NOT NULL,
    PRIMARY KEY (browser_hash, complaint_id)
){clustered};
CREATE INDEX complaintkey_complaint_id ON complaint_keys (complaint_id);
CREATE INDEX complaintkey_expires_at ON complaint_keys (expires_at);

CREATE TABLE complaint_followers (
    id {serial},
    complaint_id INTEGER NOT NULL REFERENCES complaints (id) ON DELETE CASCADE,
    address_hash VARCHAR(64) NOT NULL,
    channel VARCHAR(4) NOT NULL CHECK (channel = 'mail' OR channel = 'sms'),
    address VARCHAR(1000) NOT NULL,
    language VARCHAR(2) NOT NULL CHECK (language = 'ko' OR language = 'en'),
    token_hash VARCHAR(64) NOT NULL,
    confirmed_at {instant},
    created_at {instant} NOT NULL
);
CREATE UNIQUE INDEX complaintfollower_complaint_id_address_hash
    ON complaint_followers (complaint_id, address_hash);
CREATE UNIQUE INDEX complaintfollower_token_hash ON complaint_followers (token_hash)
"""
WORDS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE complaint_words USING fts5(words, content='', contentless_delete=1, "
        "tokenize='unicode61 remove_diacritics 0')"
    ],
    "postgres": [
        "CREATE TABLE complaint_words (rowid INTEGER NOT NULL PRIMARY KEY, "
        "words tsvector NOT NULL)",
        "CREATE INDEX complaint_words_words ON complaint_words USING gin (words)",
    ],
}
KEPT = {
    "sqlite": [
        """
CREATE TRIGGER complaint_events_kept BEFORE UPDATE ON complaint_events
WHEN NEW.text <> '' OR NEW.kind <> OLD.kind OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor
    OR NEW.complaint_id <> OLD.complaint_id
BEGIN SELECT RAISE(ABORT, 'events are never changed, only their text is taken out'); END
"""
    ],
    "postgres": [
        """
CREATE FUNCTION complaint_events_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.text = '' AND NEW.kind = OLD.kind AND NEW.at = OLD.at AND NEW.actor = OLD.actor
            AND NEW.complaint_id = OLD.complaint_id THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'events are never changed, only their text is taken out'
        USING ERRCODE = 'check_violation';
END $$
""",
        """
CREATE TRIGGER complaint_events_kept BEFORE UPDATE ON complaint_events
FOR EACH ROW EXECUTE FUNCTION complaint_events_kept()
""",
    ],
}


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    sql = TABLES.format(serial=SERIAL[engine], instant=INSTANT[engine], clustered=CLUSTERED[engine])
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)
    for statement in (*WORDS[engine], *KEPT[engine]):
        db.execute_sql(statement)
