"""Downloads a published file of weights: resumed where it was cut off, checked, and in its place only once it is whole.

What has arrived lies beside the file's place as `FILE.part`, and what identifies the version on the server (its strong
ETag) as `FILE.etag`. The next download asks for the rest, if the server still has that version. A lock lets one process
download while others wait for it.

urllib of the standard library serves: it takes proxies from the environment, and what is missing (ranges, retries,
bounds) is here. pooch, the usual helper, cannot resume.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from ssl import SSLError
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from modelc import __version__
from modelc.errors import DownloadError, InputError, StorageError
from modelc.system.file_locks import locked, sync_names
from modelc.zoo.pretrained import HOST, WeightFile, problem_of

MIRROR: Final = "MODELC_MIRROR"
"""The environment variable with the URL of a mirror."""

Progress = Callable[[int, int | None], None]
"""Told the bytes that have arrived and those of the whole file, or None where the server does not say."""

TIMEOUT_SECONDS = 30.0
"""How long a server may be silent."""
ATTEMPTS = 5
"""How often a download that makes no progress is tried, once the server has answered at all."""
PAUSE_SECONDS = 1.0
"""The pause before the second attempt; it doubles each time."""

_CHUNK = 2**18
_TEMPORARY = frozenset({408, 429, 500, 502, 503, 504})
"""Status codes of HTTP that another attempt may not meet."""
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


class _CutOffError(Exception):
    """The connection ended before the file did, or never began: another attempt may get further."""


class _NotResumableError(Exception):
    """What is on the disk is not a beginning of what the server has: the download starts over."""


def fetch(
    file: WeightFile,
    *,
    mirror: str | None = None,
    progress: Progress | None = None,
    on_wait: Callable[[], None] | None = None,
) -> Path:
    """The path of a published file in the cache, downloaded unless it is there.

    `mirror` is the URL below which the file is looked for instead of `HOST`; by default MODELC_MIRROR of the
    environment. Proxies are those of the environment (`https_proxy`, `no_proxy`). `on_wait` is called if another
    process is downloading the file, which this one then waits for. Raises `DownloadError` where the file cannot be had,
    `InputError` for an invalid mirror, and `StorageError` where it cannot be stored; what has arrived is kept and the
    next call goes on from there.
    """
    base = _base(os.environ.get(MIRROR) if mirror is None else mirror)
    with _storing(file), locked(file.cached.with_name(f"{file.cached.name}.lock"), on_wait=on_wait):
        if not file.cached.is_file() or problem_of(file, file.cached) is not None:
            _Download(file, base + file.path, progress or _silent).run()
    return file.cached


def _silent(done: int, total: int | None) -> None:
    """Tells nobody."""


def _base(mirror: str | None) -> str:
    """What comes before the path of a file."""
    if not mirror:
        return HOST
    try:
        parts = urlsplit(mirror)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise InputError("the mirror is no URL", _MIRROR_HELP) from None
    if parts.username is not None or parts.password is not None:
        raise InputError("the URL of a mirror must not contain a user name or a password", _MIRROR_HELP)
    if not valid or parts.query or parts.fragment or not mirror.isascii() or not mirror.isprintable() or " " in mirror:
        raise InputError(f"the mirror {mirror[:200]!r} is not a URL of http or https", _MIRROR_HELP)
    return mirror.rstrip("/") + "/"


_MIRROR_HELP = f"give --mirror, or {MIRROR} in the environment, such as https://mirror.example.org/keras"


class _Download:
    """One file on its way."""

    def __init__(self, file: WeightFile, url: str, progress: Progress) -> None:
        self._file = file
        self._url = url
        self._progress = progress
        self._part = file.cached.with_name(f"{file.file}.part")
        self._etag = file.cached.with_name(f"{file.file}.etag")
        self._total: int | None = None
        self._answered = False
        self._opener = build_opener(_Redirects)  # takes the proxies of the environment as they are now

    def run(self) -> None:
        """Download, check and rename. Raises as `fetch` does."""
        started_over = False
        while True:
            resumed = self._arrived() > 0
            if not self._is_whole():
                self._receive_all()
            problem = problem_of(self._file, self._part)
            if problem is None:
                break
            self._forget()
            if not resumed or started_over:  # a beginning of another version may have been the reason
                message = f"{self._url}: what arrived is not the file that Keras publishes: {problem}"
                raise DownloadError(message, f"try again later or another mirror, or {self._file.by_hand}")
            started_over = True
        os.replace(self._part, self._file.cached)
        self._etag.unlink(missing_ok=True)
        with suppress(OSError):
            sync_names(self._file.cached.parent)

    def _is_whole(self) -> bool:
        """Whether all had arrived when the last download was ended."""
        known = self._file.digest is not None and self._arrived() > 0
        return known and problem_of(self._file, self._part) is None

    def _receive_all(self) -> None:
        """Attempts until all has arrived; those that bring something do not count."""
        attempt, pause = 1, PAUSE_SECONDS
        while True:
            before = self._arrived()
            try:
                self._receive()
                return
            except _NotResumableError:
                self._forget()
                reason = "the server refuses to send any part of it"
            except _CutOffError as error:
                reason = str(error)
            if self._arrived() > before:
                attempt, pause = 1, PAUSE_SECONDS
            if attempt == ATTEMPTS or not self._answered:
                kept = self._arrived()
                message = f"{self._url}: cannot be downloaded: {reason}"
                note = (
                    f"; {kept:,} bytes are kept, and the next `{self._file.command}` goes on from there" if kept else ""
                )
                raise DownloadError(message + note, f"check the network and the proxy, or {self._file.by_hand}")
            time.sleep(pause)
            attempt, pause = attempt + 1, 2 * pause

    def _receive(self) -> None:
        """One request, for all or for the rest. Raises `_CutOffError` or `_NotResumableError`."""
        start = self._arrived()
        etag = self._known_etag() if start else ""
        if start and not etag and self._file.digest is None:  # nothing would tell whether two parts belong together
            self._forget()
            start = 0
        headers = {"User-Agent": f"modelc/{__version__}", "Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        if etag:
            headers["If-Range"] = etag
        with self._answer(Request(self._url, headers=headers)) as answer:
            start = self._begin(answer, start)
            with open(self._part, "ab" if start else "wb") as stream:
                self._copy(answer, stream, start)
                stream.flush()
                os.fsync(stream.fileno())

    @contextmanager
    def _answer(self, request: Request) -> Generator[HTTPResponse]:
        """The answer to a request, where it is one with content."""
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                self._answered = True
                yield answer
        except HTTPError as error:
            self._answered = True
            with error:
                self._refused(error)
        except URLError as error:
            raise _CutOffError(_reason(error.reason)) from None
        except (HTTPException, TimeoutError, ConnectionError, SSLError) as error:
            raise _CutOffError(_reason(error)) from None

    def _refused(self, error: HTTPError) -> None:
        if error.code == 416:
            raise _NotResumableError
        status = f"the server answers {error.code} {error.reason}"
        if error.code in _TEMPORARY:
            raise _CutOffError(status)
        raise DownloadError(f"{self._url}: {status}", f"give another --mirror, or {self._file.by_hand}")

    def _begin(self, answer: HTTPResponse, start: int) -> int:
        """The position from which the answer goes on; its size is checked before anything is written."""
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise DownloadError(f"{self._url}: the server sends it compressed", f"or {self._file.by_hand}")
        length = answer.headers.get("Content-Length", "")
        coming = int(length) if length.isascii() and length.isdigit() else None
        if answer.status == 206:
            range = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
            if range is None or int(range[1]) != start:
                raise _NotResumableError
            self._total = int(range[3]) if range[3] != "*" else None
        else:  # a server that knows no ranges, or has another version by now
            start, self._total = 0, coming
            self._remember_etag(answer.headers.get("ETag", ""))
        if self._total is not None:
            self._require_size(self._total)
            self._require_space(self._total - start)
        self._progress(start, self._total)
        return start

    def _copy(self, answer: HTTPResponse, stream: IO[bytes], done: int) -> None:
        while chunk := answer.read(_CHUNK):
            done += len(chunk)
            self._require_size(done, whole=False)
            stream.write(chunk)
            self._progress(done, self._total)
        if self._total is not None and done < self._total:
            raise _CutOffError(f"the connection ended after {done:,} of {self._total:,} bytes")

    def _require_size(self, size: int, *, whole: bool = True) -> None:
        """Raise for a file that is larger, or as a `whole` smaller, than the weights can be."""
        file = self._file
        if size > file.most_bytes or (whole and size < file.least_bytes):
            self._forget()
            raise DownloadError(
                f"{self._url}: is not the file that Keras publishes: the server sends "
                f"{'' if whole else 'more than '}{size:,} bytes, and its {file.parameters:,} parameters take "
                f"{file.least_bytes:,} to {file.most_bytes:,}",
                f"give another --mirror, or {file.by_hand}",
            )

    def _require_space(self, needed: int) -> None:
        free = shutil.disk_usage(self._part.parent).free
        if free < needed:
            raise OSError(errno.ENOSPC, f"{needed:,} bytes are to come, and {free:,} are free")

    # --- what has arrived

    def _arrived(self) -> int:
        try:
            return self._part.stat().st_size
        except FileNotFoundError:
            return 0

    def _known_etag(self) -> str:
        try:
            return self._etag.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            return ""

    def _remember_etag(self, etag: str) -> None:
        """Note the version that is on its way, where the server says so by a strong ETag."""
        if re.fullmatch(r'"[\x21\x23-\x7e]{1,200}"', etag):
            self._etag.write_text(etag, encoding="ascii")
        else:
            self._etag.unlink(missing_ok=True)

    def _forget(self) -> None:
        for left in (self._part, self._etag):
            left.unlink(missing_ok=True)


class _Redirects(HTTPRedirectHandler):
    """Follows redirects, but never from https to anything else."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        """The request for the new place."""
        scheme = urlsplit(newurl).scheme
        if scheme != "https" and (scheme != "http" or req.type == "https"):
            message = f"{req.full_url}: the server redirects from {req.type} to {newurl[:200]}, which is not followed"
            raise DownloadError(message, "give another --mirror")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _reason(error: object) -> str:
    """What a failed connection says, in a few words."""
    if isinstance(error, TimeoutError):
        return f"the server was silent for {TIMEOUT_SECONDS:g} s"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


@contextmanager
def _storing(file: WeightFile) -> Generator[None]:
    """Failures of the disk as `StorageError`s; the folder is made where there is none."""
    try:
        file.cached.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            message = f"{file.cached}: there is no space left for it"
            detail = f": {error.strerror}" if error.strerror != os.strerror(errno.ENOSPC) else ""
            help = "make room, or set MODELC_WEIGHTS_DIR to a folder on another disk; what has arrived is kept"
            raise StorageError(message + detail, help) from None
        where = error.filename or file.cached
        raise StorageError(f"{where}: {error.strerror or error}", "MODELC_WEIGHTS_DIR sets another folder") from None
