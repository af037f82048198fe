"""Where compiled kernels are kept between runs: one folder per version of their sources."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def _sources_key() -> str:
    """A hash of everything that a compiled kernel depends on.

    Numba's own key knows neither the helpers that a kernel calls nor the names it was specialised with.
    """
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def cache_folder() -> Path | None:
    """The folder for this version's kernels, made if need be; None where nothing can be written.

    The environment variable ``NETLOOM_CACHE_DIR`` overrides the platform's cache folder.
    """
    from platformdirs import user_cache_path

    given = os.environ.get("NETLOOM_CACHE_DIR")
    root = Path(given) if given else user_cache_path("netloom", appauthor=False)
    folder = root / "kernels" / _sources_key()
    return folder if _writable(folder) else None
