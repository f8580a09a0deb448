"""The steps in the order in which they are taken."""

from tools.smoke import line, public, sale, session
from tools.smoke.steps import Step

JOURNEY: tuple[Step, ...] = (
    public.page,
    sale.created,
    sale.paused,
    sale.described,
    public.problems,
    public.back_door,
    line.joined,
    line.same_place,
    line.status,
    line.socket_refused,
    line.socket,
    sale.resumed,
    line.pushed,
    line.polled,
    session.keys,
    session.gate_refuses,
    session.gate_has_no_back_door,
    session.gate_admits,
    line.waiting,
    session.extended,
    session.bought,
    session.reported,
    session.completed,
    session.told_of_end,
    session.passed_on,
    session.left,
    session.refused_after,
    sale.audited,
    sale.closed,
    sale.shut,
)
