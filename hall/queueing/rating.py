"""What a citizen thinks of being served: rated at once, taken back within seconds.

rated ──unrate, same client, 10 s──▶ unrated: the earlier rating of the question stands again
"""

from hall.queueing import commands, events
from hall.queueing.draft import Draft
from hall.queueing.refusals import Reason, Refused
from hall.queueing.undoing import UNDO_MS


def rate(draft: Draft, command: commands.Rate) -> int | None:
    """For a ticket, or for whoever a counter serves or has served last, or for the hall.

    Of one ticket and question the newest rating holds, whoever is served in between.
    """
    _check_choices(draft, command)
    serial, question = _rated(draft, command), command.question
    earlier = None if serial is None else draft.hall.ratings.get(serial)
    replaced = None if earlier is None else earlier.get(question or "")
    draft.add(
        events.Rated(
            *draft.stamp,
            command.score,
            serial,
            command.counter,
            question,
            command.reason,
            replaced,
        )
    )
    return serial


def _rated(draft: Draft, command: commands.Rate) -> int | None:
    """Who was only called has not been served: at a counter the one before them is meant."""
    if command.counter is not None and command.counter not in draft.rules.counters:
        raise Refused(Reason.UNKNOWN_COUNTER)
    if command.ticket is not None:
        return draft.ticket(command.ticket).serial
    if command.counter is None:
        return None
    last = draft.hall.counters[command.counter].last
    if last is None:
        raise Refused(Reason.NOBODY_TO_RATE, command.counter)
    return last


def _check_choices(draft: Draft, command: commands.Rate) -> None:
    if command.question is not None and command.question not in draft.rules.questions:
        raise Refused(Reason.UNKNOWN_QUESTION)
    if command.reason is not None and command.reason not in draft.rules.reasons:
        raise Refused(Reason.UNKNOWN_REASON)


def unrate(draft: Draft, command: commands.Unrate) -> int | None:
    """Only who sent a rating takes it back, and only while no other has replaced it."""
    for seq, given in reversed(draft.hall.rated_lately):
        if _is_meant(draft, command, given):
            if draft.now.at - given.at > UNDO_MS:
                raise Refused(Reason.UNDO_TOO_LATE)
            if not _stands(draft, seq, given):
                raise Refused(Reason.NO_RATING_TO_UNDO)
            about = (given.serial, given.counter, given.question)
            draft.add(events.Unrated(*draft.stamp, seq, *about))
            return given.serial
    raise Refused(Reason.NO_RATING_TO_UNDO)


def _is_meant(draft: Draft, command: commands.Unrate, given: events.Rated) -> bool:
    if (given.by, given.question) != (command.by, command.question):
        return False
    if command.ticket is not None:
        return given.serial == draft.ticket(command.ticket).serial
    return given.counter == command.counter and (given.serial is None) == (command.counter is None)


def _stands(draft: Draft, seq: int, given: events.Rated) -> bool:
    if given.serial is None:
        return True
    about = draft.hall.ratings.get(given.serial) or {}
    return about.get(given.question or "") == seq
