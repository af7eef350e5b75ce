"""Every rule, in an order in which none spoils the next: the limit of look-ups comes late."""

from collections.abc import Iterator

from hall.onestop.check import asking, lookups, presence, procedures, states
from hall.onestop.check.trial_bench import Rule, RuleVerdict, TrialBench

_LISTEN_S = 2.0
_RULES: tuple[Rule, ...] = (
    states.present,
    states.figures,
    lookups.answers,
    lookups.once,
    lookups.known_code,
    procedures.procedures,
    lookups.too_many,
    presence.repeats,
    presence.comes_back,
    asking.asked_of_the_queue,
    states.readable,
    lookups.private,
)


def check(stage: TrialBench) -> Iterator[RuleVerdict]:
    """Every rule in turn; one that fails does not end the rest."""
    stage.spend(_LISTEN_S)
    for rule in _RULES:
        yield from rule(stage)
