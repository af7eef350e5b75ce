"""Run the staff pages: python -m hall.counter -c FILE."""

import logging
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from hall.contract.events import EVENTS
from hall.contract.verbs import OFFERS
from hall.counter import training
from hall.counter.condition import HallCondition
from hall.counter.door.pairing import Pairing
from hall.counter.door.store import NAME as DOORS
from hall.counter.door.store import DoorStore, DoorStoreError
from hall.counter.gallery import Gallery
from hall.counter.head.chronicle import Chronicle
from hall.counter.head.deeds import NAME as DEEDS
from hall.counter.head.deeds import Deeds
from hall.counter.head.figures_desk import FiguresDesk
from hall.counter.head.oversight import Oversight, WatchedHall
from hall.counter.server import WebPages
from hall.counter.service import CounterPages
from hall.counter.settings import CounterPagesConfig, CounterPagesSection
from hall.counter.site import Site
from hall.counter.turns.app import TurnSite
from hall.counter.turns.server import TurnPages
from hall.counter.turns.sheets import HallWords
from hall.figures.norms import Norms
from hall.runtime import roles, settings
from hall.runtime.broker import hall_ids
from hall.runtime.daemon import Daemon, Fatal, Ground
from hall.runtime.members import expected
from hall.runtime.translations import names_in
from hall.sheets.report import names
from hall.web.tls import TlsFiles
from hall.web.web_thread import WebThread

log = logging.getLogger(__name__)

CLIENT = "counters"
_NO_STORE = 3
FIGURES = "figures.db"


def build(config: settings.Document, ground: Ground, only: str | None) -> Sequence[Daemon]:
    wanted = settings.check(config.part(CounterPagesConfig.model_fields), CounterPagesConfig)
    if only not in (None, CLIENT):
        return ()
    section = wanted.counter
    site = Site(
        counters=frozenset(each.id for each in wanted.counters),
        devices=frozenset(hall_ids(config.values).clients),
        pairing=_pairing(wanted, ground),
        names=section.names,
        hall_page=_shows_training(wanted, config),
        pictures=ground.pictures,
        clock=ground.clock,
        figures=_figures_desk(wanted, ground.state / FIGURES),
        deeds=Deeds(ground.state / DEEDS, ground.clock),
    )
    context = ground.context_of(CLIENT)
    thread = WebThread(section.host, section.port, "pages", _tls(section))
    pages = WebPages(site, thread)
    gallery = Gallery(ground.pictures) if ground.pictures else None
    condition = HallCondition(
        tuple(expected(config.values)),
        ZoneInfo(wanted.hall.timezone),
        ground.clock,
        ground.state,
    )
    setting = _setting(wanted) | {"hall_page": site.hall_page, "imports": _takes_files(config)}
    chronicle = Chronicle(context, ground.state / FIGURES, _zone(wanted))
    oversight = Oversight(_watched(wanted), chronicle)
    service = CounterPages(context, pages, setting, condition, gallery, oversight)
    if site.pairing is not None:
        service.on_stop = site.pairing.store.close
    service.phones = _phones(wanted, ground)
    service.on_open = partial(_write_address, ground.state / "counter_pages.url")
    return (Daemon(context, service, disk=ground.state),)


def _phones(wanted: CounterPagesConfig, ground: Ground) -> TurnPages | None:
    """The page for citizens, at the address that is on their tickets."""
    section = wanted.turn_page
    if section is None:
        return None
    services = {each.id: each.name for each in wanted.services}
    counters = {each.id: each.title for each in wanted.counters}
    words = HallWords(services, counters, {"en": names_in(wanted, "en")})
    site = TurnSite(wanted.hall.name, words, section.names, ground.clock)
    return TurnPages(site, WebThread(section.host, section.port, "phones"))


def _write_address(path: Path, address: str) -> None:
    """Where the pages are: with port 0 known here alone. On a full disk they are served still."""
    try:
        path.write_text(address, "utf-8")
    except OSError as err:
        log.warning("address of the pages not written: %s", err)


def _zone(wanted: CounterPagesConfig) -> ZoneInfo:
    return ZoneInfo(wanted.hall.timezone)


def _figures_desk(wanted: CounterPagesConfig, path: Path) -> FiguresDesk:
    return FiguresDesk(path, _zone(wanted), names(wanted), wanted.counter.norms.wait_min)


def _watched(wanted: CounterPagesConfig) -> WatchedHall:
    norms = wanted.counter.norms
    return WatchedHall(
        services={each.id: each.name for each in wanted.services},
        desks={each.id: each.title for each in wanted.counters},
        serves={each.id: each.serves for each in wanted.counters},
        norms=Norms(norms.wait_min, norms.idle_min, norms.nobody_min),
        zone=_zone(wanted),
    )


def _pairing(wanted: CounterPagesConfig, ground: Ground) -> Pairing | None:
    """Raises Fatal where nothing can be kept: nobody would be known here."""
    if wanted.counter.pairing == "off":
        return None
    _drop_eternal_codes(ground.state / "pairing.json")
    try:
        store = DoorStore.open(ground.state / DOORS)
    except (DoorStoreError, OSError) as err:
        raise Fatal(_NO_STORE, f"không giữ được danh sách máy đã ghép: {err}") from err
    return Pairing(store, ground.clock)


def _tls(section: CounterPagesSection) -> TlsFiles | None:
    return None if section.tls is None else TlsFiles(section.tls.certificate, section.tls.key)


def _drop_eternal_codes(path: Path) -> None:
    """Before codes lived minutes, this file opened every counter to whoever had read it once."""
    if path.exists():
        path.unlink()
        log.warning("codes without an end are void: every browser pairs again (motcua pair)")


def _shows_training(wanted: CounterPagesConfig, config: settings.Document) -> bool:
    """The simulated hall's page: in a hall with a real device nothing is called simulated."""
    if wanted.counter.hall_page and not training.is_simulated(config.values):
        log.warning("hall_page is for a simulated hall: this one has real devices")
        return False
    return wanted.counter.hall_page


def _takes_files(config: settings.Document) -> bool:
    """Whether the one-stop side brings its data as files, which somebody may have to see to."""
    onestop = config.values.get("onestop")
    return isinstance(onestop, dict) and onestop.get("driver") == "file"


def _setting(wanted: CounterPagesConfig) -> dict[str, object]:
    return {
        "hall": {"id": wanted.hall.id, "name": wanted.hall.name, "zone": wanted.hall.timezone},
        "services": [
            {"id": each.id, "name": each.name, "prefix": each.prefix} for each in wanted.services
        ],
        "counters": [
            {
                "id": each.id,
                "name": each.title,
                "serves": list(each.serves),
                "helps": list(each.helps),
            }
            for each in wanted.counters
        ],
        "remind_min": wanted.counter.remind_min,
        "outcomes": [
            {"name": each.name, "notes": list(each.notes)} for each in wanted.counter.outcomes
        ],
        "events": {kind: event.words for kind, event in EVENTS.items()},
        "keypad": [
            (offer.keypad, offer.words.lower())
            for offer in OFFERS.values()
            if offer.keypad and not offer.asks_more
        ],
        "priorities": [{"id": each.id, "name": each.name} for each in wanted.priorities],
        "ratings": wanted.ratings.model_dump(mode="json"),
    }


if __name__ == "__main__":
    sys.exit(roles.main("hall.counter", build))
