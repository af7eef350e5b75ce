"""The same picture without a window: for the demo without a screen, training and tests."""

from display.board.drivers.window import WindowScreen


class SimulatedScreen(WindowScreen):
    headless = True
