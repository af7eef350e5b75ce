"""What halls, and the vendor in a hall's place, ask of the gateway: read, judged, answered."""

from dataclasses import dataclass

from hall.contract import codec
from hall.contract.downward import VENDOR, DownAddress
from hall.contract.messages import ErrorCode
from hall.contract.onestop_requests import CatalogueChunk, DossierLookup
from hall.contract.topics import REQ_ONESTOP
from hall.onestop.for_halls.answers import DeskAnswers, asker
from hall.onestop.for_halls.appointments import HallsThere
from hall.onestop.for_halls.catalogues import Catalogues, NoChunk
from hall.onestop.lookups import Lookups


@dataclass(frozen=True, slots=True)
class HallRequests:
    answers: DeskAnswers
    lookups: Lookups
    catalogues: Catalogues
    halls: HallsThere

    def take_request(self, address: DownAddress, payload: bytes) -> None:
        """Raises Garbled."""
        opened = codec.open_payload(payload, hall=address.hall)
        client, verb = address.levels["client"], address.levels["verb"]
        row = (REQ_ONESTOP.verbs or {}).get(verb)
        if opened.envelope.src != client:
            self.refuse(address, payload, "unauthorized")
            return
        if row is None:
            self.refuse(address, payload, "bad_request")
            return
        to, request = asker(address.hall, client), codec.read(row.request, opened.content)
        match request:
            case DossierLookup():
                self.lookups.take_request(to, request)
            case CatalogueChunk():
                self._chunk(to, request)
            case _:
                self.answers.reply(to, request.id)

    def take_vendor_request(self, address: DownAddress, payload: bytes, now: float) -> None:
        """Answered here only for a hall that cannot answer itself."""
        if address.levels["client"] != VENDOR:
            return
        refusal = self.halls.refusal(address.hall, now)
        if refusal is not None:
            self.refuse(address, payload, refusal.code, refusal.text)

    def refuse(self, address: DownAddress, payload: bytes, code: ErrorCode, text: str = "") -> None:
        """Without an id that can be read there is nobody to answer."""
        request_id = codec.request_id(payload) or ""
        if codec.is_id(request_id):
            self.answers.refuse(
                asker(address.hall, address.levels["client"]), request_id, code, text
            )

    def _chunk(self, to: str, asked: CatalogueChunk) -> None:
        found = self.catalogues.chunk(asked)
        if isinstance(found, NoChunk):
            self.answers.refuse(to, asked.id, found.code, found.text)
        else:
            self.answers.reply(to, asked.id, found)
