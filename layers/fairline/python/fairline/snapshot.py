"""What Lambda's snapshot of a function (SnapStart) holds already, so that a restored environment need not import it.

Handlers import what is heavy with the first call that needs it. Before a snapshot is taken that is turned round: the
imports are made then. Nothing is opened and no client is made, since those would be shared by all that is restored.
"""

from importlib import import_module


def hold(*modules: str) -> None:
    """Have modules imported before a snapshot is taken; where none is taken, do nothing.

    What chooses at random is seeded anew after each restoration: jitter must not be the same everywhere.
    """
    try:
        hooks = import_module("snapshot_restore_py")
    except ModuleNotFoundError:  # not in Lambda, whose runtime brings it
        return
    hooks.register_before_snapshot(_import, *modules)
    hooks.register_after_restore(_seed)


def _import(*modules: str) -> None:
    for module in modules:
        import_module(module)


def _seed() -> None:
    import random

    random.seed()
