"""A question from the web server's loop to the service's loop, and its reply back in time."""

import asyncio

from hall.contract.messages import Reply
from hall.contract.requests import Request
from hall.contract.topics import Channel
from hall.counter.ports import PageAct, Post
from hall.runtime.requester import NO_ANSWER

# Longer than the requester's patience of 6 s: its answer, not ours, reaches the clerk.
ANSWER_S = 8.0
_SILENT = (
    "Chưa thấy trả lời, có thể chưa làm. Mời nhìn lại số đang hiện rồi bấm lại; "
    "còn nữa thì báo kỹ thuật viên."
)


async def answered(
    post: Post, channel: Channel, verb: str, request: Request, target: str | None = None
) -> Reply:
    """`unavailable` where nothing comes within ANSWER_S."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Reply] = loop.create_future()

    def settle(reply: Reply) -> None:
        if not future.done():
            future.set_result(_for_staff(reply))

    def answer(reply: Reply) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, reply)

    post(PageAct(channel, verb, request, target, answer))
    try:
        async with asyncio.timeout(ANSWER_S):
            return await future
    except TimeoutError:
        return _for_staff(Reply(id="none", status="error", error=NO_ANSWER))


def _for_staff(reply: Reply) -> Reply:
    """A clerk is not sent to the help counter."""
    if reply.error != NO_ANSWER:
        return reply
    return reply.model_copy(update={"error": NO_ANSWER.model_copy(update={"text": _SILENT})})
