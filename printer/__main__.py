"""Wires a dispenser: settings → driver, encoder, journal, buttons → service → daemon."""

import logging
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PIL import Image

from hall.runtime import admission, pictures, roles, settings
from hall.runtime.answered import AnsweredRequests, KeptFile
from hall.runtime.clock import Clock
from hall.runtime.daemon import Daemon, DaemonContext, Ground
from hall.runtime.driver_folder import SIMULATED
from hall.runtime.limits import Limits
from hall.runtime.service_signs import service_signs
from hall.runtime.translations import languages_named, names_in
from printer.button_section import Wiring, by_kind
from printer.jobs.composing import (
    Composer,
    Composers,
    PaperNames,
    ToRows,
    compact_rows,
    dress_rows,
    plain_rows,
)
from printer.jobs.dispensing import Button
from printer.jobs.store import AttemptStoreError, Store
from printer.line.link import Link
from printer.line.reports import Confirm
from printer.line.session import PrinterSession
from printer.paper.dots import digest
from printer.paper.drawing import Studio, read_picture
from printer.paper.layout import LOGO, Dress
from printer.paper.phrases import LANGUAGES
from printer.plan import Album, Attached, PaperOut, PrinterSetup
from printer.ports import Buttons
from printer.provision import (
    Provisioned,
    ProvisionError,
    ProvisionTarget,
    provision,
    read_book,
    strips_by_digest,
)
from printer.sections import PrinterSection
from printer.service import PrinterService
from printer.settings import (
    PrinterFile,
)
from printer.waiting import DiskWait

if TYPE_CHECKING:
    from printer.paper.encoder import Encoder


# Memory is slow to write, and a slow line slow to feed.
PROVISION_S = 300.0


_PICKLES = "ESCPOS_CAPABILITIES_PICKLE_DIR"
_IN_MEMORY = "/dev/shm"  # noqa: S108 - a folder of our own is made in it
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrinterSite:
    """One printer of one hall, and where it runs."""

    document: settings.Document
    config: PrinterFile
    section: PrinterSection
    state: Path
    pictures: Path | None = None

    @property
    def book(self) -> Path:
        """Where the printer's memory is remembered."""
        return self.state / f"{self.section.id}.assets.json"

    @property
    def answered(self) -> Path:
        """Which requests have put something on paper."""
        return self.state / f"{self.section.id}.answered.json"


def build(document: settings.Document, ground: Ground, only: str | None) -> list[Daemon]:
    """One daemon for every printer of the YAML, or the one that is wanted."""
    config = settings.check(document.part(PrinterFile.model_fields), PrinterFile)
    _load_models(ground.state / "escpos")
    return [
        _daemon(PrinterSite(document, config, section, ground.state, ground.pictures), ground)
        for section in config.printers
        if only in (None, section.id)
    ]


