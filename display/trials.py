"""What a technician asks of the displays and the voice: the requests behind two commands."""

from hall.contract.requests import Identify, Request, Say
from hall.runtime.requester import new_id

DISPLAY = "display"
BOARD = "board"
VOICE = "voice"
Trial = tuple[str, str, Request]


def display_trials() -> tuple[Trial, ...]:
    """`motcua test-display`: every counter display shows its counter, the board names itself.

    Target, verb and request, for `Requester.ask(REQ_DEV, verb, request, …, target=target)`.
    """
    return (
        (DISPLAY, "identify", Identify(id=new_id())),
        (BOARD, "identify", Identify(id=new_id())),
    )


def say_trial(number: str, counter: str | None = None, lang: str = "vi") -> Trial:
    """`motcua test-say "A105" --counter 3`; a text that is no ticket number is said as it is."""
    if number.isascii() and number.isalnum() and len(number) <= 6 and counter:  # noqa: PLR2004
        request = Say(id=new_id(), number=number.upper(), counter=counter, lang=lang)
    else:
        request = Say(id=new_id(), text=number, lang=lang)
    return VOICE, "say", request
