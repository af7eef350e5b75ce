"""Speaks every live call once, one after the other; says so when it cannot be heard."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from display.voice import announcer, sound
from display.voice.announcer import Announcement, Call, Queue, Spoken
from display.voice.clips import Clips
from display.voice.loudness import Loudness
from display.voice.phrases import Clip
from display.voice.ports import Player, PlayerError, Speaker, SynthesisError
from display.voice.script import Language, script
from display.voice.sound import Sound
from hall.contract.messages import CallEvent
from hall.contract.requests import Request, Say
from hall.contract.topics import EVT_CALL, REQ_DEV
from hall.runtime.bus import Received, expect
from hall.runtime.daemon import Desk

log = logging.getLogger(__name__)

POLL_S = 0.05
# A player that is still busy so long after the sound's own length is stuck.
PATIENCE_S = 3.0
RETRY_S = 5.0
PAUSE_S = 0.35
KEPT_WHILE_SILENT = 8


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is said. `repeat` holds only while nobody else waits to be said."""

    languages: tuple[Language, ...]
    loudness: Loudness
    zone: tzinfo
    chime: bool = True
    repeat: int = 1
    gap_s: float = 0.06


@dataclass(frozen=True, slots=True)
class _Saying:
    """What is in the loudspeaker now, and how often it is still to be said."""

    announcement: Announcement
    until: float
    again: int


class VoiceService:
    """`prepare` reads the clips, and makes the missing ones: seconds, so not before `start`."""

    def __init__(
        self,
        desk: Desk,
        manner: Manner,
        prepare: Callable[[], Clips],
        player: Player,
        speaker: Speaker,
    ) -> None:
        self._desk = desk
        self._manner = manner
        self._prepare = prepare
        self._clips = Clips()
        self._player = player
        self._speaker = speaker
        self._queue = Queue()
        self._saying: _Saying | None = None
        self._retry_at = 0.0

    @property
    def waiting(self) -> int:
        return len(self._queue.waiting)

    def start(self) -> None:
        self._desk.health.inherit("loudspeaker")
        self._clips = self._prepare()
        if self._clips.damaged:
            named = ", ".join(self._clips.damaged[:5])
            self._desk.health.alert(
                "clips_damaged", f"Tệp tiếng hỏng: {named}.", "Ghi lại, hoặc xoá rồi khởi động lại."
            )

    def stop(self) -> None:
        self._player.close()

    def handle(self, item: object) -> None:
        match item:
            case Received(channel=channel, retained=False) if channel is EVT_CALL:
                self._called(expect(item.message, CallEvent))
            case Received(channel=channel) if channel is REQ_DEV:
                self._asked(item)
            case _:
                pass

    def tick(self, now: float) -> float:
        if self._saying is not None and not self._finished(self._saying, now):
            return min(max(self._saying.until, now + POLL_S), now + 1.0)
        if now < self._retry_at:
            return self._retry_at
        self._next(now)
        return now + POLL_S if self._saying is not None else max(self._retry_at, now + 3600.0)

    def _called(self, event: CallEvent) -> None:
        call = Call(event.call, event.number, event.counter, event.lang, event.recall)
        self._queue = announcer.hear(self._queue, call)

    def _asked(self, item: Received) -> None:
        request = expect(item.message, Request)
        sender = item.levels["client"]
        match item.levels["verb"], request:
            case "say", Say(text=str(text)) if text:
                self._say_text(sender, request.id, text, request.lang)
            case "say", Say(number=str(number), counter=str(counter)):
                call = Call(request.id, number, counter, request.lang)
                self._queue = announcer.hear(self._queue, call)
                self._desk.reply(sender, request.id)
            case "say", _:
                text = "Cần một câu, hoặc một số cùng với mã quầy."
                self._desk.refuse(sender, request.id, "bad_request", text)
            case "identify", _:
                self._queue = announcer.hear(self._queue, Spoken(request.id, ""))
                self._desk.reply(sender, request.id)
            case _:
                self._desk.refuse(sender, request.id, "bad_request")

    def _say_text(self, sender: str, request_id: str, text: str, lang: str) -> None:
        if not self._speaker.available():
            advice = "Chưa cài espeak-ng nên chỉ đọc được số: sudo apt install espeak-ng"
            self._desk.refuse(sender, request_id, "unavailable", advice)
            return
        self._queue = announcer.hear(self._queue, Spoken(request_id, text, lang))
        self._desk.reply(sender, request_id)

    def _finished(self, saying: _Saying, now: float) -> bool:
        """By the sound's own length; the player is only asked whether it kept up."""
        if now < saying.until:
            return False
        try:
            if not self._player.playing():
                self._desk.health.solve("loudspeaker")
                return True
        except PlayerError as err:
            self._silent(err, now)
            return True
        if now < saying.until + PATIENCE_S:
            return False
        self._player.close()
        self._silent(PlayerError("loa không kết thúc câu"), now)
        return True

    def _next(self, now: float) -> None:
        saying, self._saying = self._saying, None
        if saying is not None and saying.again and not self._queue.waiting:
            self._play(saying.announcement, now, saying.again - 1)
            return
        announcement, rest = announcer.take(self._queue)
        if announcement is None:
            return
        if self._play(announcement, now, 0 if announcement.merged else self._manner.repeat - 1):
            self._queue = rest

    def _play(self, announcement: Announcement, now: float, again: int) -> bool:
        words, text = self._words(announcement)
        moment = self._desk.clock.now().astimezone(self._manner.zone).time()
        volume = self._manner.loudness.at(moment)
        try:
            self._player.play(sound.louder(words, volume), text)
        except PlayerError as err:
            self._silent(err, now)
            return False
        self._saying = _Saying(announcement, now + words.seconds, again)
        return True

    def _words(self, announcement: Announcement) -> tuple[Sound, str]:
        first = announcement.lines[0].item
        if isinstance(first, Spoken):
            return self._sentence(first.text, first.lang), first.text
        said = script(announcement, self._manner.languages, self._clips.has)
        if said.missing:
            self._lacking(said.missing)
            home = self._manner.languages[:1]
            text = script(announcement, home, self._clips.has).text
            return self._sentence(text, home[0].tongue.lang), text
        spoken = [self._clips.joined(s, self._manner.gap_s) for s in said.sentences]
        chime = [self._clips.chime] if self._manner.chime else []
        return sound.join([*chime, *spoken], PAUSE_S), said.text

    def _sentence(self, text: str, lang: str) -> Sound:
        """A sentence without recordings; never half a number: rather the chime alone."""
        chime = self._clips.chime
        if not text or not self._speaker.available():
            return chime
        try:
            return sound.join([chime, self._speaker.say(text, lang)], PAUSE_S)
        except SynthesisError as err:
            log.warning("cannot speak: %s", err)
            return chime

    def _lacking(self, missing: Sequence[Clip]) -> None:
        named = ", ".join(f"“{clip.text}”" for clip in missing[:5])
        advice = "Chạy: motcua voice make, hoặc ghi âm các tiếng còn thiếu (motcua voice list)."
        self._desk.health.alert("clips_missing", f"Thiếu tiếng đọc: {named}.", advice)

    def _silent(self, err: PlayerError, now: float) -> None:
        self._retry_at = now + RETRY_S
        self._desk.health.alert(
            "loudspeaker", f"Loa không đọc được: {err}.", "Kiểm tra loa, dây và cạc âm thanh."
        )
        lost, self._queue = announcer.drop_oldest(self._queue, KEPT_WHILE_SILENT)
        if lost:
            log.warning("%d calls were not heard", lost)
