"""What a vendor asks of the queue: readable, its own, patient, one id for one act.

Judged by what it sent while it was checked; a vendor without appointments asks for nothing.
"""

from collections.abc import Iterator
from itertools import pairwise

from hall.contract.requests import Request
from hall.onestop.check.trial_bench import RuleVerdict, TrialBench, VendorRequest, one
from hall.runtime.bus import Received, Unusable

# A requester tries after 1 s, 1 s, 2 s; a little less by the clock of who hears it.
_SOONEST_S = 0.8
_TRIES = 4
_FORM = "yêu cầu gửi hàng chờ đúng hợp đồng, gửi bằng tên mình"
_ID = "cùng id là cùng một việc: nội dung không đổi"
_PATIENCE = f"gửi lại sau 1, 1, 2 giây, nhiều nhất {_TRIES} lần"


def asked_of_the_queue(stage: TrialBench) -> Iterator[RuleVerdict]:
    if not stage.wanted:
        why = "không gửi yêu cầu nào" if stage.queue else "có hội trường thật trên broker này"
        for rule, expected in (
            ("queue.form", _FORM),
            ("queue.id", _ID),
            ("queue.tries", _PATIENCE),
        ):
            yield one(rule, expected, passed=None, seen=why)
        return
    spoiled = [each.item for each in stage.wanted if isinstance(each.item, Unusable)]
    seen = "; ".join(
        dict.fromkeys(f"{each.levels['verb']}: {each.why or each.code}" for each in spoiled)
    )
    yield one("queue.form", _FORM, passed=not spoiled, seen=seen)
    copies = _copies(stage)
    changed = [given for given, each in copies.items() if len({_act(one) for one in each}) > 1]
    yield one("queue.id", _ID, passed=not changed, seen=", ".join(changed))
    hasty = [given for given, each in copies.items() if _is_hasty(each)]
    yield one("queue.tries", _PATIENCE, passed=not hasty, seen=", ".join(hasty))


def _copies(stage: TrialBench) -> dict[str, list[VendorRequest]]:
    found: dict[str, list[VendorRequest]] = {}
    for each in stage.wanted:
        found.setdefault(_id_of(each), []).append(each)
    return found


def _id_of(wanted: VendorRequest) -> str:
    match wanted.item:
        case Unusable(id=given) | Received(message=Request(id=given)):
            return given
        case Received():
            return ""


def _act(wanted: VendorRequest) -> str:
    """What is asked, whatever time stands on it."""
    match wanted.item:
        case Unusable(levels=levels, why=why):
            return f"{levels['verb']} {why}"
        case Received(levels=levels, message=message):
            return f"{levels['verb']} {message.model_dump_json(exclude={'ts'})}"


def _is_hasty(copies: list[VendorRequest]) -> bool:
    pauses = [after.at - before.at for before, after in pairwise(copies)]
    return len(copies) > _TRIES or any(pause < _SOONEST_S for pause in pauses)
