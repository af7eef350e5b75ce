"""Figures, procedures and ticker that come down: judged, kept on disk, told in the hall."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from hall.contract.catalogue import DamagedCatalogue
from hall.contract.downward import FETCHER, TOLD_ON
from hall.contract.messages import Reply
from hall.contract.onestop_messages import Catalogue, Figures, Notice
from hall.contract.topics import EXT_CATALOGUE, EXT_FIGURES, EXT_NOTICE, Channel
from hall.contract.words import WireModel
from hall.onestop import feed
from hall.onestop.from_province.catalogue_fetch import CatalogueFetch
from hall.onestop.from_province.kept import KeptDownward
from hall.onestop.from_province.refusals import Refusals
from hall.onestop.from_province.told import ToldHere
from hall.onestop.ports import FiguresTold, NoticeTold, Post, ProceduresTold
from hall.runtime.clock import Clock
from hall.runtime.picture import LEASE_S

log = logging.getLogger(__name__)


@dataclass(slots=True)
class ProvinceNews:
    """`send`: verb, client, request; False where nothing can be asked now."""

    send: Callable[[str, str, WireModel], bool]
    post: Post
    clock: Clock
    kept: KeptDownward
    _told: ToldHere = field(default_factory=ToldHere)
    _fetch: CatalogueFetch = field(default_factory=CatalogueFetch)
    _refusals: Refusals = field(init=False)

    def __post_init__(self) -> None:
        self._refusals = Refusals(self.post, self.clock)

    def start(self) -> None:
        """With what was held: it stays until something better comes."""
        figures, notice = self.kept.of(EXT_FIGURES), self.kept.of(EXT_NOTICE)
        if isinstance(figures, Figures):
            self.post(FiguresTold(figures))
        if isinstance(notice, Notice):
            self.post(NoticeTold(notice.lines))
        held = self.kept.catalogue()
        if held is not None:
            self._fetch.held = held[0].sha256
            self.post(ProceduresTold(held[1]))

    def refuse(self, channel: Channel, why: str) -> None:
        """What no reader of the contract takes; `channel`: of the province."""
        self._refusals.refuse(TOLD_ON[channel], why)

    def take_told(self, channel: Channel, message: WireModel) -> None:
        if isinstance(message, Figures) and not self._judge_figures(channel, message):
            return
        if isinstance(message, Catalogue) and not self._announce(message):
            return
        self._refusals.accept(TOLD_ON[channel])
        self._hold(self._told.put(channel, message))

    def take_back(self, channel: Channel) -> None:
        """Nothing stands there any more."""
        if channel in TOLD_ON:
            self._hold(self._told.drop(channel))

    def fetch_more(self, now: float) -> float:
        """Ask for the next chunk where one is due; when to look again."""
        asked = self._fetch.request(now)
        if asked is not None:
            self.send("catalogue-chunk", FETCHER, asked)
        return now + LEASE_S if self._fetch.due is None else max(now + 0.1, self._fetch.due)

    def take_chunk(self, reply: Reply) -> None:
        try:
            found = self._fetch.take_reply(reply)
        except DamagedCatalogue as err:
            log.warning("from the province, the catalogue is damaged: %s", err)
            self._refusals.refuse(EXT_CATALOGUE, "danh mục không khớp sha256 đã báo")
            return
        if found is None:
            self.fetch_more(self.clock.monotonic())
            return
        self.kept.keep_catalogue(found.announced, found.packed)
        self.post(ProceduresTold(found.content.procedures))

    def _judge_figures(self, channel: Channel, told: Figures) -> bool:
        before = self._told.before(channel)
        # Of a clock that is not right yet nobody is told that he is ahead.
        now = self.clock.now() if self.clock.trusted() else max(self.clock.now(), told.as_of)
        flaw = feed.of_figures(told, before if isinstance(before, Figures) else None, now)
        if flaw is not None:
            self._refusals.refuse(EXT_FIGURES, flaw.text(channel.pattern))
        return flaw is None

    def _announce(self, told: Catalogue) -> bool:
        if self._fetch.fits(told):
            return True
        self._refusals.refuse(EXT_CATALOGUE, "danh mục quá lớn")
        return False

    def _hold(self, message: WireModel | None) -> None:
        match message:
            case Figures():
                self.kept.keep_message(EXT_FIGURES, message)
                self.post(FiguresTold(message))
            case Notice(lines=lines):
                self.kept.keep_message(EXT_NOTICE, message)
                self.post(NoticeTold(lines))
            case Catalogue():
                self._fetch.announce(message)
                self.fetch_more(self.clock.monotonic())
            case _:
                pass
