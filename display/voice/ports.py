"""What the announcer needs: something that plays, something that speaks what has no recording."""

from typing import Protocol

from display.voice.sound import Sound


class SynthesisError(Exception):
    """No sound could be made; the message is Vietnamese, for a technician."""


class Player(Protocol):
    """Raises anything: the sound was not heard then."""

    def play(self, sound: Sound, text: str) -> None:
        """Begin to play and return at once; never called while `playing`.

        `text`: what is said, for drivers that keep a record.
        """

    def playing(self) -> bool:
        """Whether the sound is still going; raises when it broke off."""

    def close(self) -> None:
        """Fall silent; may be called twice."""


class Synthesizer(Protocol):
    """Speaks any sentence, in the voice of its language."""

    def available(self) -> bool: ...

    def say_words(self, words: str, lang: str) -> Sound:
        """In the home language's voice where `lang` has none. Raises SynthesisError."""
