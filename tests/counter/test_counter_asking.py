"""An answer that does not come is told to a clerk in her words, not in a citizen's."""

import asyncio

from hall.contract.messages import Reply
from hall.contract.requests import Board
from hall.contract.topics import REQ_QUEUE
from hall.counter.asking import answered
from hall.counter.ports import Guessing, PageAct, PartsWatched
from hall.runtime.requester import NO_ANSWER


def told(reply: Reply) -> str:
    def post(act: PageAct | Guessing | PartsWatched) -> None:
        assert isinstance(act, PageAct)
        act.answer(reply)

    found = asyncio.run(answered(post, REQ_QUEUE, "board", Board(id="b1")))
    return "" if found.error is None else found.error.text


def test_who_waits_in_vain_is_told_to_look_and_not_to_go_to_the_help_counter() -> None:
    words = told(Reply(id="b1", status="error", error=NO_ANSWER))

    assert "nhìn lại số đang hiện" in words
    assert "quầy hướng dẫn" not in words


def test_what_the_controller_says_itself_is_passed_on() -> None:
    full = NO_ANSWER.model_copy(update={"text": "Thẻ nhớ đầy."})

    assert told(Reply(id="b1", status="error", error=full)) == "Thẻ nhớ đầy."
