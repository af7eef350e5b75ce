"""`python -m display.voice -c hall.yaml`: the announcer."""

import functools
import logging
import sys
from collections.abc import Sequence

from display.settings import DisplayConfig
from display.voice import assembly
from display.voice.assembly import ClipSet
from display.voice.clips import Clips
from display.voice.making import Engines
from display.voice.player_section import VoiceSurroundings
from display.voice.ports import SynthesisError
from display.voice.service import VoiceService
from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Ground

log = logging.getLogger(__name__)

CLIENT = "voice"


def build(config: settings.Document, ground: Ground, only: str | None = None) -> Sequence[Daemon]:
    if only not in (None, CLIENT):
        return ()
    checked = settings.check(config.part(DisplayConfig.model_fields), DisplayConfig)
    section = checked.display.voice
    if section is None:
        return ()
    wrong = assembly.phrases_missing(section.languages)
    if wrong:
        path = ("display", "voice", "languages", wrong[0])
        text = "ngôn ngữ này cần phrases: chưa có câu mẫu sẵn"
        raise settings.ConfigError(config.file, (config.mistake(path, text),))
    sets = assembly.clip_sets(checked, section, ground.state)
    context = ground.context_of(CLIENT)
    where = VoiceSurroundings(section.device, ground.clock.monotonic, ground.pictures)
    speaker = Engines({each.lang: each.engine for each in sets}, home=sets[0].lang)
    service = VoiceService(
        context,
        assembly.manner(checked, section),
        functools.partial(_prepared, sets, make=section.make),
        section.player.connect(where),
        speaker,
    )
    return [Daemon(context, service, disk=ground.state)]


def _prepared(sets: Sequence[ClipSet], *, make: bool) -> Clips:
    """Without an engine the hall starts all the same; the first call tells what is missing."""
    if make:
        try:
            made = assembly.make_missing(sets)
        except (SynthesisError, OSError) as err:
            log.warning("clips not made: %s", err)
        else:
            log.info("%d clips made", len(made))
    return assembly.load(sets)


if __name__ == "__main__":
    sys.exit(roles.main("display.voice", build))
