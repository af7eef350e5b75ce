"""The firmware core on an emulated micro:bit V1 (Cortex-M0, MicroPython 1.9.2), driven by pymodbus.

The emulated board has 10 kB for Python, so the core is fed to it statement by statement; comments
and docstrings stay here, every line of code goes.
"""

import ast
import os
import re
import select
import shutil
import subprocess
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from micropython_microbit_fs import get_bundled_hex
from pymodbus.client import ModbusSerialClient

CORE = Path(__file__).parents[2] / "firmware_bridge" / "firmware" / "counter_unit.py"
BOARD = get_bundled_hex(1).file_path
# The emulated UART drops what comes faster.
CHARACTER_S = 0.002

pytestmark = pytest.mark.skipif(
    not shutil.which("qemu-system-arm"), reason="qemu-system-arm is not installed"
)

LOOP = """
import micropython
from microbit import uart
micropython.kbd_intr(-1)
unit = Unit(1, 0xBEEF)
unit.press(78)
uart.init(115200)
while True:
    heard = uart.read() if uart.any() else None
    reply = unit.receive(heard) if heard else None
    if reply:
        uart.write(reply)
        gc.collect()
"""


def pieces(source: str) -> Iterator[str]:
    """Statements small enough for the board's parser; methods are added to their class."""
    for node in ast.parse(source).body:
        match node:
            case ast.Expr():
                pass
            case ast.ClassDef(name=name, body=body):
                yield f"class {name}:\n    pass\n"
                for method in body:
                    if isinstance(method, ast.FunctionDef):
                        bare = without_docstring(method)
                        yield f"{bare}\n{name}.{method.name} = {method.name}\ndel {method.name}\n"
            case ast.FunctionDef():
                yield without_docstring(node) + "\n"
            case _:
                yield ast.unparse(node) + "\n"


def without_docstring(function: ast.FunctionDef) -> str:
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:]
    return re.sub(r"(?m)^ +", lambda found: found[0][::4], ast.unparse(function))


@dataclass
class Board:
    """The raw REPL of the emulated board."""

    port: str
    line: int

    def run(self, code: str) -> bytes:
        self.send(code.encode() + b"\x04")
        return self.heard(b"\x04>")

    def send(self, raw: bytes) -> None:
        for at in range(len(raw)):
            os.write(self.line, raw[at : at + 1])
            select.select([], [], [], CHARACTER_S)

    def heard(self, end: bytes) -> bytes:
        out, until = b"", time.monotonic() + 10
        while not out.endswith(end):
            assert time.monotonic() < until, out
            if select.select([self.line], [], [], 0.1)[0]:
                out += os.read(self.line, 4096)
        return out

    def enter(self) -> None:
        self.heard(b">>> ")
        self.send(b"\x03\x03\x01")
        self.heard(b"exit\r\n>")


@pytest.fixture
def board() -> Iterator[Board]:
    loader = f"loader,file={BOARD}"
    command = ["qemu-system-arm", "-M", "microbit", "-device", loader, "-nographic"]
    with subprocess.Popen(
        [*command, "-monitor", "none", "-serial", "pty"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        found = re.search(rb"/dev/pts/\d+", process.stdout.readline())
        assert found is not None
        port = found[0].decode()
        line = os.open(port, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(line)
        try:
            made = Board(port, line)
            made.enter()
            yield made
        finally:
            os.close(line)
            process.kill()


def test_the_core_runs_unchanged_on_a_cortex_m0(board: Board) -> None:
    board.run("import gc\n")
    for piece in pieces(CORE.read_text(encoding="utf-8")):
        assert board.run(f"{piece}gc.collect()\n") == b"OK\x04\x04>", piece
    board.send(LOOP.encode() + b"\x04")
    board.heard(b"OK")
    client = ModbusSerialClient(port=board.port, baudrate=115200, timeout=1, retries=5)
    try:
        assert client.connect()
        face = [8, 0x3031, 0x3035, 0x2020, 0]
        pressed = client.read_input_registers(0, count=9)
        written = client.write_registers(0, face)
        held = client.read_holding_registers(0, count=5)
        latched = client.read_input_registers(7, count=1)
        refused = client.read_input_registers(13, count=1)
    finally:
        client.close()  # type: ignore[no-untyped-call]

    assert (pressed.registers[0], pressed.registers[1] >> 8) == (0x0100, ord("N"))
    assert pressed.registers[5] == 0xBEEF
    assert not written.isError()
    assert held.registers == face
    assert latched.registers == [0x397F]
    assert refused.exception_code == 2
