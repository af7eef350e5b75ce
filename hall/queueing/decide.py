"""Answer a command: events, or a refusal. Pure; the same inputs give the same events."""

from hall.queueing import (
    aside,
    booking,
    closing,
    commands,
    issuing,
    rating,
    serving,
    turning,
    undoing,
)
from hall.queueing.decision import Decision
from hall.queueing.draft import Draft
from hall.queueing.refusals import Refused
from hall.queueing.rules import Now, Rules
from hall.queueing.state import Hall


def decide(rules: Rules, hall: Hall, command: commands.Command, now: Now) -> Decision:
    """Decide a command at `now`. Raises Refused; then the command has no effect.

    A day that has turned is opened first, as part of the same decision; of a refusal that part
    is in `Refused.passed` and stands all the same.
    """
    draft = Draft(rules, hall, now, command.by)
    turning.pass_time(draft)
    passed = draft.decision()
    try:
        return draft.decision(_act(draft, command))
    except Refused as refusal:
        refusal.passed = passed
        raise


def due(rules: Rules, hall: Hall) -> int | None:
    """When (hall clock, ms) something happens without a command: a parked ticket comes back.

    At once, where a counter that has left the YAML keeps people: they are in no list.
    """
    if turning.removed_counters(rules, hall):
        return 0
    return hall.timed[0][0] if hall.timed else None


def _act(draft: Draft, command: commands.Command) -> int | None:  # noqa: C901, PLR0911, PLR0912 - one arm a command
    match command:
        case commands.PassTime():
            return None
        case commands.Recover():
            turning.recover(draft, command.date, command.tops)
            return None
        case commands.Issue():
            return issuing.issue(draft, command)
        case commands.Appoint():
            booking.appoint(draft, command)
            return None
        case commands.CancelAppointment():
            booking.cancel(draft, command)
            return None
        case commands.CheckIn():
            return booking.check_in(draft, command)
        case commands.PrintResult():
            return issuing.print_result(draft, command)
        case commands.CallNext():
            return serving.call_next(draft, command)
        case commands.CallTicket():
            return serving.call_ticket(draft, command)
        case commands.Recall() | commands.Start() | commands.Finish() | commands.MarkNoShow():
            return serving.on_held(draft, command)
        case commands.OpenCounter():
            serving.open_counter(draft, command)
            return None
        case commands.PauseCounter() | commands.CloseCounter():
            serving.step_away(draft, command)
            return None
        case commands.Transfer():
            return aside.transfer(draft, command)
        case commands.Park():
            return aside.park(draft, command)
        case commands.CloseService():
            closing.close_service(draft, command)
            return None
        case commands.OpenService():
            closing.open_service(draft, command)
            return None
        case commands.CloseHall():
            closing.close_hall(draft, command)
            return None
        case commands.Undo():
            return undoing.undo(draft, command)
        case commands.Resume():
            return aside.resume(draft, command)
        case commands.Cancel():
            return aside.cancel(draft, command)
        case commands.Rate():
            return rating.rate(draft, command)
        case commands.Unrate():
            return rating.unrate(draft, command)
