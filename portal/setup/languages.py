"""The languages other than French: checked whole, then compiled, when a sentence or a translation changed."""

from __future__ import annotations

from portal.setup.commands import run_quietly
from portal.setup.python_env import Environment
from portal.setup.speech import NBSP, step
from portal.setup.state import digest


def ensure(env: Environment) -> bool:
    """Refuse a missing translation, then compile. True if something was done. Raises SetupError."""
    portal = env.root / "portal"
    sources = [path for ending in ("*.py", "*.html", "*.po") for path in portal.rglob(ending)]
    key = digest(sorted(sources))
    if env.stamps.is_fresh("langues", key):
        return False
    env.stamps.begin("langues")
    with step("Vérification des traductions"):
        run_quietly(
            (env.python, "-m", "portal.translations.build"),
            f"Des phrases n’ont pas leur traduction{NBSP}: voir la liste ci-dessus.",
            cwd=env.root,
        )
    env.stamps.succeed("langues", key)
    return True
