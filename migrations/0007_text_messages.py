"""Text messages and push: their channels, states and events, subscriptions, verified phones.

SQLite cannot change a CHECK, so there the tables that get more words are made anew.
"""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}
CHANNELS = ("mail", "letter", "sms", "push")
STATES = (
    "created",
    "held",
    "sending",
    "unknown",
    "accepted",
    "sent",
    "delivered",
    "failed",
    "dropped",
    "suppressed",
    "expired",
)
WIDER = {
    ("messages", "channel"): CHANNELS,
    ("messages", "state"): STATES,
    ("notice_choices", "channel"): ("mail", "sms", "push"),
    ("codes", "purpose"): ("proof", "home", "phone"),
}
NEW_ON_SQLITE = """
CREATE TABLE new_messages (
    id INTEGER NOT NULL PRIMARY KEY,
    reference VARCHAR(20) NOT NULL,
    kind VARCHAR(30) NOT NULL,
    channel VARCHAR(10) NOT NULL CHECK ({messages_channel}),
    language VARCHAR(2) NOT NULL CHECK (language = 'ko' OR language = 'en'),
    recipient VARCHAR(1000) NOT NULL,
    content TEXT NOT NULL,
    dedupe_key VARCHAR(160) NOT NULL,
    account_id INTEGER,
    priority SMALLINT NOT NULL CHECK (priority BETWEEN 0 AND 2),
    state VARCHAR(10) NOT NULL CHECK ({messages_state}),
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    run_after DATETIME NOT NULL,
    lease VARCHAR(20) NOT NULL,
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,
    finished_at DATETIME,
    problem VARCHAR(200) NOT NULL
);
INSERT INTO new_messages SELECT id, reference, kind, channel, language, recipient, content,
    dedupe_key, account_id, priority, state, attempts, run_after, lease, created_at, expires_at,
    finished_at, problem FROM messages;
DROP TABLE messages;
ALTER TABLE new_messages RENAME TO messages;
CREATE UNIQUE INDEX message_reference ON messages (reference);
CREATE UNIQUE INDEX message_dedupe_key ON messages (dedupe_key);
CREATE INDEX message_failed ON messages (id) WHERE state = 'failed';
CREATE INDEX message_kept ON messages (finished_at) WHERE content <> '';

CREATE TABLE new_choices (
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    topic VARCHAR(10) NOT NULL CHECK (topic = 'bill' OR topic = 'due'),
    channel VARCHAR(10) NOT NULL CHECK ({notice_choices_channel}),
    chosen_at DATETIME NOT NULL,
    PRIMARY KEY (account_id, topic, channel)
) WITHOUT ROWID;
INSERT INTO new_choices SELECT account_id, topic, channel, chosen_at FROM notice_choices;
DROP TABLE notice_choices;
ALTER TABLE new_choices RENAME TO notice_choices;

CREATE TABLE new_codes (
    purpose VARCHAR(10) NOT NULL CHECK ({codes_purpose}),
    browser_hash VARCHAR(64) NOT NULL,
    subject VARCHAR(64) NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    tries SMALLINT NOT NULL CHECK (tries >= 0),
    expires_at DATETIME NOT NULL,
    PRIMARY KEY (purpose, browser_hash)
) WITHOUT ROWID;
INSERT INTO new_codes SELECT purpose, browser_hash, subject, code_hash, tries, expires_at
    FROM codes;
DROP TABLE codes;
ALTER TABLE new_codes RENAME TO codes;
CREATE INDEX code_expires_at ON codes (expires_at)
"""
WIDEN_ON_POSTGRES = """
DROP INDEX message_waiting;
ALTER TABLE messages DROP CONSTRAINT messages_channel_check;
ALTER TABLE messages ADD CONSTRAINT messages_channel_check CHECK ({messages_channel});
ALTER TABLE messages DROP CONSTRAINT messages_state_check;
ALTER TABLE messages ADD CONSTRAINT messages_state_check CHECK ({messages_state});
ALTER TABLE notice_choices DROP CONSTRAINT notice_choices_channel_check;
ALTER TABLE notice_choices ADD CONSTRAINT notice_choices_channel_check
    CHECK ({notice_choices_channel});
ALTER TABLE codes DROP CONSTRAINT codes_purpose_check;
ALTER TABLE codes ADD CONSTRAINT codes_purpose_check CHECK ({codes_purpose})
"""
TABLES = """
ALTER TABLE messages ADD COLUMN cause VARCHAR(10) DEFAULT '' NOT NULL CHECK (cause = ''
    OR cause = 'temporary' OR cause = 'permanent' OR cause = 'technical');
ALTER TABLE messages ADD COLUMN otherwise TEXT DEFAULT '' NOT NULL;
ALTER TABLE messages ADD COLUMN provider_id VARCHAR(64) DEFAULT '' NOT NULL;
CREATE INDEX message_waiting ON messages (channel, priority, run_after, id)
    WHERE state = 'created' OR state = 'held' OR state = 'sending' OR state = 'unknown';
CREATE INDEX message_accepted ON messages (run_after, id) WHERE state = 'accepted';
CREATE INDEX message_provider_id ON messages (provider_id) WHERE provider_id <> '';

CREATE TABLE message_events (
    id {serial},
    key VARCHAR(100) NOT NULL,
    message_id INTEGER REFERENCES messages (id) ON DELETE CASCADE,
    source VARCHAR(6) NOT NULL CHECK (source = 'hook' OR source = 'read'),
    code VARCHAR(20) NOT NULL,
    provider_id VARCHAR(64) NOT NULL,
    at {instant} NOT NULL
);
CREATE UNIQUE INDEX messageevent_key ON message_events (key);
CREATE INDEX messageevent_message_id ON message_events (message_id);
CREATE INDEX messageevent_strange ON message_events (at) WHERE message_id IS NULL;

ALTER TABLE accounts ADD COLUMN phone_hash VARCHAR(64) DEFAULT '' NOT NULL;
ALTER TABLE accounts ADD COLUMN phone_verified_at {instant};
CREATE INDEX account_phone_hash ON accounts (phone_hash);
CREATE INDEX consent_decided_at ON consents (decided_at);

CREATE TABLE push_subscriptions (
    id {serial},
    account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    reference VARCHAR(12) NOT NULL,
    endpoint_hash VARCHAR(64) NOT NULL,
    subscription TEXT NOT NULL,
    agent VARCHAR(60) NOT NULL,
    device_hash VARCHAR(64) NOT NULL,
    session_reference VARCHAR(12) NOT NULL,
    created_at {instant} NOT NULL
);
CREATE INDEX subscription_account_id ON push_subscriptions (account_id);
CREATE UNIQUE INDEX subscription_reference ON push_subscriptions (reference);
CREATE UNIQUE INDEX subscription_endpoint_hash ON push_subscriptions (endpoint_hash)
"""


def one_of(column, words):
    return " OR ".join(f"{column} = '{word}'" for word in words)


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    checks = {
        f"{table}_{column}": one_of(column, words) for (table, column), words in WIDER.items()
    }
    wider = (NEW_ON_SQLITE if engine == "sqlite" else WIDEN_ON_POSTGRES).format(**checks)
    sql = wider + ";" + TABLES.format(serial=SERIAL[engine], instant=INSTANT[engine])
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)
