"""Run by emupos' own Python: draws the job on stdin, writes a PNG to stdout."""

import sys
from pathlib import Path

from emupos.config import _load_profile
from emupos.printer.printer import Printer

profile = _load_profile("epson-tm-t20iii", "printer", Path())
printer = Printer("front", profile, sensor_open_level="low", job_idle_timeout_ms=3000)
printer.open_connection(1, 0.0)
out = printer.receive(1, sys.stdin.buffer.read(), 1.0)
sys.stdout.buffer.write(out.receipts[0].png)
