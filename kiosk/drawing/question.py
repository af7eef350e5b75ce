"""What a page asks, above what is touched; with a picture where that leaves half a page free."""

from hall.screen.geometry import Rect
from hall.screen.tree import Box
from kiosk.drawing import spread
from kiosk.drawing.scene_builder import SceneBuilder, Style

_PICTURE = 0.5


def draw(sheet: SceneBuilder, key: str, room: Rect, asked: tuple[str, Style], icon: str) -> None:
    theme, (text, style) = sheet.theme, asked
    if not theme.low:
        sheet.text(key, room, text, style)
        return
    spot, line = spread.picture_over(theme, room, room.h * _PICTURE, asked)
    sheet.add(Box(f"{key}.disc", spot, theme.palette.soft, spot.h / 2))
    sheet.icon(f"{key}.icon", spot.inset(spot.h * 0.2), icon, theme.palette.accent)
    sheet.text(key, line, text, style)
