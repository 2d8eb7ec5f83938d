"""The ledger, attempts to pay, payments and refunds, and what the gateway said about them."""

INSTANT = {"sqlite": "DATETIME", "postgres": "TIMESTAMP"}
SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgres": "SERIAL NOT NULL PRIMARY KEY"}
CLUSTERED = {"sqlite": " WITHOUT ROWID", "postgres": ""}

TABLES = """
CREATE TABLE ledger_operations (
    id {serial},
    key VARCHAR(80) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    payment_id INTEGER,
    refund_id INTEGER,
    event_at {instant} NOT NULL,
    created_at {instant} NOT NULL,
    actor VARCHAR(60) NOT NULL
);
CREATE UNIQUE INDEX operation_key ON ledger_operations (key);
CREATE INDEX operation_payment_id ON ledger_operations (payment_id);

CREATE TABLE ledger_entries (
    operation_id INTEGER NOT NULL REFERENCES ledger_operations (id) ON DELETE RESTRICT,
    line SMALLINT NOT NULL,
    account VARCHAR(10) NOT NULL
        CHECK (account = 'receivable' OR account = 'gateway' OR account = 'bank'
            OR account = 'fees' OR account = 'credit' OR account = 'refund'
            OR account = 'suspense'),
    premises_id INTEGER REFERENCES premises (id) ON DELETE RESTRICT,
    month VARCHAR(7) NOT NULL,
    revision SMALLINT NOT NULL,
    position SMALLINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount <> 0),
    event_at {instant} NOT NULL,
    created_at {instant} NOT NULL,
    PRIMARY KEY (operation_id, line),
    CHECK (account <> 'receivable' OR (premises_id IS NOT NULL AND length(month) = 7)),
    CHECK (account <> 'credit' OR premises_id IS NOT NULL)
){clustered};
CREATE INDEX entry_of ON ledger_entries (premises_id, account, month);

CREATE TABLE late_holds (
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    month VARCHAR(7) NOT NULL,
    since {instant} NOT NULL,
    reason VARCHAR(60) NOT NULL,
    decision VARCHAR(6) NOT NULL
        CHECK (decision = '' OR decision = 'charge' OR decision = 'waive'),
    decided_by VARCHAR(60) NOT NULL,
    decided_at {instant},
    PRIMARY KEY (premises_id, month)
){clustered};

CREATE TABLE attempts (
    id {serial},
    order_id VARCHAR(64) NOT NULL,
    channel VARCHAR(8) NOT NULL
        CHECK (channel = 'card' OR channel = 'deposit' OR channel = 'billing'),
    amount BIGINT NOT NULL CHECK (amount > 0),
    tax_free BIGINT NOT NULL CHECK (tax_free BETWEEN 0 AND amount),
    order_name VARCHAR(100) NOT NULL,
    state VARCHAR(10) NOT NULL
        CHECK (state = 'created' OR state = 'opened' OR state = 'confirming'
            OR state = 'waiting' OR state = 'unknown' OR state = 'paid' OR state = 'reversed'
            OR state = 'refunded' OR state = 'declined' OR state = 'cancelled'
            OR state = 'expired'),
    reason VARCHAR(60) NOT NULL,
    owner VARCHAR(8) NOT NULL
        CHECK (owner = 'account' OR owner = 'guest' OR owner = 'kiosk' OR owner = 'office'),
    owner_key VARCHAR(64) NOT NULL,
    account_id INTEGER,
    name VARCHAR(600) NOT NULL,
    email VARCHAR(1000) NOT NULL,
    language VARCHAR(2) NOT NULL CHECK (language = 'ko' OR language = 'en'),
    form_key VARCHAR(64),
    form_digest VARCHAR(64) NOT NULL,
    payment_key VARCHAR(200),
    secret VARCHAR(300) NOT NULL,
    bank VARCHAR(10) NOT NULL,
    account_number VARCHAR(200) NOT NULL,
    deposit_until {instant},
    created_at {instant} NOT NULL,
    changed_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    authenticated_at {instant},
    check_at {instant},
    checks INTEGER NOT NULL CHECK (checks >= 0)
);
CREATE UNIQUE INDEX attempt_order_id ON attempts (order_id);
CREATE UNIQUE INDEX attempt_form_key ON attempts (form_key);
CREATE UNIQUE INDEX attempt_payment_key ON attempts (payment_key);
CREATE INDEX attempt_account_id ON attempts (account_id);
CREATE INDEX attempt_check ON attempts (check_at) WHERE check_at IS NOT NULL;

CREATE TABLE attempt_bills (
    attempt_id INTEGER NOT NULL REFERENCES attempts (id) ON DELETE RESTRICT,
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    month VARCHAR(7) NOT NULL,
    position SMALLINT NOT NULL,
    revision SMALLINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    closed_at {instant},
    PRIMARY KEY (attempt_id, premises_id, month, position)
){clustered};
CREATE UNIQUE INDEX attempt_open ON attempt_bills (premises_id, month, position)
    WHERE closed_at IS NULL;
CREATE INDEX attempt_of ON attempt_bills (premises_id, month);

CREATE TABLE attempt_events (
    id {serial},
    attempt_id INTEGER NOT NULL REFERENCES attempts (id) ON DELETE RESTRICT,
    at {instant} NOT NULL,
    state VARCHAR(10) NOT NULL,
    what VARCHAR(30) NOT NULL,
    detail VARCHAR(200) NOT NULL,
    actor VARCHAR(60) NOT NULL
);
CREATE INDEX attempt_event_attempt_id ON attempt_events (attempt_id);

CREATE TABLE payments (
    id {serial},
    attempt_id INTEGER NOT NULL REFERENCES attempts (id) ON DELETE RESTRICT,
    channel VARCHAR(8) NOT NULL
        CHECK (channel = 'card' OR channel = 'deposit' OR channel = 'billing'),
    external_ref VARCHAR(200) NOT NULL,
    order_id VARCHAR(64) NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    method VARCHAR(20) NOT NULL,
    card VARCHAR(20) NOT NULL,
    receipt_url VARCHAR(300) NOT NULL,
    transaction_key VARCHAR(64) NOT NULL,
    paid_at {instant} NOT NULL,
    booked_at {instant} NOT NULL,
    reversed_at {instant},
    settled_on DATE
);
CREATE UNIQUE INDEX payment_attempt_id ON payments (attempt_id);
CREATE UNIQUE INDEX payment_channel_external_ref ON payments (channel, external_ref);
CREATE INDEX payment_paid_at ON payments (paid_at);

CREATE TABLE refunds (
    id {serial},
    reference VARCHAR(12) NOT NULL,
    payment_id INTEGER NOT NULL REFERENCES payments (id) ON DELETE RESTRICT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    way VARCHAR(7) NOT NULL CHECK (way = 'gateway' OR way = 'bank'),
    state VARCHAR(10) NOT NULL
        CHECK (state = 'requested' OR state = 'approved' OR state = 'sending'
            OR state = 'unknown' OR state = 'done' OR state = 'refused' OR state = 'withdrawn'),
    reason VARCHAR(200) NOT NULL CHECK (length(reason) > 0),
    problem VARCHAR(60) NOT NULL,
    account VARCHAR(600) NOT NULL,
    requested_by VARCHAR(60) NOT NULL CHECK (length(requested_by) > 0),
    requested_at {instant} NOT NULL,
    approved_by VARCHAR(60) NOT NULL,
    approved_at {instant},
    done_at {instant},
    provider_tx VARCHAR(64),
    form_key VARCHAR(64),
    check_at {instant},
    checks INTEGER NOT NULL CHECK (checks >= 0)
);
CREATE UNIQUE INDEX refund_reference ON refunds (reference);
CREATE INDEX refund_payment_id ON refunds (payment_id);
CREATE UNIQUE INDEX refund_provider_tx ON refunds (provider_tx);
CREATE UNIQUE INDEX refund_form_key ON refunds (form_key);
CREATE INDEX refund_check ON refunds (check_at) WHERE check_at IS NOT NULL;

CREATE TABLE refund_parts (
    refund_id INTEGER NOT NULL REFERENCES refunds (id) ON DELETE RESTRICT,
    premises_id INTEGER NOT NULL REFERENCES premises (id) ON DELETE RESTRICT,
    month VARCHAR(7) NOT NULL,
    position SMALLINT NOT NULL,
    revision SMALLINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (refund_id, premises_id, month, position)
){clustered};

CREATE TABLE gateway_events (
    id {serial},
    transmission_id VARCHAR(80) NOT NULL,
    received_at {instant} NOT NULL,
    headers VARCHAR(1000) NOT NULL,
    body TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    order_id VARCHAR(64) NOT NULL,
    attempt_id INTEGER,
    try_at {instant},
    tries INTEGER NOT NULL CHECK (tries >= 0),
    handled_at {instant},
    outcome VARCHAR(40) NOT NULL
);
CREATE UNIQUE INDEX gateway_event_transmission_id ON gateway_events (transmission_id);
CREATE INDEX gateway_event_attempt_id ON gateway_events (attempt_id);
CREATE INDEX gateway_event_waiting ON gateway_events (try_at) WHERE try_at IS NOT NULL;

CREATE TABLE outbound_calls (
    id {serial},
    operation_key VARCHAR(80) NOT NULL,
    request_digest VARCHAR(64) NOT NULL,
    state VARCHAR(8) NOT NULL
        CHECK (state = 'intent' OR state = 'done' OR state = 'declined' OR state = 'unknown'
            OR state = 'ours' OR state = 'missing'),
    tries INTEGER NOT NULL CHECK (tries > 0),
    first_at {instant} NOT NULL,
    last_at {instant} NOT NULL,
    answer VARCHAR(80) NOT NULL
);
CREATE UNIQUE INDEX outbound_call_operation_key ON outbound_calls (operation_key);

CREATE TABLE reconciliation_runs (
    id {serial},
    from_on DATE NOT NULL,
    to_on DATE NOT NULL,
    started_at {instant} NOT NULL,
    finished_at {instant},
    theirs INTEGER NOT NULL CHECK (theirs >= 0),
    ours INTEGER NOT NULL CHECK (ours >= 0),
    settled INTEGER NOT NULL CHECK (settled >= 0),
    problems INTEGER NOT NULL CHECK (problems >= 0)
);

CREATE TABLE discrepancies (
    id {serial},
    key VARCHAR(120) NOT NULL,
    kind VARCHAR(20) NOT NULL
        CHECK (kind = 'theirs_not_ours' OR kind = 'ours_not_theirs' OR kind = 'amount'
            OR kind = 'state' OR kind = 'extra_money' OR kind = 'undone'
            OR kind = 'found_cancel' OR kind = 'stale_call' OR kind = 'refund_refused'
            OR kind = 'payout' OR kind = 'overdrawn' OR kind = 'wrong_notice'),
    order_id VARCHAR(64) NOT NULL,
    payment_id INTEGER,
    refund_id INTEGER,
    premises_id INTEGER,
    ours BIGINT,
    theirs BIGINT,
    found_at {instant} NOT NULL,
    decided_at {instant},
    decided_by VARCHAR(60) NOT NULL,
    decision VARCHAR(200) NOT NULL
);
CREATE UNIQUE INDEX discrepancy_key ON discrepancies (key);
CREATE INDEX discrepancy_open ON discrepancies (id) WHERE decided_at IS NULL;

CREATE TABLE payment_gate (
    id {serial},
    state VARCHAR(8) NOT NULL
        CHECK (state = 'open' OR state = 'closed' OR state = 'restored'),
    reason VARCHAR(200) NOT NULL,
    changed_by VARCHAR(60) NOT NULL,
    changed_at {instant} NOT NULL
);
"""

APPEND_ONLY = ("ledger_operations", "ledger_entries", "attempt_events")
REFUSE = {
    "sqlite": (
        "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END",
        "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END",
    ),
    "postgres": (
        "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ),
}
FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def up(migrator, db):
    engine = "postgres" if type(db).__name__.startswith("Postgres") else "sqlite"
    sql = TABLES.format(serial=SERIAL[engine], instant=INSTANT[engine], clustered=CLUSTERED[engine])
    for statement in sql.split(";"):
        if statement.strip():
            db.execute_sql(statement)
    if engine == "postgres":
        db.execute_sql(FUNCTION.replace("%", "%%"))
    for table in APPEND_ONLY:
        for statement in REFUSE[engine]:
            db.execute_sql(statement.format(table=table))
