"""The addresses for the list of clerks: who signs in here, a first PIN for one more, or again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hall.counter.acts import not_kept
from hall.counter.door.access import Right, Visitor
from hall.counter.door.browsers import clean_name
from hall.counter.door.clerks import (
    FIRST_S,
    Clerk,
    objection_to_adding,
    objection_to_removing,
)
from hall.counter.door.pairing import Pairing
from hall.counter.door.signing_in import first_pin
from hall.counter.door.store import DoorStoreError
from hall.counter.site import Served, refusal_of
from hall.web.answers import refused

_DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class ClerkRoutes:
    served: Served

    def routes(self) -> list[Route]:
        return [
            Route("/can-bo", self._page),
            Route("/api/staff", self._list),
            Route("/api/staff", self._add, methods=["POST"]),
            Route("/api/staff/{clerk}/first-pin", self._hand_out, methods=["POST"]),
            Route("/api/staff/{clerk}/remove", self._remove, methods=["POST"]),
        ]

    async def _page(self, request: Request) -> Response:
        return self.served.page(request, "clerks.html", Right.ADMIT)

    async def _list(self, request: Request) -> Response:
        """Everyone who has not left, where she works now, and whether her PIN is her own."""
        if (refusal := refusal_of(self.served.visitor(request), Right.ADMIT)) is not None:
            return refusal
        if (pairing := self.served.site.pairing) is None:
            return JSONResponse({"pairing": False, "clerks": []})
        try:
            here, found = pairing.browsers(), pairing.clerks.store.all()
            signed = pairing.clerks.signed_at(here)
        except DoorStoreError:
            return not_kept()
        now = self.served.site.clock.now().timestamp()
        rows = [
            {
                "id": each.id,
                "name": each.name,
                "head": each.is_head,
                "first_days": None
                if each.first_until is None
                else max(0, round((each.first_until - now) / _DAY_S)),
                "at": [browser.name for browser in here if signed[browser.id] == each.id],
            }
            for each in found
        ]
        return JSONResponse({"pairing": True, "clerks": rows})

    async def _add(self, request: Request) -> Response:
        return await self.served.change(request, self._added)

    async def _added(self, sent: Mapping[str, Any], pairing: Pairing, visitor: Visitor) -> Response:
        mark, name = str(sent.get("mark", "")), clean_name(str(sent.get("name", "")))
        wanted = Clerk(mark, name, sent.get("head") is True, "", None)
        clerks = pairing.clerks
        known = clerks.store.find(mark)
        if why := objection_to_adding(wanted, known, clerks.store.all()):
            return refused(409, "not_now", why)
        self.served.note(visitor, "clerk-added", mark)
        return await self._handed_over(pairing, wanted)

    async def _hand_out(self, request: Request) -> Response:
        mark = request.path_params["clerk"]

        async def handed_out(_: Mapping[str, Any], pairing: Pairing, visitor: Visitor) -> Response:
            """For who has forgotten hers."""
            if (clerk := pairing.clerks.find(mark)) is None:
                return _unknown()
            self.served.note(visitor, "pin-handed-out", mark)
            return await self._handed_over(pairing, clerk)

        return await self.served.change(request, handed_out)

    async def _handed_over(self, pairing: Pairing, clerk: Clerk) -> Response:
        pin = first_pin()
        pairing.clerks.hand_out(clerk, await self.served.hashing.hash_of(pin))
        return JSONResponse({"status": "ok", "pin": pin, "days": FIRST_S // _DAY_S})

    async def _remove(self, request: Request) -> Response:
        mark = request.path_params["clerk"]

        async def removed(_: Mapping[str, Any], pairing: Pairing, visitor: Visitor) -> Response:
            if (clerk := pairing.clerks.find(mark)) is None:
                return _unknown()
            others = [each for each in pairing.clerks.store.all() if each.id != mark]
            if why := objection_to_removing(clerk, others):
                return refused(409, "not_now", why)
            pairing.clerks.remove(mark)
            self.served.note(visitor, "clerk-removed", mark)
            return JSONResponse({"status": "ok"})

        return await self.served.change(request, removed)


def _unknown() -> Response:
    return refused(404, "unknown", "Không có cán bộ nào mang ký hiệu này.")
