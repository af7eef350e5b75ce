"""Takes in one file in a process of its own, which may be ended at any moment without harm.

The job comes as JSON on standard input, rows read go to standard output, the outcome to its file.
"""

import contextlib
import os
import resource
import sys
from pathlib import Path

from hall.onestop.intake.importing import ImportJob, take_in

# Anonymous memory; with the libraries' own pages and the gateway beside it the unit stays below
# its MemoryMax.
MEMORY_BYTES = 112 * 1024 * 1024
_CPU_S = 3600


def main() -> int:
    _stand_back()
    job = ImportJob.model_validate_json(sys.stdin.buffer.read())
    try:
        outcome = take_in(job, lambda count: print(count, flush=True))  # noqa: T201 - the port
    except BrokenPipeError:
        return 1  # The gateway is gone.
    job.outcome.write_text(outcome.model_dump_json(), "utf-8")
    return 0


def _stand_back() -> None:
    """Limit memory, be the first process killed when it runs out, run at the lowest priority.

    A sandbox may refuse any of these; the gateway watches the memory as well.
    """
    for kind, most in ((resource.RLIMIT_DATA, MEMORY_BYTES), (resource.RLIMIT_CPU, _CPU_S)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))
    with contextlib.suppress(OSError):
        os.nice(10)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


if __name__ == "__main__":
    sys.exit(main())
