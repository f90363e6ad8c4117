"""Downloads of published weights from a server on this machine: whole, resumed, and every way in which they fail."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import DownloadError, FileFormatError, InputError, ModelcError, StorageError
from modelc.zoo import download
from modelc.zoo.download import fetch
from modelc.zoo.pretrained import HOST, WeightFile, fetched_path, problem_of, weight_file, weights_folder
from tests.zoo.server import Server, serving

CONTENT = b"\x89HDF\r\n\x1a\n" + np.random.default_rng(0).bytes(400_000)
OTHER = b"\x89HDF\r\n\x1a\n" + np.random.default_rng(1).bytes(400_000)
FILE = WeightFile("tiny", True, "keras/tiny.h5", "tiny.h5", hashlib.md5(CONTENT).hexdigest(), 100_000)
UNSIGNED = WeightFile("tiny", True, "keras/tiny.h5", "tiny.h5", None, 100_000)


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path / "cache"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "MODELC_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.01)


@pytest.fixture(name="server")
def _server() -> Iterator[Server]:
    with serving(files={"tiny.h5": CONTENT}) as server:
        yield server


def part() -> Path:
    return weights_folder() / "tiny.h5.part"


def left() -> set[str]:
    """What is in the cache beside the lock."""
    return {path.name for path in weights_folder().iterdir()} - {"tiny.h5.lock"}


# --- that it works


@pytest.mark.parametrize("file", [FILE, UNSIGNED], ids=["digest", "none"])
def test_a_file_arrives_whole(server: Server, file: WeightFile) -> None:
    told: list[tuple[int, int | None]] = []
    path = fetch(file, mirror=server.url, progress=lambda done, total: told.append((done, total)))
    assert path == weights_folder() / "tiny.h5" and path.read_bytes() == CONTENT
    assert left() == {"tiny.h5"}
    assert told[0] == (0, len(CONTENT)) and told[-1] == (len(CONTENT), len(CONTENT))
    assert server.asked[0][0] == "/keras/tiny.h5"
    assert fetch(file, mirror=server.url) == path and len(server.asked) == 1, "a second time nothing is downloaded"


def test_sha_256_is_checked_too(server: Server) -> None:
    file = WeightFile("tiny", True, "tiny.h5", "tiny.h5", hashlib.sha256(CONTENT).hexdigest(), 100_000)
    assert fetch(file, mirror=server.url).read_bytes() == CONTENT
    wrong = WeightFile("other", True, "tiny.h5", "other.h5", hashlib.sha256(OTHER).hexdigest(), 100_000)
    with pytest.raises(DownloadError, match="its digest is"):
        fetch(wrong, mirror=server.url)


def test_without_a_length(server: Server) -> None:
    server.lengths = False
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT


def test_where_weights_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert weights_folder() == tmp_path / "cache"
    monkeypatch.delenv("MODELC_WEIGHTS_DIR")
    monkeypatch.setenv("MODELC_CACHE_DIR", str(tmp_path / "all"))
    assert weights_folder() == tmp_path / "all" / "weights"
    monkeypatch.delenv("MODELC_CACHE_DIR")
    assert weights_folder().parts[-2:] == ("modelc", "weights")


def test_the_mirror_of_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_MIRROR", server.url + "/below/")
    fetch(FILE)
    assert server.asked[0][0] == "/below/keras/tiny.h5"


def test_the_proxy_of_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    fetch(FILE, mirror="http://weights.example.org")
    assert server.asked[0][0] == "http://weights.example.org/keras/tiny.h5"


def test_redirects_are_followed(server: Server) -> None:
    server.redirect = server.url
    assert fetch(FILE, mirror=server.url + "/old").read_bytes() == CONTENT
    assert [path for path, _ in server.asked] == ["/old/keras/tiny.h5", "/keras/tiny.h5"]


def test_a_damaged_file_in_the_cache_is_replaced(server: Server) -> None:
    weights_folder().mkdir(parents=True)
    (weights_folder() / "tiny.h5").write_bytes(OTHER)
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT


# --- resumed


def test_cut_off_it_goes_on_in_the_same_call(server: Server) -> None:
    server.cut_after = [100_000, 50_000]
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT
    assert [headers.get("Range") for _, headers in server.asked] == [None, "bytes=100000-", "bytes=150000-"]
    assert [headers.get("If-Range") for _, headers in server.asked] == [None, '"v1"', '"v1"']


def test_cut_off_again_and_again_it_ends_and_the_next_call_goes_on(server: Server) -> None:
    server.cut_after = [100_000, *[0] * 4]
    with pytest.raises(DownloadError) as error:
        fetch(FILE, mirror=server.url)
    assert "the connection ended after 100,000 of 400,008 bytes; 100,000 bytes are kept" in str(error.value)
    assert "`modelc zoo fetch tiny` goes on from there" in str(error.value)
    assert "or put the file of https://storage.googleapis.com/keras/tiny.h5 at " in str(error.value)
    assert f"(MD5 {FILE.digest})" in str(error.value)
    assert part().read_bytes() == CONTENT[:100_000]
    server.asked.clear()
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT
    assert [headers.get("Range") for _, headers in server.asked] == ["bytes=100000-"]


def test_a_server_that_ignores_ranges_sends_all_again(server: Server) -> None:
    server.ranges, server.cut_after = False, [100_000]
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT
    assert server.asked[1][1]["Range"] == "bytes=100000-"


def test_another_version_on_the_server_begins_anew(server: Server) -> None:
    server.files["tiny.h5"], server.cut_after = OTHER, [100_000, *[0] * 4]
    with pytest.raises(DownloadError):
        fetch(FILE, mirror=server.url)
    server.files["tiny.h5"], server.etag = CONTENT, '"v2"'
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT


def test_another_version_without_a_word_is_told_by_the_digest(server: Server) -> None:
    server.files["tiny.h5"], server.etag, server.cut_after = OTHER, None, [100_000, *[0] * 4]
    with pytest.raises(DownloadError):
        fetch(FILE, mirror=server.url)
    server.files["tiny.h5"] = CONTENT
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT, "joined, it had another digest: once more"
    assert server.asked[-1][1].get("Range") is None


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
def test_without_a_digest_nothing_is_joined_that_no_etag_holds_together(server: Server, etag: str | None) -> None:
    server.etag, server.cut_after = etag, [100_000]
    assert fetch(UNSIGNED, mirror=server.url).read_bytes() == CONTENT
    assert [headers.get("Range") for _, headers in server.asked] == [None, None]


def test_all_had_arrived_before_it_was_ended(server: Server) -> None:
    weights_folder().mkdir(parents=True)
    part().write_bytes(CONTENT)
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT
    assert not server.asked and left() == {"tiny.h5"}


def test_more_had_arrived_than_there_is(server: Server) -> None:
    weights_folder().mkdir(parents=True)
    part().write_bytes(CONTENT + b"more")
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT


def test_temporary_failures_of_the_server_are_waited_for(server: Server) -> None:
    server.statuses = [503, 429, 500]
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT
    server.statuses = [503] * 5
    with pytest.raises(DownloadError, match="the server answers 503 Service Unavailable"):
        fetch(WeightFile("x", True, "tiny.h5", "x.h5", FILE.digest, 100_000), mirror=server.url)


# --- failures


def test_a_wrong_digest_leaves_nothing(server: Server) -> None:
    server.files["tiny.h5"] = OTHER
    with pytest.raises(DownloadError) as error:
        fetch(FILE, mirror=server.url)
    found = hashlib.md5(OTHER).hexdigest()
    assert f"is not the file that Keras publishes: its digest is {found}, not {FILE.digest}" in str(error.value)
    assert left() == set() and len(server.asked) == 1


def test_a_page_in_place_of_a_file(server: Server) -> None:
    server.files["tiny.h5"] = b"<html>log in</html>".ljust(400_008)
    with pytest.raises(DownloadError, match="it is no HDF5 file"):
        fetch(UNSIGNED, mirror=server.url)
    server.files["tiny.h5"] = b"<html>log in</html>"
    with pytest.raises(DownloadError, match="the server sends 19 bytes, and its 100,000 parameters take 400,000 to "):
        fetch(UNSIGNED, mirror=server.url)
    assert left() == set()


def test_no_such_file(server: Server) -> None:
    server.files.clear()
    with pytest.raises(DownloadError, match="the server answers 404 Not Found\n  help: give another --mirror"):
        fetch(FILE, mirror=server.url)
    assert len(server.asked) == 1, "another attempt would not find it either"


def test_sizes_are_bounded_before_anything_is_stored(server: Server) -> None:
    server.claimed = 10**12
    with pytest.raises(DownloadError, match="the server sends 1,000,000,000,000 bytes"):
        fetch(FILE, mirror=server.url)
    assert left() == set()


def test_sizes_are_bounded_where_the_server_does_not_say_them(server: Server) -> None:
    server.lengths, server.files["tiny.h5"] = False, CONTENT + bytes(9_000_000)
    with pytest.raises(DownloadError, match="the server sends more than"):
        fetch(FILE, mirror=server.url)
    assert left() == set()


def test_no_network() -> None:
    with pytest.raises(DownloadError) as error:
        fetch(FILE, mirror="http://127.0.0.1:9")
    message, help = str(error.value).splitlines()
    assert message == "http://127.0.0.1:9/keras/tiny.h5: cannot be downloaded: Connection refused"
    assert help.startswith(
        "  help: check the network and the proxy, or put the file of https://storage.googleapis.com/"
    )
    assert str(weights_folder() / "tiny.h5") in help and str(FILE.digest) in help
    assert error.value.exit_code == 1 and error.value.diagnostics[0].code == "E705"


def test_a_silent_server(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "TIMEOUT_SECONDS", 0.1)
    server.gate = threading.Event()
    try:
        with pytest.raises(DownloadError, match=r"the server was silent for 0\.1 s"):
            fetch(FILE, mirror=server.url)
    finally:
        server.gate.set()


@pytest.mark.parametrize("target", ["file:///etc", "ftp://127.0.0.1"])
def test_redirects_elsewhere_are_not_followed(server: Server, target: str) -> None:
    server.redirect = target
    with pytest.raises(DownloadError, match=r"which is not followed|the server answers 302"):
        fetch(FILE, mirror=server.url + "/old")


def test_redirects_from_https_to_http_are_not_followed() -> None:
    from urllib.request import Request

    handler, request = download._Redirects(), Request("https://storage.googleapis.com/x")
    with pytest.raises(DownloadError, match="redirects from https to http://mirror/x, which is not followed"):
        handler.redirect_request(request, None, 302, "Found", {}, "http://mirror/x")
    assert handler.redirect_request(request, None, 302, "Found", {}, "https://mirror/x") is not None


def test_redirects_in_a_circle(server: Server) -> None:
    server.redirect = server.url + "/old"
    with pytest.raises(DownloadError, match="the server answers 302"):
        fetch(FILE, mirror=server.url + "/old")


@pytest.mark.parametrize(
    ("mirror", "message"),
    [
        ("ftp://x", "is not a URL of http or https"), ("/srv/weights", "is not a URL"), ("http://", "is not a URL"),
        ("http://u:secret@x/", "must not contain a user name or a password"), ("http://x/?a=1", "is not a URL"),
        ("http://[x", "is no URL"), ("http://x y/", "is not a URL"), ("http://x:99999/", "is no URL"),
    ],
)  # fmt: skip
def test_mirrors_that_are_none(mirror: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        fetch(FILE, mirror=mirror)
    assert "secret" not in str(error.value)
    assert "MODELC_MIRROR" in str(error.value)


def test_published_urls_are_https() -> None:
    assert HOST.startswith("https://")
    assert weight_file("xception", top=True).url.startswith(HOST)


# --- the disk


def test_too_little_space_is_told_before_the_download(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(
        StorageError, match="there is no space left for it: 400,008 bytes are to come, and 1,000 are free"
    ):
        fetch(FILE, mirror=server.url)


def test_a_disk_that_gets_full_keeps_what_arrived(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = open

    class Full:
        def __init__(self, stream: Any) -> None:
            self.stream = stream

        def write(self, data: bytes) -> None:
            if self.stream.tell() > 200_000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self.stream.write(data)

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *error: Any) -> None:
            self.stream.close()

        def __getattr__(self, name: str) -> Any:
            return getattr(self.stream, name)

    monkeypatch.setattr(download, "_CHUNK", 50_000)
    monkeypatch.setattr(
        "modelc.zoo.download.open",
        lambda path, mode: Full(whole(path, mode)) if "w" in mode else whole(path, mode),
        raising=False,
    )
    with pytest.raises(StorageError, match="no space left for it\n  help: make room, or set MODELC_WEIGHTS_DIR"):
        fetch(FILE, mirror=server.url)
    assert part().read_bytes() == CONTENT[:250_000]
    assert fetch(FILE, mirror=server.url).read_bytes() == CONTENT
    assert server.asked[-1][1]["Range"] == "bytes=250000-"


def test_a_file_system_that_is_full(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same on a file system of 300 KB, whose free space is not asked."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("file systems cannot be mounted here")
    try:
        monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(folder))
        usage = shutil.disk_usage("/")
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
        with pytest.raises(StorageError, match="there is no space left for it"):
            fetch(FILE, mirror=server.url)
        assert CONTENT.startswith(part().read_bytes())
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_folder_that_cannot_be_made(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path / "file" / "below"))
    with pytest.raises(StorageError, match="MODELC_WEIGHTS_DIR sets another folder"):
        fetch(FILE, mirror=server.url)


def test_what_is_put_there_by_hand_is_checked() -> None:
    file = weight_file("mobilenet_v3_small", top=True)
    with pytest.raises(InputError, match="are not in the cache\n  help: fetch it with `modelc zoo fetch mobilenet_v3"):
        fetched_path("mobilenet_v3_small", top=True)
    weights_folder().mkdir(parents=True)
    file.cached.write_bytes(b"\x89HDF\r\n\x1a\n".ljust(file.least_bytes + 10))
    with pytest.raises(FileFormatError, match="is not the file that Keras publishes: its digest is"):
        fetched_path("mobilenet_v3_small", top=True)
    file.cached.write_bytes(b"")
    assert "less than its" in str(problem_of(file, file.cached))


# --- several at once


def _fetch_in_process(url: str, outcomes: Any) -> None:
    try:
        outcomes.put(fetch(FILE, mirror=url, on_wait=lambda: outcomes.put("waits")).read_bytes() == CONTENT)
    except ModelcError as error:
        outcomes.put(str(error))


def test_two_processes_download_once(server: Server) -> None:
    server.gate = threading.Event()
    context = multiprocessing.get_context("spawn")
    outcomes = context.Queue()
    processes = [context.Process(target=_fetch_in_process, args=(server.url, outcomes)) for _ in range(2)]
    for process in processes:
        process.start()
    assert outcomes.get(timeout=120) == "waits"
    server.gate.set()
    assert [outcomes.get(timeout=60) for _ in processes] == [True, True]
    for process in processes:
        process.join(30)
    assert len(server.asked) == 1
