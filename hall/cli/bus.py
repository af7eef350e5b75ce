"""`motcua bus scan|watch|set-address|test|flash-unit`: a technician alone with a bus."""

import argparse

from firmware_bridge import tools


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    tools.arguments(parser)


def main(args: argparse.Namespace) -> int:
    return tools.run(args)
