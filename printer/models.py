"""What is known of printer models beyond python-escpos' own profiles; a clone is assumed poor."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrinterModel:
    """`profile` names python-escpos' profile. `speed` in millimetres of paper a second.

    `process_id`: answers GS ( H when the printing is completed. `identifies`: answers GS I.
    `clears`: drops a held job on DLE DC4 8. `nv`: keeps graphics in its own memory (GS ( L).
    """

    name: str
    profile: str = "default"
    width: int = 576
    speed: int = 150
    process_id: bool = False
    identifies: bool = False
    clears: bool = False
    native_qr: bool = False
    nv: bool = False

    def paper_s(self, rows: int) -> float:
        """Seconds the mechanics need for `rows` dots, the way to the cutter and the cut itself."""
        return (rows / DOTS_A_MM + HEAD_TO_CUTTER_MM) / self.speed + CUT_S


DOTS_A_MM = 8
# TM-T88III specification; the cut's time is an estimate that no bench has confirmed yet.
HEAD_TO_CUTTER_MM = 15
CUT_S = 0.2


def _epson(name: str, profile: str, speed: int, width: int = 576) -> PrinterModel:
    return PrinterModel(
        name,
        profile,
        width,
        speed,
        process_id=True,
        identifies=True,
        clears=True,
        native_qr=True,
        nv=True,
    )


_KNOWN = (
    PrinterModel("default"),
    PrinterModel("default-58", width=384, speed=90),
    _epson("TM-T20II", "TM-T20II", 200),
    _epson("TM-T20III", "TM-T20II", 250),
    _epson("TM-T82III", "TM-T20II", 250),
    _epson("TM-T88V", "TM-T88V", 300, width=512),
    _epson("TM-T88VI", "TM-T88V", 350, width=512),
    _epson("TM-m30", "TM-T20II", 200),
    PrinterModel("RP326", "RP326", speed=250, native_qr=True),
    PrinterModel("XP-80", "default", speed=200, native_qr=True),
    PrinterModel("XP-58", "default", width=384, speed=90),
    PrinterModel("NT-5890K", "NT-5890K", width=384, speed=90),
)
MODELS = {model.name: model for model in _KNOWN}
