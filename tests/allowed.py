"""What the rules of tests/test_rules.py allow: the views for everybody, and who builds SQL."""

PUBLIC = {
    "accounts.login",
    "alerts.browser",
    "alerts.confirm",
    "alerts.end_browser",
    "alerts.index",
    "alerts.sent",
    "alerts.stop",
    "calculator.index",
    "calculator.tariff",
    "content.article",
    "content.display",
    "content.faq",
    "content.guide",
    "content.learn",
    "content.dong_notices_feed",
    "content.notices",
    "content.notices_feed",
    "content.office_notices_feed",
    "content.robots",
    "content.sitemap",
    "documents.verify",
    "health.healthz",
    "home.index",
    "hooks.payments",
    "lookup.index",
    "lookup.show",
    "mailbox.index",
    "mailbox.show",
    "me.join",
    "mydata.closed",
    "open311.defined",
    "open311.discovery",
    "open311.index",
    "open311.listed",
    "open311.report",
    "open311.requests",
    "open311.shown",
    "open311.token",
    "open311.unknown",
    "outages.board",
    "outages.cap_alert",
    "outages.cap_index",
    "outages.city_calendar",
    "outages.city_feed",
    "outages.dong_calendar",
    "outages.dong_feed",
    "outages.home_calendar",
    "outages.index",
    "outages.office_calendar",
    "outages.office_feed",
    "outages.one_calendar",
    "outages.show",
    "passkeys.enter",
    "passkeys.sign_in_challenge",
    "paying.close_account",
    "paying.guest",
    "paying.guest_pdf",
    "paying.guest_receipt",
    "paying.handover",
    "payments.fail",
    "payments.result",
    "payments.success",
    "privacy.firms",
    "privacy.items",
    "profile.confirm_email",
    "profile.undo_email",
    "push.worker",
    "recovery.index",
    "recovery.reset",
    "recovery.sent",
    "reminders.stop",
    "signup.access",
    "signup.address",
    "signup.check",
    "signup.consents",
    "signup.correction",
    "signup.erasure",
    "signup.index",
    "signup.person",
    "signup.sent",
    "signup.under_14",
    "signup.verify",
    "staff.enter",
    "staff.login",
    "staff.sign_in_challenge",
    "texts.hook",
}
COMPLAINTS = (
    "asked_to_follow", "begin", "check", "contact", "create_upload", "details", "discard",
    "draft_photo", "end_following", "follow", "index", "list_public", "more_photos",
    "near", "photo", "photos", "place", "public_photo", "rate", "received", "remove_photo",
    "reopen", "say", "show", "show_public", "status", "upload", "withdraw",
)  # fmt: skip
PUBLIC |= {f"complaints.{name}" for name in COMPLAINTS}
BUILDS_SQL = {
    "app/billing/arrears.py": 1,  # as many question marks as values
    "app/db.py": 1,  # insert_many: table and columns are names in our code
    "app/privacy/breach.py": 4,  # the same as in rules.py, and as many question marks as values
    "app/privacy/rules.py": 8,  # tables and columns of our models, as the register names them
    "app/ready.py": 3,  # tables and columns of our models
    "app/reminders/told.py": 2,  # texts of this module: what differs between kinds of mails
    "app/rotation.py": 5,  # tables and columns of our models
    "app/supply/daily.py": 1,  # as many question marks as values
    "app/supply/plausible.py": 1,  # before or after: one of two fixed words
    "app/supply/readings.py": 1,  # as many question marks as values
    "migrations/0001_foundation.py": 1,  # types of columns, by engine
    "migrations/0003_documents_and_limits.py": 1,
    "migrations/0004_patterns.py": 1,  # the same
    "migrations/0005_accounts.py": 1,  # the same
    "migrations/0006_staff.py": 1,  # the same
    "migrations/0007_text_messages.py": 1,  # the words of columns
    "migrations/0008_own_data.py": 1,  # the same
    "migrations/0009_customers.py": 2,  # the mark of a value, and types, by engine
    "migrations/0010_payments.py": 1,  # the same
    "migrations/0011_complaints.py": 1,  # the same
    "migrations/0012_outage_alerts.py": 1,  # the same
    "migrations/0013_report_keys.py": 1,  # the same
    "migrations/0017_outages_withdrawn.py": 1,  # the same
}
