"""A reader in front of a page: moves the pointer, presses keys, looks. Chromium is driven through its own pipe.

Chrome DevTools Protocol over `--remote-debugging-pipe`: messages in JSON, ended by a nought, on descriptors 3 and 4.
"""

import json
import os
import subprocess
from contextlib import contextmanager

KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39}


class Reader:
    """One page in one browser; `see` evaluates JavaScript, everything else is what a hand would do."""

    def __init__(self, into, out):
        self.into, self.out, self.last, self.page = into, out, 0, None

    def ask(self, method, **params):
        self.last += 1
        told = {"id": self.last, "method": method, "params": params} | ({"sessionId": self.page} if self.page else {})
        os.write(self.into, json.dumps(told).encode() + b"\0")
        while True:
            answer = json.loads(self._message())
            if answer.get("id") == self.last:
                assert "error" not in answer, (method, answer)
                return answer["result"]

    def _message(self):
        found = bytearray()
        while not found.endswith(b"\0"):
            piece = self.out.read(1)
            assert piece, "the browser has gone"
            found += piece
        return bytes(found[:-1])

    def open(self, address, width, height, **media):
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.page = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": name.replace("_", "-"), "value": value} for name, value in media.items()]
        self.ask("Emulation.setEmulatedMedia", features=features)
        self.ask("Page.enable")
        self.ask("Page.navigate", url=address)
        self.see("new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))")

    def see(self, expression):
        asked = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in asked, asked
        return asked["result"].get("value")

    def point(self, selector):
        """Bring an element into view and lay the pointer on it."""
        self.see(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        box = self.see(f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getClientRects()[0];"
                       "return [b.left + b.width / 2, b.top + b.height / 2]; })()")  # fmt: skip
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=box[0], y=box[1])
        return box

    def away(self):
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=1)

    def press(self, key, *, shift=False):
        told = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key], "modifiers": 8 * shift}
        text = {"text": "\r"} if key == "Enter" else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", **told, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **told)


@contextmanager
def reading(program, flags, file, folder, *, width=1200, height=900, **media):
    """A reader of a file, at a width and with a reader's own settings (`prefers_color_scheme="dark"`)."""
    to_browser, from_us = os.pipe()
    to_us, from_browser = os.pipe()
    ends = (to_browser, from_browser)

    def descriptors():
        kept = [os.dup(end) for end in ends]  # out of the way, as 3 or 4 may be one of them
        for place, end in zip((3, 4), kept, strict=True):
            os.dup2(end, place)

    browser = subprocess.Popen(
        [program, *flags, f"--user-data-dir={folder}/hands", "--remote-debugging-pipe"],
        preexec_fn=descriptors, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for end in ends:
        os.close(end)
    with os.fdopen(to_us, "rb") as out:
        reader = Reader(from_us, out)
        try:
            reader.open(file.as_uri(), width, height, **media)
            yield reader
            reader.page = None
            reader.ask("Browser.close")
        finally:
            os.close(from_us)
            browser.kill()
            browser.wait(30)
