"""Which position may be issued next is decided by the record, whatever a copy of the store remembers."""

from dataclasses import replace

from fairline.domain.admission import Bucket
from fairline.domain.status import Progress
from fairline.domain.tick import Counts, Record, Taken, View, advanced
from tests.support.clock import START_MS

RECORD = Record(epoch=1, tick=7, issue_limit=300_000, issued=5)
FORGETFUL = View(
    now_ms=START_MS,
    tick=7,
    version=1,
    progress=Progress(epoch=1, serving=0, issued=4, waiting=4, active=0),
    bucket=Bucket(),
    limit=200_000,
    lease_until_ms=START_MS,
    resumes_at_ms=0,
    counts=Counts(),
)


def test_after_a_lapse_a_copy_that_forgot_the_limit_too_follows_the_recorded_one() -> None:
    following = advanced(RECORD, FORGETFUL, Taken((), 0))
    assert following.issued == 300_000
    assert following.skipped == ((5, 300_000),)
    assert following.issue_limit > 300_000


def test_without_a_lapse_no_position_is_passed_over() -> None:
    kept = replace(FORGETFUL, lease_until_ms=START_MS + 1)
    assert advanced(RECORD, kept, Taken((), 0)).issued == 4
