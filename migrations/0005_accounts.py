"""Sign-up, sessions with proofs, links and codes of single use, passkeys, consents, messages."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}

TABLES = """
ALTER TABLE accounts ADD COLUMN phone VARCHAR(200) DEFAULT '' NOT NULL;
ALTER TABLE accounts ADD COLUMN address VARCHAR(160) DEFAULT '' NOT NULL;
ALTER TABLE accounts ADD COLUMN language VARCHAR(2) DEFAULT 'ko' NOT NULL
    CHECK (language = 'ko' OR language = 'en');

DROP TABLE sessions;
CREATE TABLE sessions (
    id {serial},
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL,
    reference VARCHAR(12) NOT NULL,
    agent VARCHAR(60) NOT NULL,
    created_at {instant} NOT NULL,
    seen_at {instant} NOT NULL,
    proved_at {instant} NOT NULL,
    proof VARCHAR(8) NOT NULL CHECK (proof = 'password' OR proof = 'strong'),
    ended_at {instant}
);
CREATE INDEX session_account_id ON sessions (account_id);
CREATE UNIQUE INDEX session_token_hash ON sessions (token_hash);
CREATE UNIQUE INDEX session_reference ON sessions (reference);

CREATE TABLE devices (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL,
    created_at {instant} NOT NULL,
    seen_at {instant} NOT NULL,
    PRIMARY KEY (account_id, token_hash)
){clustered};

CREATE TABLE tokens (
    token_hash VARCHAR(64) NOT NULL,
    purpose VARCHAR(10) NOT NULL
        CHECK (purpose = 'verify' OR purpose = 'reset' OR purpose = 'email' OR purpose = 'undo'),
    account_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE,
    subject VARCHAR(254) NOT NULL,
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    PRIMARY KEY (token_hash)
){clustered};
CREATE INDEX token_account_id ON tokens (account_id);
CREATE INDEX token_expires_at ON tokens (expires_at);

CREATE TABLE tries (
    kind VARCHAR(10) NOT NULL,
    name VARCHAR(32) NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 0),
    free_at {instant} NOT NULL,
    ends_at {instant} NOT NULL,
    PRIMARY KEY (kind, name)
){clustered};
CREATE INDEX tries_ends_at ON tries (ends_at);

CREATE TABLE codes (
    purpose VARCHAR(10) NOT NULL CHECK (purpose = 'proof' OR purpose = 'home'),
    browser_hash VARCHAR(64) NOT NULL,
    subject VARCHAR(64) NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    tries SMALLINT NOT NULL CHECK (tries >= 0),
    expires_at {instant} NOT NULL,
    PRIMARY KEY (purpose, browser_hash)
){clustered};
CREATE INDEX code_expires_at ON codes (expires_at);

CREATE TABLE signups (
    browser_hash VARCHAR(64) NOT NULL,
    typed TEXT NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    sent_at {instant},
    expires_at {instant} NOT NULL,
    PRIMARY KEY (browser_hash)
){clustered};
CREATE INDEX signup_token_hash ON signups (token_hash);
CREATE INDEX signup_expires_at ON signups (expires_at);

CREATE TABLE consents (
    id {serial},
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code VARCHAR(20) NOT NULL,
    version VARCHAR(10) NOT NULL,
    decision VARCHAR(9) NOT NULL CHECK (decision = 'given' OR decision = 'withdrawn'),
    decided_at {instant} NOT NULL,
    channel VARCHAR(10) NOT NULL
);
CREATE INDEX consent_account_id ON consents (account_id);

CREATE TABLE notice_choices (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    topic VARCHAR(10) NOT NULL CHECK (topic = 'bill' OR topic = 'due'),
    channel VARCHAR(10) NOT NULL CHECK (channel = 'mail'),
    chosen_at {instant} NOT NULL,
    PRIMARY KEY (account_id, topic, channel)
){clustered};

CREATE TABLE passkeys (
    id {serial},
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    reference VARCHAR(12) NOT NULL,
    credential_id VARCHAR(1400) NOT NULL,
    public_key VARCHAR(2000) NOT NULL,
    sign_count BIGINT NOT NULL CHECK (sign_count >= 0),
    name VARCHAR(40) NOT NULL,
    created_at {instant} NOT NULL,
    used_at {instant}
);
CREATE INDEX passkey_account_id ON passkeys (account_id);
CREATE UNIQUE INDEX passkey_reference ON passkeys (reference);
CREATE UNIQUE INDEX passkey_credential_id ON passkeys (credential_id);

