"""What the desk types to find somebody."""

from app.customers.search import lacks_house_number
from app.forms import AtMost, Form, Required, TextField
from app.language import later
from app.staff.forms import ReasonForm


class SearchForm(Form):
    query = TextField(
        later("고객 찾기"),
        [
            Required(later("고객번호, 전화번호, 이메일, 주소나 이름을 넣어 주십시오.")),
            AtMost(100, later("100자까지 쓸 수 있습니다.")),
        ],
    )

    @property
    def lacks_house_number(self) -> bool:
        return lacks_house_number(self.query.data or "")


class UnmaskForm(ReasonForm):
    """Why somebody must be seen whole."""
