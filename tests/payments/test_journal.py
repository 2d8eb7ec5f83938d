"""What outlives the database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from app.payments import journal


def test_threads_of_one_process_mark_at_the_same_moment(counter):
    together = Barrier(8)

    def marks(number):
        together.wait()
        for one in range(40):
            counter.do(journal.mark, f"ORDER{number}X{one}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(marks, range(8)))

    assert counter.do(journal.marked).startswith("ORDER")
    assert [path.name for path in counter.do(journal.folder).glob("mark*")] == ["mark"]
