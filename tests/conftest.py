"""No verdict of any test depends on how busy the machine is; proofs come in two sizes."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--faults",
        choices=("quick", "full"),
        default=os.environ.get("MOTCUA_FAULTS", "quick"),
        help="size of the proofs in tests/faults (full takes half an hour)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The size is read where the tests are collected, and by the processes they start."""
    os.environ["MOTCUA_FAULTS"] = str(config.getoption("--faults"))
