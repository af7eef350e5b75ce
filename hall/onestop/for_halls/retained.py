"""What halls and units are told of figures, procedures and ticker: judged, then said when new."""

import logging
from dataclasses import dataclass, field

from hall.contract import codec
from hall.contract.catalogue import CatalogueProcedure
from hall.contract.codec import TooLarge
from hall.contract.onestop_messages import Figures, Notice
from hall.contract.province import PROVINCE
from hall.contract.topics import EXT_CATALOGUE, EXT_FIGURES, EXT_NOTICE
from hall.contract.words import WireModel
from hall.onestop import feed
from hall.onestop.for_halls.catalogues import Catalogues
from hall.onestop.for_halls.spread import Addressed, Spread, TakenBack
from hall.onestop.places import EveryHall, Place
from hall.runtime.clock import Clock
from hall.runtime.far_link import FarLink

log = logging.getLogger(__name__)


@dataclass(slots=True)
class RetainedStates:
    link: FarLink
    clock: Clock
    spread: Spread = field(default_factory=Spread)
    catalogues: Catalogues = field(default_factory=Catalogues)

    def take_figures(self, place: Place, told: Figures) -> None:
        """Those of another time than now, or older than what stands, are not told on."""
        before = self.spread.of(place, EXT_FIGURES)
        kept = before if isinstance(before, Figures) else None
        flaw = feed.of_figures(told, kept, self.clock.now())
        if flaw is None:
            self.spread.put(place, EXT_FIGURES, told)
        else:
            log.warning("figures refused: %s", flaw.text(EXT_FIGURES.pattern))

    def take_procedures(self, place: Place, told: tuple[CatalogueProcedure, ...]) -> None:
        self.spread.put(place, EXT_CATALOGUE, self.catalogues.put(place, told))

    def take_notice(self, place: Place, lines: tuple[str, ...]) -> None:
        """An empty one of a unit or hall is none of its own: that of all halls holds there."""
        if lines or place == EveryHall():
            self.spread.put(place, EXT_NOTICE, Notice(lines=lines))
        else:
            self.spread.drop(place, EXT_NOTICE)

    def publish_due(self) -> None:
        """What has changed since it was said last."""
        for each in self.spread.due():
            match each:
                case Addressed(topic, owner, message):
                    self.publish(topic, owner, message)
                case TakenBack(topic):
                    self.link.publish(topic, b"", retain=True)

    def publish(self, topic: str, owner: str, message: WireModel) -> None:
        """`owner`: what stands in the place of the hall."""
        try:
            payload = codec.pack(message, hall=owner, src=PROVINCE, ts=self.clock.now())
        except TooLarge as err:
            log.warning("%s is not told: %s", topic, err)
            return
        self.link.publish(topic, payload, retain=True)
