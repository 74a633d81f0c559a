"""Files are kept whole, once, and under the name of their content."""

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from collector_app.core import clock
from collector_app.core.errors import NotFound
from collector_app.core.storage import FileStore, FileTooLarge, OnceOnly

CONTENT = b"cartera de marzo"


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "files", limit_bytes=len(CONTENT))


class BrokenStream(io.RawIOBase):
    """Gives some bytes and then fails, as an upload that is cut off does."""

    def __init__(self):
        self.reads = 0

    def read(self, size=-1):
        self.reads += 1
        if self.reads > 1:
            raise OSError("connection lost")
        return b"half"


def files_under(folder):
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_read_back_by_the_name_of_its_content(store):
    stored = store.save(io.BytesIO(CONTENT))

    assert stored.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert stored.size == len(CONTENT)
    with store.open(stored.sha256) as kept:
        assert kept.read() == CONTENT


def test_the_same_content_is_kept_once(store, tmp_path):
    first = store.save(io.BytesIO(CONTENT))
    second = store.save(io.BytesIO(CONTENT))

    assert first == second
    assert files_under(tmp_path) == [first.sha256]


def test_one_byte_over_the_limit_is_refused_and_leaves_nothing(store, tmp_path):
    with pytest.raises(FileTooLarge) as refused:
        store.save(io.BytesIO(CONTENT + b"!"))

    assert refused.value.facts["limit_bytes"] == len(CONTENT)
    assert files_under(tmp_path) == []


def test_a_stream_that_breaks_leaves_nothing(store, tmp_path):
    with pytest.raises(OSError, match="connection lost"):
        store.save(BrokenStream())

    assert files_under(tmp_path) == []


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64, "0" * 64 + "\n"])
def test_a_name_that_is_not_kept_is_not_found(store, name):
    with pytest.raises(NotFound):
        store.open(name)


def test_a_word_is_used_once_also_when_many_try_at_once(tmp_path):
    words = OnceOnly(tmp_path / "used", timedelta(minutes=4))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _n: words.use("one"), range(16)))

    assert found.count(True) == 1
    assert words.use("another")


def test_a_word_is_forgotten_after_its_time(tmp_path):
    words = OnceOnly(tmp_path / "used", timedelta(minutes=4))
    words.use("one")
    (file,) = (tmp_path / "used").iterdir()

    os.utime(file, (clock.now().timestamp() - 239,) * 2)
    assert not words.use("one")
    os.utime(file, (clock.now().timestamp() - 241,) * 2)
    words.use("another")

    assert len(list((tmp_path / "used").iterdir())) == 1
