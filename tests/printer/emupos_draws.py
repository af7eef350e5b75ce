"""Run by emupos' own Python: draws the bytes on stdin, tells the papers and what it missed."""

import base64
import json
import sys
from pathlib import Path

from emupos.config import _load_profile
from emupos.printer.printer import Printer

profile = _load_profile("epson-tm-t20iii", "printer", Path())
printer = Printer("front", profile, sensor_open_level="low", job_idle_timeout_ms=3000)
printer.open_connection(1, 0.0)
out = printer.receive(1, sys.stdin.buffer.read(), 1.0)
told = {
    "papers": [base64.b64encode(paper.png).decode("ascii") for paper in out.receipts],
    "unknown": [e.data for e in out.events if e.type.value == "printer.command.unknown"],
}
json.dump(told, sys.stdout)
