"""Fingers become acts: on release inside the same target, never for a palm or a long rest.

Pure: contacts and the time go in, acts come out. Places in mm, times in seconds.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from hall.screen.tree import Placed, Scene, Scroll, scrolls, targets
from hall.screen.window import Contact

LONGEST_S = 5.0
# Longer than a slow press takes.
REST_S = 1.0
SAME_TARGET_S = 0.15
NEW_PAGE_S = 0.35
PALM = 3
# How long it is shown where a finger met nothing that answers.
MISSED_S = 0.6
_NOWHERE = (0.0, 0.0, -math.inf)
SLIP_MM = 6.0
_DECAY_S = 0.325
_SLOWEST = 6.0
_FASTEST = 1500.0
_FLICK_S = 0.1


@dataclass(frozen=True, slots=True)
class Tapped:
    """A person meant this target."""

    key: str
    action: object


@dataclass(frozen=True, slots=True)
class Scrolled:
    """A scroll moved to this offset (mm)."""

    key: str
    offset: float


@dataclass(frozen=True, slots=True)
class Rested:
    """A finger stayed on this target: the person wants to know what it is."""

    key: str


@dataclass(frozen=True, slots=True)
class FoundNothing:
    """A finger came and went where nothing answers."""


Act = Tapped | Scrolled | Rested | FoundNothing


@dataclass(frozen=True, slots=True)
class _Touch:
    at: float
    x: float
    y: float
    last_y: float
    last_at: float
    target: Placed | None
    scroll: str | None
    from_offset: float = 0.0
    speed: float = 0.0
    scrolling: bool = False
    void: bool = False


@dataclass(slots=True)
class Pointer:
    """A finger that rests does not hold up the others; more than two at once are a palm.

    `tells`: whether a finger that rests on a target asks about it, and then does not press it.
    """

    tells: bool = False
    _touches: dict[int, _Touch] = field(default_factory=dict)
    _last_tap: tuple[str, float] = ("", -math.inf)
    _page: tuple[str, float] = ("", -math.inf)
    _glide: tuple[str, float, float, float] | None = None
    _missed: tuple[float, float, float] = _NOWHERE
    _lifted: tuple[float, float] = (0.0, 0.0)

    @property
    def pressed(self) -> str | None:
        """The key of the target a finger is on now."""
        for touch in self._touches.values():
            if touch.target is not None and not touch.void and not touch.scrolling:
                return touch.target.target.key
        return None

    def missed(self, now: float) -> tuple[float, float] | None:
        """Where a press has just had no effect; None: nowhere."""
        x, y, at = self._missed
        return (x, y) if now - at < MISSED_S else None

    def show_vain(self, now: float) -> None:
        """What the finger did that was lifted last has changed nothing."""
        self._missed = (*self._lifted, now)

    @property
    def busy(self) -> bool:
        """A finger is down or a list still glides."""
        return bool(self._touches) or self._glide is not None

    def settled(self, now: float) -> bool:
        """Whether the page has stood long enough for a tap to be meant for it."""
        return now - self._page[1] >= NEW_PAGE_S

    def see(self, scene: Scene, now: float) -> None:
        """Tell which page is up; fingers that came down on the page before mean nothing here."""
        if scene.name != self._page[0]:
            self._page = (scene.name, now)
            self._glide = None
            self._missed = _NOWHERE
            self._touches = {
                finger: replace(touch, void=True) for finger, touch in self._touches.items()
            }

    def handle(self, contact: Contact, scene: Scene, now: float) -> tuple[Act, ...]:
        self.see(scene, now)
        match contact.phase:
            case "down":
                self._down(contact, scene, now)
                return ()
            case "move":
                return tuple(self._move(contact, scene, now))
            case "up":
                return tuple(self._up(contact, scene, now))

    def tick(self, scene: Scene, now: float) -> tuple[Act, ...]:
        """Let a flicked list glide on; void what rests too long."""
        self.see(scene, now)
        asked = tuple(self._resting(now))
        for finger, touch in tuple(self._touches.items()):
            if now - touch.at > LONGEST_S and not (touch.void or _holds(touch)):
                self._touches[finger] = replace(touch, void=True)
                self._missed = (touch.x, touch.y, now)
        return (*asked, *self._gliding(scene, now))

    def _resting(self, now: float) -> Iterator[Act]:
        for finger, touch in tuple(self._touches.items()):
            rests = self.tells and not (touch.void or touch.scrolling or _holds(touch))
            if rests and touch.target is not None and now - touch.at >= REST_S:
                self._touches[finger] = replace(touch, void=True)
                if self.settled(now):
                    yield Rested(touch.target.target.key)

    def _down(self, contact: Contact, scene: Scene, now: float) -> None:
        self._glide = None
        scroll = _scroll_at(scene, contact.x, contact.y)
        target = _target_at(scene, contact.x, contact.y)
        if target is None:
            self._missed = (contact.x, contact.y, now)
        self._touches[contact.finger] = _Touch(
            at=now, x=contact.x, y=contact.y, last_y=contact.y, last_at=now,
            target=target,
            scroll=scroll.key if scroll else None,
            from_offset=scroll.offset if scroll else 0.0,
        )  # fmt: skip
        fresh = [t for t in self._touches.values() if now - t.at <= LONGEST_S]
        if len(fresh) >= PALM:
            self._touches = {f: replace(t, void=True) for f, t in self._touches.items()}

    def _move(self, contact: Contact, scene: Scene, now: float) -> Iterator[Act]:
        touch = self._touches.get(contact.finger)
        if touch is None or touch.void or touch.scroll is None:
            return
        if not touch.scrolling and abs(contact.y - touch.y) < SLIP_MM:
            return
        self._missed = _NOWHERE
        passed = max(now - touch.last_at, 0.001)
        speed = (touch.last_y - contact.y) / passed
        mixed = 0.6 * speed + 0.4 * touch.speed
        self._touches[contact.finger] = replace(
            touch, scrolling=True, last_y=contact.y, last_at=now, speed=mixed
        )
        scroll = _scroll(scene, touch.scroll)
        if scroll is not None:
            wanted = touch.from_offset + touch.y - contact.y
            yield Scrolled(scroll.key, min(max(0.0, wanted), scroll.limit))

    def _up(self, contact: Contact, scene: Scene, now: float) -> Iterator[Act]:
        touch = self._touches.pop(contact.finger, None)
        if touch is None or touch.void:
            return
        if touch.scrolling:
            self._flick(touch, scene, now)
            return
        self._lifted = contact.x, contact.y
        placed = _target_at(scene, contact.x, contact.y)
        if placed is None and touch.target is None:
            yield FoundNothing()
        if placed is None or touch.target is None or placed.target != touch.target.target:
            return
        if self._means_it(placed.target.key, placed.target.hold_s, now - touch.at, now):
            self._last_tap = (placed.target.key, now)
            yield Tapped(placed.target.key, placed.target.action)
        elif not placed.target.hold_s:
            self.show_vain(now)

    def _means_it(self, key: str, hold_s: float, rested_s: float, now: float) -> bool:
        if not hold_s <= rested_s <= hold_s + LONGEST_S:
            return False
        again = key == self._last_tap[0] and now - self._last_tap[1] < SAME_TARGET_S
        return not again and self.settled(now)

    def _flick(self, touch: _Touch, scene: Scene, now: float) -> None:
        scroll = _scroll(scene, touch.scroll)
        if scroll is None or now - touch.last_at > _FLICK_S or abs(touch.speed) < _SLOWEST:
            return
        speed = max(-_FASTEST, min(_FASTEST, touch.speed))
        self._glide = (scroll.key, scroll.offset, speed, now)

    def _gliding(self, scene: Scene, now: float) -> Iterator[Act]:
        if self._glide is None:
            return
        key, offset, speed, since = self._glide
        scroll = _scroll(scene, key)
        slowed = math.exp(-(now - since) / _DECAY_S)
        wanted = offset + speed * _DECAY_S * (1 - slowed)
        if scroll is None or abs(speed * slowed) < _SLOWEST or not 0 <= wanted <= scroll.limit:
            self._glide = None
        if scroll is not None:
            yield Scrolled(key, min(max(0.0, wanted), scroll.limit))


def _holds(touch: _Touch) -> bool:
    return touch.target is not None and touch.target.target.hold_s > 0


def _target_at(scene: Scene, x: float, y: float) -> Placed | None:
    """The topmost target under the finger."""
    for placed in reversed(targets(scene)):
        if placed.rect.contains(x, y):
            return placed
    return None


def _scroll_at(scene: Scene, x: float, y: float) -> Scroll | None:
    if any(placed.target.alone for placed in targets(scene)):
        return None
    for scroll in scrolls(scene):
        if scroll.rect.contains(x, y):
            return scroll
    return None


def _scroll(scene: Scene, key: str | None) -> Scroll | None:
    return next((scroll for scroll in scrolls(scene) if scroll.key == key), None)
