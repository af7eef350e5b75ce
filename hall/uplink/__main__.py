"""Run the uplink: python -m hall.uplink -c FILE."""

import sys
from collections.abc import Sequence
from functools import partial

from hall.contract.province import UPLINK
from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Ground
from hall.uplink import live_states
from hall.uplink.budget import ByteBudget
from hall.uplink.journal_upload import JournalUpload
from hall.uplink.link_section import LinkSurroundings
from hall.uplink.live_states import LiveStates
from hall.uplink.service import UplinkService
from hall.uplink.settings import UplinkConfig
from hall.uplink.store import FileStore


def build(config: settings.Document, ground: Ground, only: str | None) -> Sequence[Daemon]:
    """The one client of the province's broker in this hall, beside the one-stop side."""
    section = settings.check(config.part(UplinkConfig.model_fields), UplinkConfig).uplink
    if section is None or only not in (None, UPLINK):
        return ()
    context = ground.context_of(UPLINK)
    will = partial(live_states.will, context)
    link = section.connect(LinkSurroundings(ground.hall, ground.state, ground.clock, will))
    budget = ByteBudget(section.kbit_s * 1000 / 8)
    store = FileStore(ground.state / "uplink")
    service = UplinkService(
        context,
        link,
        LiveStates(context, link.link, budget),
        JournalUpload(context, link.link, store, budget),
    )
    return [Daemon(context, service, disk=ground.state)]


if __name__ == "__main__":
    sys.exit(roles.main("hall.uplink", build))
