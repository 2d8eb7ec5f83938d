"""Every setting with its development value; WATER_NAME in the environment overrides NAME."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

MODE = "development"
"""`development` or `production`; production refuses the development secrets below."""

SECRET_KEY = "development-only-secret-key"  # noqa: S105
"""Signs the cookie; at least 32 random characters in production."""

BILL_CODE_KEY = "development-only-bill-code-key"
"""Makes the code that is printed on each bill; at least 32 random characters in production."""

DATA_KEY = "development-only-data-key"
"""Seals phone numbers and waiting messages in the database; at least 32 random characters."""

DATA_KEY_OLD = ""
"""Earlier data keys, separated by blanks: they open what they sealed, and seal nothing more."""

DATA_DIR = str(ROOT / "var")
"""Database and files. Also read from DATA_DIR without a prefix."""

DATABASE_URL = ""
"""`postgresql://…`, or empty for SQLite in DATA_DIR. Also read from DATABASE_URL."""

CONTENT_DIR = str(ROOT / "content")
"""The Markdown pages."""

SITE_NAME = "아리수 사이버고객센터"
SITE_NAME_EN = "Arisu customer centre"
"""The name in the header and in titles, in both languages."""

BASE_URL = "http://127.0.0.1:8000"
"""Where links in the site map lead; never taken from a request."""

OFFICIAL_BANNER = False
"""The line that only a government body may show above the header."""

SESSION_IDLE_MINUTES = 30
SESSION_HOURS = 12
"""A customer's session ends after this much quiet, and at the latest after this long."""

PROXY_COUNT = 0
"""How many proxies stand in front; forwarded headers of others are ignored."""

CONTENT_CHECK_SECONDS = 5
"""How often, at most, the content folder and the tariff are looked at for changes."""

OUTAGES_DIR = ""
"""The git repository into which the staff's form writes outages; empty: one of its own in
DATA_DIR/outages. Files in `outages/` of CONTENT_DIR are shown as well.
"""

OUTAGE_LEAD_DAYS = 3
"""Planned outages that are announced later than so many days before are pointed out to editors."""

KEPT_PAGES_MB = 4
"""Memory of one worker for finished public pages."""

PASSWORD_MEMORY_KIB = 19456
PASSWORD_ROUNDS = 2
"""Cost of argon2id; hashes are renewed at sign-in when it changes."""

PDF_SECONDS = 15
"""How long making a document's PDF may take."""

STAFF_IDLE_MINUTES = 15
STAFF_HOURS = 8
"""The same for staff."""

STAFF_NETWORKS = ""
"""Networks such as `192.0.2.0/24`, separated by blanks, from which alone `/staff/` is there."""

AUDIT_YEARS = 3
"""How long rows of the audit log are kept; the law wants two years at least."""

LOOKS_ALARM = 200
"""So many different persons looked at by one member of staff within an hour are an alarm."""

HEALTH_TOKEN = ""
"""With `Authorization: Bearer …` of it, `/healthz` says what is wrong, not only that it is."""

FAILURE_ALARM = 200
"""So many failed look-ups or checks of one kind within an hour are an error in the log."""

SMTP_HOST = ""
SMTP_PORT = 587
SMTP_USER = ""
SMTP_PASSWORD = ""
SMTP_SECURITY = "starttls"
"""The mail server; `starttls`, `tls` or `none`. Without a host mails are files in DATA_DIR/mail."""

MAIL_FROM = "no-reply@arisu.invalid"
"""The sender's address of mails."""

PAY_CLIENT_KEY = ""
PAY_SECRET_KEY = ""
"""The keys of Toss Payments, of one set. Without them: development uses its emulator, production
takes no payments online.
"""

PAY_URL = ""
"""The payment gateway; empty for the real one, in development for the emulator."""

PAY_PATIENCE = 1.0
"""Factor of all times that the gateway's answers may take."""

PAY_TAX_FREE = True
"""Whether bills are supplies without VAT, as most cities' are."""

DEPOSIT_BANK = "20"
DEPOSIT_DAYS = 7
"""The bank of accounts for deposits, and how many days they wait (at most 30)."""

REFUND_ALONE = 100_000
"""Up to so many won a refund needs one person; above, another one approves it."""

REPORTS_BY_KEY = 300
"""Reports that a program may send with its key in an hour."""

UNKNOWN_NOTICES = 1000
"""So many notices of the gateway about nothing that we know are kept in an hour."""

CRASH_AT = ""
"""The name of a crash point at which the process kills itself; in development only."""

SMS_URL = ""
"""The address of the company that sends text messages; empty: there are none. `make run` sets that
of the emulator, and development takes no other.
"""

SMS_PROVIDER = "solapi"
"""Which company's interface is spoken there."""

SMS_KEY = "development-only-sms-key"
SMS_SECRET = "development-only-sms-secret"  # noqa: S105
"""The key of our account there, and the secret that signs requests."""

SENDER_NUMBERS = "0200000000"
"""The registered sender numbers, separated by blanks; the first is used."""

SMS_HOOK_SECRET = "development-only-sms-hook-secret"  # noqa: S105
"""The end of the address to which reports of delivery are posted, at least 32 random characters."""

SMS_COST_CAP = 200_000
"""Won that text messages may cost within an hour; beyond it they wait."""

SMS_PRICE = 18
LMS_PRICE = 45
"""Won for a short and for a long text message."""

SMS_LOW_BALANCE = 50_000
"""Fewer won than these in our account there are an error in the log."""

SMS_REFUSAL = ""
"""The toll-free number at which advertising is refused; without one no advertising is sent."""

PUSH_HOSTS = (
    "fcm.googleapis.com updates.push.services.mozilla.com *.push.apple.com *.notify.windows.com"
)
"""The hosts of browsers' push services; subscriptions of others are refused."""

VAPID_KEY = ""
"""The private key that signs push messages (`flask push key` makes one); empty: there are none. In
development one is made in DATA_DIR.
"""

MAX_CONTENT_LENGTH = 25 * 2**20
MAX_FORM_PARTS = 200
"""Limits on what a request may carry, in bytes and in fields."""
