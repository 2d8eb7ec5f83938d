"""What outlives the database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from app.payments import gate, journal


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


def test_who_reads_the_mark_while_it_is_written_over_gets_a_whole_one(counter):
    counter.do(journal.mark, "FIRST")
    written = [f"ORDER{number}" * 4 for number in range(400)]
    seen = set()

    with ThreadPoolExecutor(2) as threads:
        done = threads.submit(lambda: [counter.do(journal.mark, one) for one in written])
        while not done.done():
            seen.add(counter.do(journal.marked))

    assert seen <= {"FIRST", *written}
    assert counter.do(journal.marked) == written[-1]


def test_a_short_order_is_marked_over_a_long_one(counter):
    counter.do(journal.mark, "L" * 64)
    counter.do(journal.mark, "S")

    assert counter.do(journal.marked) == "S"


def test_a_mark_of_an_older_version_is_read(counter):
    (counter.do(journal.folder) / "mark").write_text("ORDER")

    assert counter.do(journal.marked) == "ORDER"


def test_a_mark_that_is_spoilt_closes_payments(counter):
    counter.do(journal.mark, "ORDER")
    path = counter.do(journal.folder) / "mark"
    path.write_text(path.read_text().replace("ORD", "0RD"))

    assert counter.do(gate.why_closed) is gate.Closed.RESTORED
