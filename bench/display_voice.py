"""The announcer's own cost: reading a number, lining up calls, joining clips, making them.

`python bench/display_voice.py`: espeak-ng is only timed where it is installed.
"""

import resource
import sys
import time
from collections.abc import Callable

from display.voice import announcer, sound
from display.voice.announcer import AnnouncementQueue, SpokenCall
from display.voice.making import Espeak
from hall.reading.vietnamese import number_words


def main() -> int:
    print(f"{'read every number 0-9999':<44}{timed(read_all):10.1f} ms")
    print(f"{'line up and take 2,000 calls':<44}{timed(day):10.1f} ms")
    clips = [sound.chime() for _ in range(8)]
    joined = sound.join(clips, 0.06)
    print(f"{'join 8 clips (' + f'{joined.seconds:.1f} s of sound)':<44}"
          f"{timed(lambda: sound.join(clips, 0.06)):10.1f} ms")  # fmt: skip
    print(f"{'make it half as loud':<44}{timed(lambda: sound.louder(joined, 0.5)):10.1f} ms")
    if Espeak().available():
        made = timed(lambda: Espeak().speak("một trăm linh năm"))
        print(f"{'espeak-ng makes one clip':<44}{made:10.1f} ms")
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'resident':<44}{resident:10.1f} MB")
    return 0


def read_all() -> None:
    for number in range(10_000):
        number_words(number)


def day() -> None:
    queue = AnnouncementQueue()
    for number in range(2000):
        queue = announcer.add_item(queue, SpokenCall(f"c{number}", f"A{number}", str(number % 9)))
        if number % 3:
            _, queue = announcer.take_next(queue)


def timed(work: Callable[[], object]) -> float:
    """The best of five, in milliseconds."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best * 1000


if __name__ == "__main__":
    sys.exit(main())
