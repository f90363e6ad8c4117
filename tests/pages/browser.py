"""A headless Chromium, driven over a pipe by its DevTools protocol, with pages that have no network."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

PROGRAM = next((p for n in ("chromium", "chromium-browser", "google-chrome", "chrome") if (p := shutil.which(n))), None)
"""The browser; None where none is installed."""

_KEYS = {
    "ArrowDown": 40,
    "ArrowUp": 38,
    "ArrowLeft": 37,
    "ArrowRight": 39,
    "Enter": 13,
    "Escape": 27,
    "Home": 36,
    "End": 35,
}


class BrowserError(Exception):
    """What the browser could not do, or an exception of a page's script."""


class Browser:
    """A browser with one page, as one connection."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = commands
        self._answers = os.fdopen(answers, "rb")
        self._number = 0
        self._session: str | None = None
        self.told: list[str] = []
        """What pages wrote to the console, exceptions and refused requests among them."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        """End the browser."""
        self._session = None
        with suppress(OSError, BrowserError):
            self.call("Browser.close")
        self._answers.close()
        os.close(self._commands)

    def call(self, method: str, **params: Any) -> Any:
        """The result of a method of the protocol."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        data = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            if not byte:
                raise BrowserError("the browser has ended")
            data += byte
        answer = json.loads(data)
        params = answer.get("params", {})
        match answer.get("method"):
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.told.append(details.get("exception", {}).get("description") or details["text"])
            case "Log.entryAdded":
                self.told.append(params["entry"]["text"])
            case "Runtime.consoleAPICalled":
                self.told.append(" ".join(str(one.get("value")) for one in params["args"]))
            case "Network.requestWillBeSent" if not params["request"]["url"].startswith(("file:", "data:", "about:")):
                self.told.append(f"requested {params['request']['url']}")
            case _:
                pass
        return answer

    def open(self, path: Path, width: int = 1280, height: int = 800, *, dark: bool = False) -> None:
        """Show a file in a window of this size, and wait until it is drawn."""
        self.resize(width, height)
        media = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=media)
        self.told.clear()
        self.call("Page.navigate", url=path.absolute().as_uri())
        self.run("new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))")
        self.drawn()

    def resize(self, width: int, height: int) -> None:
        """Give the window this size."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def drawn(self) -> None:
        """Wait for the frames that are due."""
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))")

    def run(self, script: str) -> Any:
        """The value of an expression in the page. Raises `BrowserError` where it throws."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise BrowserError(result["exceptionDetails"].get("exception", {}).get("description", "an exception"))
        return result["result"].get("value")

    def text(self, selector: str) -> str:
        """The text of the first such element."""
        return self.run(f"document.querySelector({json.dumps(selector)}).innerText")

    def texts(self, selector: str) -> list[str]:
        """The texts of all such elements."""
        return self.run(f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.innerText)")

    def click(self, x: float, y: float, count: int = 1) -> None:
        """Press and release the mouse at a place in the window."""
        for i in range(1, count + 1):
            for type in ("mousePressed", "mouseReleased"):
                self.call("Input.dispatchMouseEvent", type=type, x=x, y=y, button="left", buttons=1, clickCount=i)
        self.drawn()

    def click_on(self, selector: str) -> None:
        """Click in the middle of the first such element."""
        box = self.run(
            f"(({{left, top, width, height}}) => [left + width / 2, top + height / 2])"
            f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())"
        )
        self.click(*box)

    def press(self, *keys: str) -> None:
        """Press keys one after the other: letters, or names such as `ArrowDown`."""
        for key in keys:
            plain: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": _KEYS.get(key, ord(key[0].upper()))}
            if len(key) == 1:
                plain["text"] = key
            self.call("Input.dispatchKeyEvent", type="keyDown", **plain)
            self.call("Input.dispatchKeyEvent", type="keyUp", **plain)
        self.drawn()

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.call("Input.insertText", text=text)
        self.drawn()

    def screenshot(self) -> bytes:
        """The window as PNG."""
        return b64decode(self.call("Page.captureScreenshot", format="png")["data"])


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser with a profile of its own, that ends with the block."""
    assert PROGRAM is not None
    their_end, commands = os.pipe()
    answers, their_answers = os.pipe()
    with tempfile.TemporaryDirectory() as profile:
        # The protocol takes the descriptors 3 and 4.
        shell = f'exec 3<&{their_end} 4>&{their_answers}; exec "$@"'
        process = subprocess.Popen(
            ["bash", "-c", shell, "bash", PROGRAM, "--headless=new", "--remote-debugging-pipe", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
             "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}"],
            pass_fds=(their_end, their_answers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(their_end)
        os.close(their_answers)
        one = Browser(commands, answers)
        try:
            yield one
        finally:
            one.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


if __name__ == "__main__":  # python -m tests.pages.browser PAGE PICTURE [WIDTH HEIGHT [dark]]
    with browser() as shown:
        size = [int(one) for one in sys.argv[3:5]]
        shown.open(Path(sys.argv[1]), *size, dark="dark" in sys.argv[5:])
        Path(sys.argv[2]).write_bytes(shown.screenshot())
        print("\n".join(shown.told), file=sys.stderr)


def pixels(browser: Browser) -> np.ndarray:
    """What the window shows: (height, width, 3)."""
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(browser.screenshot())).convert("RGB")).astype(int)
