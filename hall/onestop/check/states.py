"""What a vendor publishes: readable, retained, of our time, in agreement with itself."""

from collections.abc import Iterator

from hall.contract.onestop_messages import Figures, OnestopStatus
from hall.contract.topics import EXT_FIGURES, EXT_STATUS
from hall.figures.doubts import doubts
from hall.onestop import feed
from hall.onestop.check.trial_bench import RuleVerdict, TrialBench, one
from hall.runtime.bus import Received, Spoiled


def readable(stage: TrialBench) -> Iterator[RuleVerdict]:
    """Every state obeys the contract; the first that does not is named with its field."""
    spoiled = [each.item for each in stage.heard if isinstance(each.item, Spoiled)]
    for channel in dict.fromkeys(each.channel for each in spoiled):
        payload = next(each.payload for each in spoiled if each.channel is channel)
        flaw = feed.flaw_of(channel, payload, stage.context.hall)
        told = flaw.text(channel.pattern) if flaw else "không đọc được"
        yield one("states.readable", "mọi trạng thái đúng hợp đồng", passed=False, seen=told)
    if not spoiled:
        yield one("states.readable", "mọi trạng thái đúng hợp đồng", passed=True)


def present(stage: TrialBench) -> Iterator[RuleVerdict]:
    told = stage.states(OnestopStatus)
    ready = bool(told) and told[-1].state == "ready"
    expected = f"{EXT_STATUS.pattern} được giữ lại (retain), state = ready"
    seen = told[-1].state if told else "không có"
    yield one("status.ready", expected, passed=ready, seen=seen)
    kept = any(
        isinstance(each.item, Received) and each.item.channel is EXT_STATUS and each.item.retained
        for each in stage.heard
    )
    yield one("status.retained", "status gửi với cờ retain", passed=kept, seen="không retain")


def figures(stage: TrialBench) -> Iterator[RuleVerdict]:
    told: list[Figures] = stage.states(Figures)
    if not told:
        yield one(
            "figures.told", f"{EXT_FIGURES.pattern} được giữ lại", passed=None, seen="không có"
        )
        return
    last = told[-1]
    late = feed.of_time(last, stage.context.clock.now())
    seen = late.got if late else ""
    yield one("figures.as_of", "as_of không ở tương lai", passed=late is None, seen=seen)
    found = [f"{period.id}: {each.text}" for period in last.periods for each in doubts(period)]
    yield one("figures.agree", "các số khớp nhau", passed=not found, seen="; ".join(found))
