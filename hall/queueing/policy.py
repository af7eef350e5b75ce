"""The policy that the hall has chosen decides among those whom a counter may call."""

from collections.abc import Sequence

from hall.queueing import rank_time, strict_ratio
from hall.queueing.calling import Head
from hall.queueing.rules import Counter, PolicyName, Rules
from hall.queueing.tickets import Ticket


def choose(rules: Rules, found: Sequence[Head], counter: Counter, streak: int) -> Ticket | None:
    """Pick among the heads; `streak`: priority calls since the counter's last normal one."""
    match rules.policy:
        case PolicyName.RANK_TIME:
            return rank_time.choose(found, counter)
        case PolicyName.STRICT_RATIO:
            return strict_ratio.choose(found, counter, streak, rules.ratio)
