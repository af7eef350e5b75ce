"""What every group of addresses stands on: the hall's setting, who asks, files, streams, acts."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from hall.counter.acts import Acts, AddressedAct, not_kept, not_paired
from hall.counter.budgets import Budgets
from hall.counter.door import cookies
from hall.counter.door.access import AT_THE_MACHINE, Access, Right, Stranger, Visitor
from hall.counter.door.pairing import Pairing
from hall.counter.door.store import DoorStoreError
from hall.counter.head.deeds import Deed, Deeds
from hall.counter.head.figures_desk import FiguresDesk
from hall.counter.streams import Streams
from hall.runtime.clock import Clock
from hall.web.answers import address_of, json_of, refused
from hall.web.hashing import Hashing

log = logging.getLogger(__name__)

# Of what was sent, by whom: the answer.
Change = Callable[[Mapping[str, Any], Pairing, Visitor], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages are served with. `devices`: every client of the hall, by the YAML.

    `pairing` None: everyone at this machine may act.
    """

    counters: frozenset[str]
    devices: frozenset[str]
    pairing: Pairing | None
    names: tuple[str, ...]
    hall_page: bool
    pictures: Path | None
    clock: Clock
    figures: FiguresDesk
    deeds: Deeds


@dataclass(frozen=True, slots=True)
class Served:
    """One start of the web server, used by its loop alone."""

    site: Site
    files: Mapping[str, Response]
    streams: Streams
    acts: Acts
    budgets: Budgets = field(default_factory=Budgets)
    hashing: Hashing = field(default_factory=Hashing)

    def visitor(self, request: HTTPConnection) -> Visitor:
        if self.site.pairing is None:
            return AT_THE_MACHINE
        found = self.site.pairing.visitor(cookies.BROWSER.token_of(request), address_of(request))
        if found.stranger is Stranger.NEW and not found.places and cookies.old_of(request):
            return Visitor(stranger=Stranger.OLD_WAY)
        return found

    def page(
        self, request: Request, name: str, right: Right, counter: str | None = None
    ) -> Response:
        """The page, or the way to the one where a browser is paired."""
        visitor = self.visitor(request)
        match visitor.judge(right, counter):
            case Access.YES:
                return self.files[name]
            case Access.SIGN_IN:
                return RedirectResponse(f"/dang-nhap?ve={quote(request.url.path)}", 303)
            case Access.NO:
                return way_to_pairing(visitor)

    async def act(
        self, request: Request, right: Right, wanted: AddressedAct, counter: str | None = None
    ) -> Response:
        """An act by who may do it; others are told why they may not."""
        visitor = self.visitor(request)
        if (refusal := refusal_of(visitor, right, counter)) is not None:
            return refusal
        if (held_back := self.spend(visitor)) is not None:
            return held_back
        return await self.acts.run(request, wanted, visitor)

    def spend(self, visitor: Visitor) -> Response | None:
        """One act out of the browser's budget; the answer where it has none left just now."""
        now = self.site.clock.monotonic()
        if visitor.browser is None or self.budgets.has_one(visitor.browser, now):
            return None
        return refused(429, "limit", "Máy này bấm quá nhanh. Mời đợi một giây rồi bấm lại.")

    async def change(self, request: Request, change: Change) -> Response:
        """One change of who comes in, by who may; declared as JSON, which no form can."""
        visitor, pairing = self.visitor(request), self.site.pairing
        if (refusal := refusal_of(visitor, Right.ADMIT)) is not None:
            return refusal
        if pairing is None:
            return refused(404, "unknown", "Hội trường này không dùng mã ghép.")
        try:
            return await change(await json_of(request), pairing, visitor)
        except (ValueError, TypeError, RecursionError):
            return refused(400, "bad_request", "Yêu cầu không đúng mẫu.")
        except DoorStoreError as err:
            log.error("who comes in could not be changed: %s", err)  # noqa: TRY400
            return not_kept()

    def note(self, visitor: Visitor, verb: str, about: str, by: str = "") -> None:
        """Who changed who comes in, for `who did what`. `by`: a mark, else of who signed in."""
        staff = by or ("" if visitor.signed is None else visitor.signed.id)
        log.warning("%s of %s by %s", verb, about, visitor)
        self.site.deeds.note(Deed(staff, verb, visitor.name or "máy chủ", "ok", about=about))


def refusal_of(visitor: Visitor, right: Right, counter: str | None = None) -> Response | None:
    """The answer to who may not; None: may."""
    match visitor.judge(right, counter):
        case Access.YES:
            return None
        case Access.SIGN_IN:
            return refused(401, "unauthorized", "Mời đăng nhập bằng mã PIN của mình.")
        case Access.NO:
            return not_paired(visitor)


def way_to_pairing(visitor: Visitor) -> Response:
    why = "" if visitor.stranger is Stranger.NEW else f"?vi={visitor.stranger.value}"
    return RedirectResponse(f"/ghep{why}", 303)
