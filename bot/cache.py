"""A place on disk for what takes seconds to compute and always comes out the same.

Nothing depends on it: where it cannot be read or written, the thing is computed again. Entries are pickles,
which run code when they are read, so only files are trusted that nobody but this user (or root) can write.
Their arrays stand beside the pickle and are mapped into memory, read-only: what of them is never looked at
is never read, and processes share the rest.
"""

from __future__ import annotations

import contextlib
import copyreg
import gc
import hashlib
import mmap
import os
import pickle
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, TypeVar

T = TypeVar("T")

# Read-only views of dictionaries are no more dangerous to pickle than those, but not pickled by themselves.
copyreg.pickle(MappingProxyType, lambda view: (_view, (dict(view),)))

WRITABLE_BY_OTHERS = 0o022

HEAD = struct.Struct("<Q")
"""Begins an entry's file: where the pickles stand in it, that of the arrays' places and the thing itself."""

ALIGNED = 64
"""Each array begins at a multiple of this, as processors like it."""

KEPT = 8
"""So many of the newest entries stay: older ones are of a FAQ or a program that is no more."""


def _view(mapping: dict[object, object]) -> MappingProxyType[object, object]:
    """Named, because the class itself has no name that pickle finds."""
    return MappingProxyType(mapping)


def directory(env: Mapping[str, str] = os.environ) -> Path:
    """`$XDG_CACHE_HOME/lemans-bot`, or where that is by default."""
    return Path(env.get("XDG_CACHE_HOME") or Path(env.get("HOME", "/nonexistent")) / ".cache") / "lemans-bot"


def cached(parts: Iterable[object], compute: Callable[[], T], place: Path | None = None) -> T:
    """What `compute` returned for the same `parts` and the same code before.

    Parts are told apart by their bytes, or else by their `repr`.
    """
    place = place or directory()
    digest = hashlib.sha256(_code())
    for part in parts:
        told = part if isinstance(part, bytes) else repr(part).encode("utf-8", "backslashreplace")
        digest.update(b"%d:" % len(told) + told)
    file = place / f"{digest.hexdigest()[:32]}.pickle"
    with contextlib.suppress(Exception):  # whatever is wrong with the file, computing it again mends it
        if _trusted(place) and _trusted(file):
            found: T = _read(file)
            return found
    value = compute()
    with contextlib.suppress(OSError):
        import tempfile  # here, because reading needs none, and it imports a lot

        place.mkdir(parents=True, exist_ok=True, mode=0o755)
        with tempfile.NamedTemporaryFile(dir=place, suffix=".new", delete=False) as new:
            _write(value, new)
        Path(new.name).chmod(0o644)
        Path(new.name).replace(file)
        for old in sorted(place.glob("*.pickle"), key=lambda old: old.stat().st_mtime)[:-KEPT]:
            old.unlink()
    return value


def _write(value: object, file: IO[bytes]) -> None:
    arrays: list[pickle.PickleBuffer] = []
    pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL, buffer_callback=arrays.append)
    places: list[slice] = []
    file.write(HEAD.pack(0))
    for array in arrays:
        file.seek(-file.tell() % ALIGNED, os.SEEK_CUR)
        places.append(slice(file.tell(), file.tell() + array.raw().nbytes))
        file.write(array)
    end = file.tell()
    file.write(pickle.dumps(places))
    file.write(pickled)
    file.seek(0)
    file.write(HEAD.pack(end))


def _read(file: Path) -> Any:
    with file.open("rb") as stored, _uncollected():
        mapped = memoryview(mmap.mmap(stored.fileno(), 0, access=mmap.ACCESS_READ))
        stored.seek(*HEAD.unpack_from(mapped))
        places: list[slice] = pickle.load(stored)
        return pickle.load(stored, buffers=[mapped[place] for place in places])


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing that is being read is garbage: looking for some takes longer than the reading."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _trusted(path: Path) -> bool:
    status = path.stat()
    return status.st_uid in (0, os.getuid()) and not status.st_mode & WRITABLE_BY_OTHERS


@cache
def _code() -> bytes:
    """The program itself: another version may compute something else."""
    import numpy as np

    sources = sorted(Path(__file__).parent.glob("*.py"))
    return b"\0".join([np.__version__.encode(), *(source.read_bytes() for source in sources)])
