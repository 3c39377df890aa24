"""What is computed once is found again, and nothing depends on that."""

import pickle
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from bot import cache


class Counted:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> object:
        self.calls += 1
        return MappingProxyType({"call": self.calls})


def test_the_same_parts_are_computed_once(tmp_path: Path) -> None:
    compute = Counted()
    for _ in range(3):
        assert cache.cached(["a", 1], compute, tmp_path) == {"call": 1}
    assert cache.cached(["a", 2], compute, tmp_path) == {"call": 2}


def test_a_new_version_of_the_program_computes_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compute = Counted()
    cache.cached(["a"], compute, tmp_path)
    monkeypatch.setattr(cache, "_code", lambda: b"another version")
    cache.cached(["a"], compute, tmp_path)
    assert compute.calls == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda stored: b"",
        lambda stored: b"no pickle",
        lambda stored: pickle.dumps(1),
        lambda stored: stored[:-1],
        lambda stored: b"\xff" + stored[1:],
    ],
)
def test_a_broken_entry_is_computed_again(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    compute = Counted()
    cache.cached(["a"], compute, tmp_path)
    (entry,) = tmp_path.glob("*.pickle")
    entry.write_bytes(spoil(entry.read_bytes()))
    assert cache.cached(["a"], compute, tmp_path) == {"call": 2}
    assert cache.cached(["a"], compute, tmp_path) == {"call": 2}


def test_arrays_are_mapped_from_the_disk_and_cannot_be_changed(tmp_path: Path) -> None:
    def compute() -> dict[str, object]:
        arrays = (np.arange(100_000), np.array([0.5]), np.empty(0, np.int32))
        return {"arrays": arrays, "twice": arrays[0], "text": "ä"}

    cache.cached(["a"], compute, tmp_path)
    (entry,) = tmp_path.glob("*.pickle")
    assert str(entry) not in Path("/proc/self/maps").read_text()
    found = cache.cached(["a"], dict[str, object], tmp_path)
    assert str(entry) in Path("/proc/self/maps").read_text()
    for array, wanted in zip(found["arrays"], compute()["arrays"], strict=True):  # type: ignore[call-overload]
        assert array.dtype == wanted.dtype
        assert np.array_equal(array, wanted)
        assert not array.flags.writeable
    assert found["twice"] is found["arrays"][0]  # type: ignore[index]
    assert found["text"] == "ä"


def test_what_others_could_have_written_is_not_read(tmp_path: Path) -> None:
    compute = Counted()
    cache.cached(["a"], compute, tmp_path)
    (entry,) = tmp_path.glob("*.pickle")
    entry.chmod(0o666)
    cache.cached(["a"], compute, tmp_path)
    assert compute.calls == 2


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    compute = Counted()
    assert cache.cached(["a"], compute, tmp_path / "file" / "cache") == {"call": 1}


def test_old_entries_make_room(tmp_path: Path) -> None:
    for i in range(cache.KEPT + 5):
        cache.cached([i], Counted(), tmp_path)
    assert len(list(tmp_path.iterdir())) == cache.KEPT


def test_the_place_follows_the_environment() -> None:
    assert cache.directory({"XDG_CACHE_HOME": "/c"}) == Path("/c/lemans-bot")
    assert cache.directory({"HOME": "/h"}) == Path("/h/.cache/lemans-bot")
