"""Everything that is held about a person, in the order in which they see it (S-57)."""

from app.mydata.complaints import COMPLAINTS
from app.mydata.payments import PAYMENTS
from app.mydata.person_topics import ACCOUNT, CONSENTS, LOOKS, MESSAGES, NOTICES, REQUESTS, SIGN_IN
from app.mydata.supply_topics import BILLS, DOCUMENTS, HOME_RECORD, HOMES, USES

TOPICS = (
    ACCOUNT, SIGN_IN, CONSENTS, HOMES, HOME_RECORD, BILLS, PAYMENTS, USES, DOCUMENTS, COMPLAINTS,
    MESSAGES, NOTICES, REQUESTS, LOOKS,
)  # fmt: skip
BY_CODE = {topic.code: topic for topic in TOPICS}
