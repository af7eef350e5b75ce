"""Speaks every live call once, one after the other; raises an alert when none can be played."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from display.voice import announcer, sound
from display.voice.announcer import Announcement, AnnouncementQueue, Sentence, Spoken, SpokenCall
from display.voice.clips import Clips
from display.voice.loudness import Loudness
from display.voice.phrases import Clip
from display.voice.ports import Player, SynthesisError, Synthesizer
from display.voice.script import Language, script
from display.voice.sound import Sound
from hall.contract.messages import CallEvent, CounterState
from hall.contract.requests import Request, Say
from hall.contract.topics import EVT_CALL, REQ_DEV
from hall.runtime import attachments
from hall.runtime.bus import Received, expect
from hall.runtime.daemon import DaemonContext
from hall.runtime.devices import Devices, DeviceWatch
from hall.runtime.picture import newest
from hall.runtime.sound_card import NotHeard

log = logging.getLogger(__name__)

POLL_S = 0.05
# A player that is still busy so long after the sound's own length is stuck.
PATIENCE_S = 3.0
# Long enough for a sound card that is there to be opened and to play.
TRIAL_S = 0.1
PAUSE_S = 0.35
KEPT_WHILE_SILENT = 8
LOUDSPEAKER = attachments.loudspeaker("loudspeaker", "loa gọi số")


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
    """What is being played (None: silence, to try the device), and how often it is repeated.

    `ends`: when each line of the announcement has been said for the last time.
    """

    announcement: Announcement | None
    until: float
    again: int
    ends: tuple[float, ...] = ()

    def unsaid(self, now: float) -> tuple[Sentence, ...]:
        lines = () if self.announcement is None else self.announcement.lines
        return tuple(line for line, end in zip(lines, self.ends, strict=True) if end > now)


@dataclass(frozen=True, slots=True)
class _Words:
    """`ends`: seconds from the beginning until each line of the announcement is over."""

    sound: Sound
    text: str
    ends: tuple[float, ...] = ()


class VoiceService:
    """`prepare` reads the clips, and makes the missing ones: seconds, so not before `start`."""

    def __init__(
        self,
        context: DaemonContext,
        manner: Manner,
        prepare: Callable[[], Clips],
        player: Player,
        speaker: Synthesizer,
    ) -> None:
        self._context = context
        self._manner = manner
        self._prepare = prepare
        self._clips = Clips()
        self._player = player
        self._speaker = speaker
        self._queue = AnnouncementQueue()
        self._saying: _Saying | None = None
        self._counters: Mapping[str, CounterState] = {}
        self._devices = Devices(context.health)
        self._care = DeviceWatch(LOUDSPEAKER, self._devices.take_news, context.clock.monotonic)

    @property
    def waiting(self) -> int:
        return len(self._queue.waiting)

    def start(self) -> None:
        self._devices.expect(LOUDSPEAKER)
        self._clips = self._prepare()
        if self._clips.damaged:
            named = ", ".join(self._clips.damaged[:5])
            self._context.health.alert(
                "clips_damaged", f"Tệp tiếng hỏng: {named}.", "Ghi lại, hoặc xoá rồi khởi động lại."
            )

    def stop(self) -> None:
        self._player.close()

    def handle(self, item: object) -> None:
        match item:
            case Received(channel=channel, retained=False) if channel is EVT_CALL:
                self._called(expect(item.message, CallEvent))
            case Received(message=CounterState() as state):
                self._counter(state)
            case Received(channel=channel) if channel is REQ_DEV:
                self._device_request(item)
            case _:
                pass

    def tick(self, now: float) -> float:
        if self._saying is not None:
            if not self._finished(self._saying, now):
                return min(max(self._saying.until, now + POLL_S), now + 1.0)
            if not self._care.well:
                self._saying = None
        if now < self._care.retry_at:
            return self._care.retry_at
        self._next(now)
        if self._saying is not None:
            return now + POLL_S
        return now + 3600.0 if self._care.well else self._care.retry_at

    def _called(self, event: CallEvent) -> None:
        call = SpokenCall(event.call, event.number, event.counter, event.lang, event.recall)
        self._queue = announcer.add_item(self._queue, call)

    def _counter(self, state: CounterState) -> None:
        """What is no longer called is not said; who has gone from the counter is cut short."""
        known = self._counters
        self._counters = newest(known, state.counter, state)
        if self._counters is known:
            return
        held = None if state.ticket is None else state.ticket.number
        called = _called_at(state)
        self._queue = announcer.call_off(self._queue, state.counter, called)
        if self._saying is not None:
            self._cut(self._saying, state.counter, held, called)

    def _cut(self, saying: _Saying, counter: str, held: str | None, called: str | None) -> None:
        """Who has gone from the counter is not called further; whoever else was to be called is."""
        unsaid = saying.unsaid(self._context.clock.monotonic())
        left = tuple(line for line in unsaid if not announcer.is_off(line, counter, held))
        if len(left) < len(unsaid):
            self._player.close()
            self._saying = None
            self._queue = announcer.again(self._queue, left)
        elif any(announcer.is_off(line, counter, called) for line in unsaid):
            self._saying = replace(saying, again=0)

    def _device_request(self, item: Received) -> None:
        request = expect(item.message, Request)
        sender = item.levels["client"]
        match item.levels["verb"], request:
            case "say", Say(text=str(text)) if text:
                self._say_text(sender, request.id, text, request.lang)
            case "say", Say(number=str(number), counter=str(counter)):
                call = SpokenCall(request.id, number, counter, request.lang)
                self._queue = announcer.add_item(self._queue, call)
                self._context.reply(sender, request.id)
            case "say", _:
                text = "Cần một câu, hoặc một số cùng với mã quầy."
                self._context.refuse(sender, request.id, "bad_request", text)
            case "identify", _:
                self._queue = announcer.add_item(self._queue, Spoken(request.id, ""))
                self._context.reply(sender, request.id)
            case _:
                self._context.refuse(sender, request.id, "bad_request")

    def _say_text(self, sender: str, request_id: str, text: str, lang: str) -> None:
        if not self._speaker.available():
            advice = "Chưa cài espeak-ng nên chỉ đọc được số: sudo apt install espeak-ng"
            self._context.refuse(sender, request_id, "unavailable", advice)
            return
        self._queue = announcer.add_item(self._queue, Spoken(request_id, text, lang))
        self._context.reply(sender, request_id)

    def _finished(self, saying: _Saying, now: float) -> bool:
        """By the sound's own length; the player is only asked whether it kept up."""
        if now < saying.until:
            return False
        going: list[bool] = []
        if not self._care.attempt(lambda: going.append(self._player.playing())):
            self._unheard(saying)
        elif not going[0]:
            self._care.works()
        elif now < saying.until + PATIENCE_S:
            return False
        else:
            self._player.close()
            self._care.fail(NotHeard("loa không kết thúc câu: loa, hoặc TV, có thể đang tắt"))
            self._unheard(saying)
        return True

    def _unheard(self, saying: _Saying) -> None:
        lines = () if saying.announcement is None else saying.announcement.lines
        left = tuple(line for line in lines if not self._is_over(line))
        self._queue = announcer.broken_off(self._queue, left)
        self._silent()

    def _is_over(self, line: Sentence) -> bool:
        """Whether the counter a line calls to has another ticket by now, or the person there."""
        return any(
            announcer.is_off(line, counter, _called_at(state))
            for counter, state in self._counters.items()
        )

    def _next(self, now: float) -> None:
        """No call is played on a loudspeaker that is lost or was not tried yet."""
        saying, self._saying = self._saying, None
        if not self._care.well:
            self._play(_Saying(None, TRIAL_S, 0), sound.silence(TRIAL_S), "", now)
            return
        if saying is not None and saying.announcement and saying.again and not self._queue.waiting:
            self._play_announcement(saying.announcement, now, saying.again - 1)
            return
        announcement, rest = announcer.take_next(self._queue)
        if announcement is None:
            return
        if self._play_announcement(
            announcement, now, 0 if announcement.merged else self._manner.repeat - 1
        ):
            self._queue = rest

    def _play_announcement(self, announcement: Announcement, now: float, again: int) -> bool:
        words = self._words(announcement)
        moment = self._context.clock.now().astimezone(self._manner.zone).time()
        loud = sound.louder(words.sound, self._manner.loudness.at(moment))
        ends = words.ends or (loud.seconds,) * len(announcement.lines)
        saying = _Saying(announcement, loud.seconds, again, ends)
        return self._play(saying, loud, words.text, now)

    def _play(self, saying: _Saying, sounds: Sound, text: str, now: float) -> bool:
        """The times of `saying` count from now."""
        if not self._care.attempt(lambda: self._player.play(sounds, text)):
            self._silent()
            return False
        ends = tuple(now + end for end in saying.ends)
        self._saying = replace(saying, until=now + saying.until, ends=ends)
        return True

    def _words(self, announcement: Announcement) -> _Words:
        first = announcement.lines[0].item
        if isinstance(first, Spoken):
            return _Words(self._sentence(first.text, first.lang), first.text)
        said = script(announcement, self._manner.languages, self._clips.has)
        if said.missing:
            self._lacking(said.missing)
            home = self._manner.languages[:1]
            text = script(announcement, home, self._clips.has).text
            return _Words(self._sentence(text, home[0].tongue.lang), text)
        spoken = [self._clips.joined(s, self._manner.gap_s) for s in said.sentences]
        chime = [self._clips.chime] if self._manner.chime else []
        ends = dict(zip(said.calls, _ends(chime, spoken), strict=True))
        lines = tuple(ends[place] for place in range(len(announcement.lines)))
        return _Words(sound.join([*chime, *spoken], PAUSE_S), said.text, lines)

    def _sentence(self, text: str, lang: str) -> Sound:
        """A sentence without recordings; never half a number: rather the chime alone."""
        chime = self._clips.chime
        if not text or not self._speaker.available():
            return chime
        try:
            return sound.join([chime, self._speaker.say_words(text, lang)], PAUSE_S)
        except SynthesisError as err:
            log.warning("cannot speak: %s", err)
            return chime

    def _lacking(self, missing: Sequence[Clip]) -> None:
        named = ", ".join(f"“{clip.text}”" for clip in missing[:5])
        advice = "Chạy: motcua voice make, hoặc ghi âm các tiếng còn thiếu (motcua voice list)."
        self._context.health.alert("clips_missing", f"Thiếu tiếng đọc: {named}.", advice)

    def _silent(self) -> None:
        lost, self._queue = announcer.drop_oldest(self._queue, KEPT_WHILE_SILENT)
        if lost:
            log.warning("%d calls were not heard", lost)


def _called_at(state: CounterState) -> str | None:
    """The number that is still called to a counter."""
    return state.ticket.number if state.ticket and state.status == "called" else None


def _ends(before: Sequence[Sound], sentences: Sequence[Sound]) -> Iterator[float]:
    """Seconds from the beginning at which each sentence is over."""
    at = sum(each.seconds + PAUSE_S for each in before)
    for each in sentences:
        at += each.seconds
        yield at
        at += PAUSE_S
