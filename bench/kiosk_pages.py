"""Draws every page of the kiosk off screen, for each size of glass, language and mode.

`python bench/kiosk_pages.py FOLDER [SIZE …] [--modes large,wheelchair,contrast] [--lang vi,en]`
makes FOLDER/<size>-<language>-<mode>.png: one sheet of all pages in that combination. No window,
no X server, no broker: sample pages of the hall in config/demo.yaml.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
# bench/kiosk.py must not stand for the package of that name.
sys.path[0] = str(ROOT)
os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame  # noqa: E402

from hall.runtime import settings, settings_yaml  # noqa: E402
from hall.screen.geometry import Panel  # noqa: E402
from hall.screen.painter import Painter  # noqa: E402
from kiosk import pictures, plan, screens  # noqa: E402
from kiosk.drawing.theme import Theme, typesetter  # noqa: E402
from kiosk.glass import inspection  # noqa: E402
from kiosk.model import samples  # noqa: E402
from kiosk.model.modes import Modes  # noqa: E402
from kiosk.model.pages import Home  # noqa: E402
from kiosk.model.state import KioskModel  # noqa: E402
from kiosk.settings import KioskFile  # noqa: E402

SIZES = {
    "1080x1920": Panel(1080, 1920, 32),
    "1920x1080": Panel(1920, 1080, 21.5),
    "1366x768": Panel(1366, 768, 15.6),
    "1280x800": Panel(1280, 800, 10.1),
}
MODES = {
    "usual": Modes(),
    "large": Modes(large=True),
    "wheelchair": Modes(wheelchair=True),
    "contrast": Modes(contrast=True),
}
ACROSS = {True: 8, False: 5}
WIDE = {True: 400, False: 660}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One combination, and where its picture goes."""

    file: Path
    theme: Theme

    def draw(self, models: Mapping[str, KioskModel]) -> None:
        panel = self.theme.panel
        painter = Painter(panel, self.theme.measure)
        wide = WIDE[panel.portrait]
        high = round(wide * panel.height / panel.width)
        across = ACROSS[panel.portrait]
        rows = -(-len(models) // across)
        whole = pygame.Surface((across * (wide + 8), rows * (high + 8)))
        whole.fill((120, 130, 140))
        glass = pygame.Surface((panel.width, panel.height))
        for place, model in enumerate(models.values()):
            painter.wipe()
            painter.paint(glass, screens.scene(replace(model, modes=self.theme.modes), self.theme))
            small = pygame.transform.smoothscale(glass, (wide, high))
            whole.blit(small, (place % across * (wide + 8), place // across * (high + 8)))
        pygame.image.save(whole, str(self.file))


def models() -> Iterator[tuple[str, KioskModel]]:
    """Every page, by its name; then the first page in trouble."""
    document = settings_yaml.read(ROOT / "config" / "demo.yaml")
    config = settings.check(document.part(KioskFile.model_fields), KioskFile)
    shown = pictures.found(document, config, config.kiosks[0])
    setup = replace(
        plan.setup(config, config.kiosks[0], ("vi", "en")),
        speaks=True,
        logo=shown.logo,
        photographs=shown.photographs,
    )
    number = inspection.longest(config)
    base = samples.model(setup, number)
    yield "đầu", base
    for name, page in samples.pages(setup, number).items():
        if name != "đầu":
            yield name, replace(base, page=page, trail=(Home(),))
    for name, world in samples.troubles(base.world).items():
        yield f"đầu, {name}", replace(base, world=world)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sizes", nargs="*", default=list(SIZES))
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--lang", default="vi,en")
    parser.add_argument("--only", default="", help="pages whose name contains this")
    told = parser.parse_args()
    pygame.display.init()
    pygame.display.set_mode((1, 1))
    told.folder.mkdir(parents=True, exist_ok=True)
    document = settings_yaml.read(ROOT / "config" / "demo.yaml")
    config = settings.check(document.part(KioskFile.model_fields), KioskFile)
    words = plan.wordings(document, config, config.kiosks[0])
    shown = {name: model for name, model in models() if told.only in name}
    for size in told.sizes:
        for lang in told.lang.split(","):
            for name in told.modes.split(","):
                modes = replace(MODES[name], lang=lang)
                theme = Theme(SIZES[size], words[lang], modes, typesetter(), plan.languages(words))
                Sheet(told.folder / f"{size}-{lang}-{name}.png", theme).draw(shown)


if __name__ == "__main__":
    main()