CREATE TABLE challenges (
    challenge VARCHAR(100) NOT NULL,
    purpose VARCHAR(10) NOT NULL
        CHECK (purpose = 'sign_in' OR purpose = 'proof' OR purpose = 'add'),
    browser_hash VARCHAR(64) NOT NULL,
    expires_at {instant} NOT NULL,
    PRIMARY KEY (challenge)
){clustered};
CREATE INDEX challenge_expires_at ON challenges (expires_at);

CREATE TABLE messages (
    id {serial},
    reference VARCHAR(20) NOT NULL,
    kind VARCHAR(30) NOT NULL,
    channel VARCHAR(10) NOT NULL CHECK (channel = 'mail' OR channel = 'letter'),
    language VARCHAR(2) NOT NULL CHECK (language = 'ko' OR language = 'en'),
    recipient VARCHAR(1000) NOT NULL,
    content TEXT NOT NULL,
    dedupe_key VARCHAR(160) NOT NULL,
    account_id INTEGER,
    priority SMALLINT NOT NULL CHECK (priority BETWEEN 0 AND 2),
    state VARCHAR(10) NOT NULL CHECK (state = 'created' OR state = 'sending' OR state = 'sent'
        OR state = 'failed' OR state = 'dropped' OR state = 'expired'),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    run_after {instant} NOT NULL,
    lease VARCHAR(20) NOT NULL,
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    finished_at {instant},
    problem VARCHAR(200) NOT NULL
);
CREATE UNIQUE INDEX message_reference ON messages (reference);
CREATE UNIQUE INDEX message_dedupe_key ON messages (dedupe_key);
CREATE INDEX message_waiting ON messages (channel, priority, run_after, id)
    WHERE state = 'created' OR state = 'sending';
CREATE INDEX message_failed ON messages (id) WHERE state = 'failed';
CREATE INDEX message_kept ON messages (finished_at) WHERE content <> '';

ALTER TABLE occupancies ADD COLUMN email VARCHAR(254) DEFAULT '' NOT NULL;
ALTER TABLE occupancies ADD COLUMN phone VARCHAR(200) DEFAULT '' NOT NULL;

ALTER TABLE homes ADD COLUMN level SMALLINT DEFAULT 1 NOT NULL CHECK (level BETWEEN 1 AND 3);
ALTER TABLE homes ADD COLUMN tenancy VARCHAR(5) DEFAULT 'user' NOT NULL
    CHECK (tenancy = 'user' OR tenancy = 'owner');
CREATE UNIQUE INDEX home_account_id_premises_id_since_on
    ON homes (account_id, premises_id, since_on);

CREATE TABLE home_events (
    id {serial},
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    what VARCHAR(10) NOT NULL CHECK (what = 'linked' OR what = 'raised' OR what = 'ended'
        OR what = 'moved_out'),
    actor VARCHAR(60) NOT NULL,
    at {instant} NOT NULL
);
CREATE INDEX home_event_premises_id ON home_events (premises_id);
CREATE INDEX home_event_account_id ON home_events (account_id);

CREATE TABLE home_requests (
    id {serial},
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    reference VARCHAR(12) NOT NULL,
    number VARCHAR(9) NOT NULL,
    address VARCHAR(160) NOT NULL,
    role VARCHAR(6) NOT NULL CHECK (role = 'holder' OR role = 'payer' OR role = 'viewer'),
    reason VARCHAR(1000) NOT NULL,
    asked_at {instant} NOT NULL,
    decided_at {instant},
    decided_by VARCHAR(60) NOT NULL,
    answer VARCHAR(400) NOT NULL,
    decision VARCHAR(7) NOT NULL
        CHECK (decision = '' OR decision = 'granted' OR decision = 'refused')
);
CREATE UNIQUE INDEX home_request_reference ON home_requests (reference);
CREATE INDEX home_request_account_id ON home_requests (account_id);
CREATE INDEX home_request_decided_at ON home_requests (decided_at);
"""


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    sql = TABLES.format(serial=SERIAL[engine], instant=INSTANT[engine], clustered=CLUSTERED[engine])
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)
