"""Wires the controller: journal and marker in the state folder, the queue's rules from the YAML."""

import sys
from collections.abc import Iterator
from pathlib import Path

from hall.controller import fence, machine, rules, secret
from hall.controller.journal_sqlite import open_journal
from hall.controller.leftovers import Leftovers
from hall.controller.marker import MarkerFile
from hall.controller.service import ControllerService, ControllerSetup
from hall.controller.settings import ControllerFile
from hall.controller.upkeep import Upkeep
from hall.controller.watches import (
    CertificateWatch,
    SecondPlaceWatch,
    UpdateWatch,
    Watch,
    Watches,
)
from hall.package import outcome
from hall.runtime import roles, settings
from hall.runtime.certificates import FOLDER, CertificateFiles
from hall.runtime.daemon import Daemon, Ground
from hall.runtime.members import members
from hall.runtime.requester import new_id

CLIENT = "controller"
UPDATE = Path("/") / outcome.FILE


def build(document: settings.Document, ground: Ground, only: str | None) -> list[Daemon]:
    """One controller a hall."""
    if only not in (None, CLIENT):
        return []
    config = settings.check(document.part(ControllerFile.model_fields), ControllerFile)
    counters = {c.id: c for c in config.counters}
    context = ground.context_of(CLIENT, config.queue)
    own = secret.load(ground.state / "secret.key")
    setup = ControllerSetup(
        projection=rules.projection(config, own),
        calendar=rules.calendar(config),
        tickets=config.queue.tickets(),
        may_act=lambda client, counter: counters[counter].may_act(client),
        open_journal=lambda: open_journal(ground.state / "journal.db"),
        marker=MarkerFile(ground.state / "marker.json"),
        fence=fence.Fence(ground.state / fence.NAME, new_id, machine.name()),
        secret=own,
        upkeep=Upkeep(config.queue.backup_min, config.queue.keep_backups, config.queue.keep_days),
        leftovers=Leftovers(members(document.values)),
        watches=Watches(tuple(_watches(config, ground.state))),
    )
    return [Daemon(context, ControllerService(context, setup))]


def _watches(config: ControllerFile, folder: Path) -> Iterator[Watch]:
    yield CertificateWatch(CertificateFiles(Path(FOLDER)).certificate)
    yield UpdateWatch(UPDATE)
    if config.backup is not None:
        yield SecondPlaceWatch(config.backup, folder)


if __name__ == "__main__":
    sys.exit(roles.main("hall.controller", build))
