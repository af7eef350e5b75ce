"""Whether a vendor says that it is there, is missed when it is cut off, and comes back whole."""

from collections.abc import Iterator

from hall.contract.onestop_messages import Figures, OnestopStatus
from hall.contract.requests import Ping
from hall.onestop.check.trial_bench import (
    ANSWER_S,
    REPEAT_S,
    RuleVerdict,
    TrialBench,
    one,
    reply_text,
)
from hall.runtime.requester import new_id


def repeats(stage: TrialBench) -> Iterator[RuleVerdict]:
    begun = stage.now
    again = stage.until(lambda: bool(stage.states(OnestopStatus, since=begun)), stage.wait_s)
    seen = f"im lặng {stage.wait_s:.0f} giây"
    yield one(
        "status.repeated",
        f"status gửi lại ít nhất mỗi {REPEAT_S:.0f} giây",
        passed=again,
        seen=seen,
    )


def comes_back(stage: TrialBench) -> Iterator[RuleVerdict]:
    """Its connection is cut: the broker speaks its will, and it tells everything anew."""
    before = stage.states(OnestopStatus)
    conn = before[-1].conn if before else ""
    begun = stage.now
    kept = Ping(id=new_id())
    planted = stage.plant("ping", kept)
    # Whoever is there gets it as an ordinary request and may answer it: the answer to the next one
    # tells that this is over, so that only what is answered after the cut counts.
    stage.ask_vendor("ping", Ping(id=new_id()))
    if not stage.take_over():
        stage.withdraw("ping")
        why = "không có mật khẩu của onestop"
        yield one("will", "di chúc: state = lost", passed=None, seen=why)
        return
    stage.until(lambda: _lost(stage, begun, conn), ANSWER_S)
    before_cut = len(stage.heard)
    yield one(
        "will",
        "di chúc: state = lost, cùng conn",
        passed=_lost(stage, begun, conn),
        seen="không nghe thấy",
    )
    back = stage.until(lambda: _ready(stage, begun), stage.wait_s)
    yield one("reconnect", "tự nối lại và báo ready", passed=back, seen="không nối lại")
    fresh = back and stage.states(OnestopStatus, since=begun)[-1].conn != conn
    yield one("reconnect.conn", "conn mới sau khi nối lại", passed=fresh, seen=conn)
    anew = bool(stage.states(Figures, since=begun)) or not stage.states(Figures)
    if back and not anew:
        anew = stage.until(lambda: bool(stage.states(Figures, since=begun)), ANSWER_S)
    yield one(
        "reconnect.states",
        "gửi lại mọi trạng thái sau khi nối lại",
        passed=anew,
        seen="không gửi lại",
    )
    reply = stage.ask_vendor("ping", Ping(id=new_id()))
    yield one(
        "reconnect.requests",
        "đăng ký lại và trả lời",
        passed=reply is not None,
        seen=reply_text(reply),
    )
    stage.withdraw("ping")
    answered = bool(stage.answers(kept, before_cut))
    yield one(
        "requests.retained",
        "không trả lời yêu cầu mà broker giữ lại (retain)",
        passed=not answered if planted else None,
        seen="đã trả lời" if planted else "không gửi được",
    )


def _lost(stage: TrialBench, since: float, conn: str) -> bool:
    return any(s.state == "lost" and s.conn == conn for s in stage.states(OnestopStatus, since))


def _ready(stage: TrialBench, since: float) -> bool:
    told = stage.states(OnestopStatus, since)
    return bool(told) and told[-1].state == "ready"
