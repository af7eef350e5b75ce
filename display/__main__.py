"""`python -m display -c hall.yaml`: the counter displays."""

import sys
from collections.abc import Sequence

from display.face_section import FaceSection, FaceSurroundings
from display.faces import Spec
from display.ports import FaceDriver
from display.service import FacesService
from display.settings import DisplayConfig
from hall.runtime import roles, settings
from hall.runtime.daemon import Daemon, Ground

CLIENT = "display"


def build(config: settings.Document, ground: Ground, only: str | None = None) -> Sequence[Daemon]:
    if only not in (None, CLIENT):
        return ()
    checked = settings.check(config.part(DisplayConfig.model_fields), DisplayConfig)
    _refuse_unknown_counters(config, checked)
    specs = [Spec(f.counter, f.width, f.charset) for f in checked.display.faces]
    titles = {counter.id: counter.title for counter in checked.counters}
    section = checked.display
    where = FaceSurroundings(titles, section.window, ground.pictures, ground.headless)
    context = ground.context_of(CLIENT)
    service = FacesService(
        context,
        specs,
        _drivers(section.faces, where),
        needs_main_thread=not ground.headless
        and any(face.needs_main_thread for face in section.faces),
    )
    return [Daemon(context, service)]


def _refuse_unknown_counters(config: settings.Document, checked: DisplayConfig) -> None:
    known, seen = {counter.id for counter in checked.counters}, set[str]()
    wrong = []
    for index, face in enumerate(checked.display.faces):
        path = ("display", "faces", index, "counter")
        if face.counter not in known:
            wrong.append(config.mistake(path, f"không có quầy '{face.counter}'"))
        if face.counter in seen:
            wrong.append(config.mistake(path, f"quầy '{face.counter}' đã có bảng số"))
        seen.add(face.counter)
    if wrong:
        raise settings.ConfigError(config.file, tuple(wrong))


def _drivers(faces: Sequence[FaceSection], where: FaceSurroundings) -> dict[str, FaceDriver]:
    """Those of one driver are made together: windows share one."""
    drivers: dict[str, FaceDriver] = {}
    for kind in dict.fromkeys(type(face) for face in faces):
        drivers |= kind.connect([face for face in faces if type(face) is kind], where)
    return drivers


if __name__ == "__main__":
    sys.exit(roles.main("display", build))
