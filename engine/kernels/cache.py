"""Where compiled kernels are kept between runs: one folder per version of their sources and processor."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LOOP = HERE.parent / "program" / "loop.py"  # compiled like a kernel


def _key(versions: tuple[str, ...]) -> str:
    """A hash of everything that compiled code depends on: a kernel also depends on the helpers that it calls."""
    digest = hashlib.sha256("\n".join(versions).encode())
    for path in (*sorted(HERE.glob("*.py")), LOOP):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def cache_folder(*versions: str) -> Path | None:
    """The folder for code of these sources and ``versions``, made if need be; None where nothing can be written.

    The environment variable ``NETLOOM_CACHE_DIR`` overrides the platform's cache folder.
    """
    from platformdirs import user_cache_path

    given = os.environ.get("NETLOOM_CACHE_DIR")
    root = Path(given) if given else user_cache_path("netloom", appauthor=False)
    folder = root / "kernels" / _key(versions)
    return folder if _writable(folder) else None
