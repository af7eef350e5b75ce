"""The drawing kit of kiosk, board and window faces: values in, pixels out. No word of the hall.

How a screen is made (places in mm, sizes = em in mm, colours "#RRGGBB"):

    panel = Panel(1080, 1920, 32)                       # geometry: px_per_mm, area, Rect cutting
    area = panel.area                                   # Rect: top foot left side below above grid
    size = em_of_cap(cap_at(5000))                      # 0.7 degrees at 5 m
    scene = Scene("home", NORMAL.page, (                # tree: frozen nodes, unique keys, in
        Box("head", area.top(24), NORMAL.header_top, bottom=NORMAL.header_bottom),  # painting order
        Icon("emblem", Rect(8, 4, 16, 16), "emblem", NORMAL.gold),
        Label("name", Rect(28, 4, 200, 16), "Mời số", 8, NORMAL.on_header, Weight.BOLD,
              align="left", min_size=5, max_lines=1, on=NORMAL.header_top),
        Target("go", Rect(8, 40, 60, 30), action=Go()),
    ))
    painter, window = Painter(panel), Window(panel, "Kiosk", headless=False)
    window.open()                                       # raises Blind on offscreen/dummy drivers
    window.show(painter.paint(window.surface, scene, pointer.pressed))   # only what changed
    for each in window.inputs():                        # Contact | Typed | Key | Closed; poll 20 ms
        acts = pointer.handle(each, scene, now)         # Contact -> Tapped(action) | Scrolled
    window.save(folder / "board.png")                   # PNG, atomic; works headless too

Nodes: Box (gradient, border, shadow), Label (wrap, shrink to `min_size`, clamp with "…", digits in
`cells`, `personal`), Icon (icons.NAMES), Donut, Spinner, Matrix (QR), Strip (ticker),
Picture, Target, Scroll. A label that neither fits nor may be clamped is found by `lint.faults`.
`painter.typesetter.height(text, px, weight, width_px)` measures for a flow. `lint.faults(scene,
panel, typesetter)` lists targets too small or too near, overlaps, overflow, weak contrast.
Headless windows are plain surfaces: any number in a process, no SDL video, same pixels.
"""

import os

# Before any module of the kit brings pygame, which greets on standard output.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
