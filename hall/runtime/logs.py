"""Log lines for the journal: one line each, the level as systemd reads it, no time of its own."""

import logging
import sys

_LEVELS = {
    logging.CRITICAL: "<2>",
    logging.ERROR: "<3>",
    logging.WARNING: "<4>",
    logging.INFO: "<6>",
    logging.DEBUG: "<7>",
}


class _Lines(logging.Formatter):
    def __init__(self, *, systemd: bool) -> None:
        super().__init__(
            "%(name)s: %(message)s" if systemd else "%(asctime)s %(name)s: %(message)s"
        )
        self._systemd = systemd

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        prefix = _LEVELS.get(record.levelno, "<6>") if self._systemd else ""
        return "\n".join(prefix + line for line in text.splitlines())


def start(*, systemd: bool, level: int = logging.INFO) -> None:
    """Take over the root logger; before any library calls basicConfig at import."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(systemd=systemd))
    logging.basicConfig(handlers=[handler], level=level, force=True)