def _load_models(cache: Path) -> None:
    """Import the encoder with its database of models: 0.2 s with a pickle in here, 0.4 s without.

    It writes its pickle where there is none: on a full disk half of one, which no later start could
    read. Then this start does without the disk, and the next one with a new pickle.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        _import_encoder(cache)
    except (OSError, EOFError, pickle.UnpicklingError) as err:
        log.warning("the printers' models are read anew: %s", err)
        for half in cache.glob("*.pickle"):
            with suppress(OSError):
                half.unlink()
        with TemporaryDirectory(prefix="motcua-", dir=_IN_MEMORY) as folder:
            _import_encoder(Path(folder))


def _import_encoder(folder: Path) -> None:
    """python-escpos reads the folder's name while it is imported, and never again.

    Whatever is started from here must not inherit it, since `check` has a folder that it deletes.
    It makes a folder for temporary files too, which it does not use.
    """
    outside, temporary = os.environ.get(_PICKLES), tempfile.tempdir
    os.environ[_PICKLES] = tempfile.tempdir = str(folder)
    try:
        import printer.paper.encoder  # noqa: F401, PLC0415 - for what its import does
    finally:
        tempfile.tempdir = temporary
        for unused in folder.glob("tmp*"):
            unused.rmdir()
        del os.environ[_PICKLES]
        if outside is not None:
            os.environ[_PICKLES] = outside


def _daemon(site: PrinterSite, ground: Ground) -> Daemon:
    wanted = admission.rates(site.document)
    plain = ground.context_of(site.section.id, wanted)
    try:
        store = _store(site)
    except AttemptStoreError as err:
        return Daemon(plain, DiskWait(plain, lambda: _store(site).close(), str(err)))
    with ExitStack() as opened:
        # Of a file with a mistake further down nothing stays open.
        opened.callback(store.close)
        made = _dispenser(site, wanted, plain, store)
        opened.pop_all()
    return made


def _dispenser(
    site: PrinterSite, wanted: admission.AdmissionSection, plain: DaemonContext, store: Store
) -> Daemon:
    context = replace(plain, answered=AnsweredRequests(KeptFile(site.answered)))
    connection = site.section.connect(lambda png: context.inbox.post(PaperOut(png)))
    driver = connection.driver
    session = PrinterSession(
        site.section.model,
        Confirm(site.section.confirm),
        bytes_a_second=driver.bytes_a_second,
        nudge_s=driver.nudge_s,
    )
    link = Link(driver, session, context.inbox.post, context.clock.monotonic)
    scanner = site.section.scanner
    attached = Attached(
        link,
        tuple(_buttons(site, context.clock.monotonic)),
        None if scanner is None else scanner.connect(context.clock.monotonic),
        connection.steering,
    )
    logo, unusable = _logo(site)
    composers = compose(site, driver.bytes_a_second, logo)
    plan = _plan(site, wanted.tickets())
    service = PrinterService(context, plan, store, composers, attached)
    return Daemon(context, service, unusable=unusable)


def compose(site: PrinterSite, bytes_a_second: float, logo: Image.Image | None) -> Composers:
    """Fonts and the encoder: slow to load, so it is done before the first press."""
    from printer.paper.encoder import Encoder, Recipe  # noqa: PLC0415

    studio = Studio({} if logo is None else {LOGO: logo})
    plain = _composer(
        site,
        bytes_a_second,
        Encoder(site.section.model, studio, Recipe(native_qr=True)),
        plain_rows(studio),
    )
    if site.section.assets == "raster":
        return Composers(plain)
    book = read_book(site.book)
    native = Recipe(native_number=True, native_qr=True, assets=book.keys)
    if site.section.assets == "nv":
        recipe, rows = replace(native, native_text=True), compact_rows(studio)
    else:
        recipe, rows = native, dress_rows(studio)
    memory = _composer(site, bytes_a_second, Encoder(site.section.model, studio, recipe), rows)
    stale = any(digest(strip) not in book.keys for strip in memory.strips())
    return Composers(plain, memory, frozenset(book.keys.values()), stale)


def _composer(
    site: PrinterSite, bytes_a_second: float, encoder: "Encoder", to_rows: ToRows
) -> Composer:
    ticket, hall = site.section.ticket, site.config.hall
    dress = Dress(
        hall.name, ticket.header, ticket.footer, ticket.masthead, any(encoder.studio.picture(LOGO))
    )
    services = {s.id: s.name for s in site.config.services}
    names = PaperNames(services, {c.id: c.title for c in site.config.counters})
    zone = ZoneInfo(hall.timezone)
    return Composer(
        site.section.model,
        encoder,
        dress,
        names,
        zone,
        bytes_a_second,
        ticket.qr,
        site.config.turn_page,
        {lang: names_in(site.config, lang) for lang in {*LANGUAGES, *languages_named(site.config)}},
        service_signs(site.config),
        to_rows=to_rows,
    )


def provision_printer(
    document: settings.Document, state: Path, clock: Clock, client: str
) -> Provisioned:
    """Write a printer's unchanging strips into its memory. Its daemon must not be running.

    `state` is that daemon's folder. Raises ConfigError and ProvisionError.
    """
    config = settings.check(document.part(PrinterFile.model_fields), PrinterFile)
    section = next((p for p in config.printers if p.id == client), None)
    if section is None:
        known = ", ".join(p.id for p in config.printers)
        raise ProvisionError(f"Không có máy in {client}; có: {known}.")
    if section.assets == "raster" or section.driver == SIMULATED:
        raise ProvisionError(f"{client} không dùng bộ nhớ máy in (assets: nv, nv-dress).")
    site = PrinterSite(document, config, section, state)
    driver = section.connect(lambda _: None).driver
    logo, unusable = _logo(site)
    if unusable:
        raise settings.ConfigError(document.file, unusable)
    memory = compose(site, driver.bytes_a_second, logo).memory
    strips = strips_by_digest(memory.strips() if memory is not None else [])
    return provision(
        ProvisionTarget(driver, site.section.model, site.book, clock), strips, PROVISION_S
    )


def _logo(site: PrinterSite) -> tuple[Image.Image | None, tuple[settings.Mistake, ...]]:
    """The logo beside the YAML; where it cannot be read, what is wrong with it."""
    name = site.section.ticket.logo
    if not name:
        return None, ()
    path = Path(site.document.file).parent / name
    try:
        return read_picture(path, site.section.width // 2), ()
    except OSError as err:
        index = site.config.printers.index(site.section)
        where = ("printers", index, "ticket", "logo")
        return None, (site.document.mistake(where, f"không đọc được ảnh {path}: {err}"),)


def _plan(site: PrinterSite, tickets: Limits) -> PrinterSetup:
    section = site.section
    roll = section.roll
    folder = site.pictures
    return PrinterSetup(
        device=section.place,
        model=site.section.model.name,
        width=section.width,
        services=frozenset(s.id for s in site.config.services),
        buttons={b.name: Button(b.service, b.priority) for b in section.buttons},
        presses_a_minute=section.presses_a_minute,
        tickets=tickets,
        wait_s=section.wait_for_paper_s,
        answers=section.confirm == "auto",
        roll_tickets=roll.tickets if roll else None,
        warn_left=roll.warn_left if roll else 0,
        album=None if folder is None else _album(folder),
    )


def _album(folder: Path) -> Album:
    """Pictures of papers as tickets/NNNN-NUMBER.png, counted on from what is there."""
    tickets = folder / "tickets"
    numbers = count(1 + len(list(tickets.glob("*.png"))))

    def keep(name: str, png: bytes) -> None:
        pictures.put(folder, f"tickets/{next(numbers):04}-{name}.png", png)

    return keep


def _store(site: PrinterSite) -> Store:
    """Open and proved to take a write. Raises AttemptStoreError."""
    store = Store(site.state / f"{site.section.id}.sqlite")
    try:
        store.note("disk", "writable")
    except AttemptStoreError:
        store.close()
        raise
    return store


def _buttons(site: PrinterSite, clock: Callable[[], float]) -> Iterator[Buttons]:
    section = site.section
    wiring = Wiring(section.id, section.gpiochip, clock)
    for kind, buttons in by_kind(section.buttons).items():
        yield from kind.connect(buttons, wiring)


if __name__ == "__main__":
    sys.exit(roles.main("printer", build))
