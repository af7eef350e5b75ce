"""The controller's own test kit, for faults of its surroundings."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

KIT = Path(__file__).parents[1] / "controller" / "conftest.py"


def _kit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("controller_kit", KIT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


world = _kit().world
