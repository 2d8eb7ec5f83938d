"""Staff with their sessions, keys, grants and proposals; the audit log, to which is only added."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}

TABLES = """
CREATE TABLE audit_head (
    id SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
    key VARCHAR(200) NOT NULL,
    last_id BIGINT NOT NULL,
    last_mac VARCHAR(64) NOT NULL,
    erased_id BIGINT NOT NULL,
    erased_mac VARCHAR(64) NOT NULL
){clustered};

CREATE TABLE audit (
    id BIGINT NOT NULL PRIMARY KEY,
    at {instant} NOT NULL,
    actor_kind VARCHAR(7) NOT NULL CHECK (actor_kind = 'staff' OR actor_kind = 'account'
        OR actor_kind = 'visitor' OR actor_kind = 'system'),
    actor_id INTEGER,
    actor_name VARCHAR(60) NOT NULL,
    office VARCHAR(3) NOT NULL,
    action VARCHAR(40) NOT NULL,
    account_id INTEGER,
    premises_id INTEGER,
    details TEXT NOT NULL,
    source VARCHAR(45) NOT NULL,
    mac VARCHAR(64) NOT NULL
){clustered};
CREATE INDEX entry_account_id_id ON audit (account_id, id);
CREATE INDEX entry_premises_id_id ON audit (premises_id, id);
CREATE INDEX entry_actor_kind_actor_id_id ON audit (actor_kind, actor_id, id);
CREATE INDEX entry_action_id ON audit (action, id);
CREATE INDEX entry_at ON audit (at);

CREATE TABLE staff (
    id {serial},
    reference VARCHAR(12) NOT NULL,
    email VARCHAR(254) NOT NULL,
    name VARCHAR(60) NOT NULL,
    unit VARCHAR(60) NOT NULL,
    phone VARCHAR(30) NOT NULL,
    language VARCHAR(2) NOT NULL CHECK (language = 'ko' OR language = 'en'),
    password_hash VARCHAR(200) NOT NULL,
    totp_secret VARCHAR(200) NOT NULL,
    totp_step BIGINT NOT NULL CHECK (totp_step >= 0),
    created_at {instant} NOT NULL,
    joined_at {instant},
    disabled_at {instant}
);
CREATE UNIQUE INDEX member_reference ON staff (reference);
CREATE UNIQUE INDEX member_email ON staff (email);

CREATE TABLE staff_sessions (
    id {serial},
    member_id INTEGER NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    token_hash VARCHAR(64) NOT NULL,
    reference VARCHAR(12) NOT NULL,
    agent VARCHAR(60) NOT NULL,
    factor VARCHAR(7) NOT NULL CHECK (factor = '' OR factor = 'totp' OR factor = 'passkey'),
    created_at {instant} NOT NULL,
    seen_at {instant} NOT NULL,
    proved_at {instant} NOT NULL,
    ended_at {instant}
);
CREATE INDEX staffsession_member_id ON staff_sessions (member_id);
CREATE UNIQUE INDEX staffsession_token_hash ON staff_sessions (token_hash);
CREATE UNIQUE INDEX staffsession_reference ON staff_sessions (reference);

CREATE TABLE staff_links (
    token_hash VARCHAR(64) NOT NULL,
    member_id INTEGER NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    PRIMARY KEY (token_hash)
){clustered};
CREATE INDEX stafflink_member_id ON staff_links (member_id);
CREATE INDEX stafflink_expires_at ON staff_links (expires_at);

CREATE TABLE staff_passkeys (
    id {serial},
    member_id INTEGER NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    reference VARCHAR(12) NOT NULL,
    credential_id VARCHAR(1400) NOT NULL,
    public_key VARCHAR(2000) NOT NULL,
    sign_count BIGINT NOT NULL CHECK (sign_count >= 0),
    name VARCHAR(40) NOT NULL,
    created_at {instant} NOT NULL,
    used_at {instant}
);
CREATE INDEX staffpasskey_member_id ON staff_passkeys (member_id);
CREATE UNIQUE INDEX staffpasskey_reference ON staff_passkeys (reference);
CREATE UNIQUE INDEX staffpasskey_credential_id ON staff_passkeys (credential_id);

CREATE TABLE staff_grants (
    id {serial},
    member_id INTEGER NOT NULL REFERENCES staff (id) ON DELETE RESTRICT,
    reference VARCHAR(12) NOT NULL,
    role VARCHAR(20) NOT NULL,
    office VARCHAR(3) NOT NULL,
    granted_at {instant} NOT NULL,
    granted_by VARCHAR(130) NOT NULL,
    ended_at {instant},
    ended_by VARCHAR(60) NOT NULL
);
CREATE INDEX grant_member_id ON staff_grants (member_id);
CREATE UNIQUE INDEX grant_reference ON staff_grants (reference);
CREATE UNIQUE INDEX grant_held ON staff_grants (member_id, role, office) WHERE ended_at IS NULL;

CREATE TABLE proposals (
    id {serial},
    reference VARCHAR(12) NOT NULL,
    kind VARCHAR(20) NOT NULL,
    subject VARCHAR(60) NOT NULL,
    office VARCHAR(3) NOT NULL,
    content TEXT NOT NULL,
    reason VARCHAR(400) NOT NULL CHECK (reason <> ''),
    proposed_by_id INTEGER NOT NULL REFERENCES staff (id) ON DELETE RESTRICT,
    proposed_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    decision VARCHAR(9) NOT NULL CHECK (decision = '' OR decision = 'approved'
        OR decision = 'refused' OR decision = 'withdrawn'),
    decided_by_id INTEGER REFERENCES staff (id) ON DELETE RESTRICT,
    decided_at {instant},
    answer VARCHAR(400) NOT NULL,
    CHECK (decision <> 'approved' OR decided_by_id <> proposed_by_id)
);
CREATE UNIQUE INDEX proposal_reference ON proposals (reference);
CREATE UNIQUE INDEX proposal_open ON proposals (kind, subject) WHERE decision = '';
CREATE INDEX proposal_decision_id ON proposals (decision, id);
CREATE INDEX proposal_proposed_by_id ON proposals (proposed_by_id);
CREATE INDEX proposal_decided_by_id ON proposals (decided_by_id);

CREATE TABLE unmaskings (
    member_id INTEGER NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    subject VARCHAR(20) NOT NULL,
    expires_at {instant} NOT NULL,
    PRIMARY KEY (member_id, subject)
){clustered};
CREATE INDEX unmasking_expires_at ON unmaskings (expires_at);
"""

KEPT = {
    "sqlite": [
        """
CREATE TRIGGER audit_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END
""",
        """
CREATE TRIGGER audit_removed BEFORE DELETE ON audit
WHEN OLD.id > (SELECT erased_id FROM audit_head WHERE id = 1)
BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END
""",
    ],
    "postgres": [
        """
CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND OLD.id <= (SELECT erased_id FROM audit_head WHERE id = 1) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'audit rows are never changed or removed' USING ERRCODE = 'check_violation';
END $$
""",
        """
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_kept()
""",
        """
CREATE FUNCTION audit_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'audit rows are never removed' USING ERRCODE = 'check_violation';
END $$
""",
        """
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_not_emptied()
""",
    ],
}


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    sql = TABLES.format(serial=SERIAL[engine], instant=INSTANT[engine], clustered=CLUSTERED[engine])
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)
    for statement in KEPT[engine]:
        db.execute_sql(statement)
