"""Where the user's own caches are."""

from __future__ import annotations

import os
from pathlib import Path


def user_cache() -> Path:
    """`$XDG_CACHE_HOME/stratc`, or the same under ~/.cache; it may not exist yet."""
    stated = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(stated) if Path(stated).is_absolute() else Path("~/.cache").expanduser()
    return root / "stratc"
