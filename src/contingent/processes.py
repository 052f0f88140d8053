"""What does a process owe to the others: silence while libraries greet, an end when it is asked to, or its parent ends?

Redirection of the process's own descriptors, signals, and the watch of a worker over its parent.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from contingent.errors import RunError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_ONE_AT_A_TIME = Lock()  # descriptors belong to the whole process


@contextmanager
def muted() -> Iterator[None]:
    """Keep whatever writes to the descriptors 1 and 2 meanwhile, past Python, from reaching anybody.

    Some releases of HiGHS greet on standard output as they are constructed, before an option can say otherwise, and one
    line there spoils an answer in JSON. A descriptor that is closed stays closed.
    """
    with _ONE_AT_A_TIME:
        flush_c()  # what C has kept back until now is said
        opened = [os.open(os.devnull, os.O_WRONLY)]
        while opened[-1] <= 2:  # a closed descriptor is filled meanwhile, or a copy of another would take its place
            opened.append(os.open(os.devnull, os.O_WRONLY))
        kept = {descriptor: os.dup(descriptor) for descriptor in (1, 2) if descriptor not in opened}
        try:
            for descriptor in kept:
                os.dup2(opened[-1], descriptor)
            yield
        finally:
            flush_c()
            for descriptor, before in kept.items():
                os.dup2(before, descriptor)
                os.close(before)
            for descriptor in opened:
                os.close(descriptor)


def flush_c() -> None:
    """Write out what libraries in C still hold."""
    (ctypes.CDLL("ucrtbase") if sys.platform == "win32" else ctypes.CDLL(None)).fflush(None)


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM), as by a key."""


def end_when_asked() -> None:
    """Let SIGTERM unwind what is under way as an interrupt from the keyboard does; not where others handle it."""

    def asked(*_: Any) -> None:
        raise Terminated

    with suppress(ValueError):  # not the main thread: whoever started this one decides
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, asked)


@contextmanager
def workers(count: int, begin: Callable[..., Any] = int, *given: Any) -> Iterator[ProcessPoolExecutor]:
    """So many processes, in each of which `begin(*given)` is called first; none outlives this one, however it ends.

    Raises:
        RunError: one of them was ended from outside.
    """
    import multiprocessing
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

    able = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in able else "spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_begun, initargs=(begin, *given)) as pool:
        try:
            yield pool
        except BrokenExecutor:
            raise RunError(
                "a worker process was ended from outside, most often for lack of memory; what was finished is "
                "kept: the same command with fewer --workers goes on"
            ) from None
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            raise


def _begun(begin: Callable[..., Any], *given: Any) -> None:
    """The first thing that a worker does: watch its parent, who, if it is killed, cannot end it."""
    from multiprocessing import parent_process

    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a key ends it without a word: its parent tells
    parent = parent_process()

    def watch() -> None:
        assert parent is not None
        parent.join()
        os._exit(1)

    if parent is not None:
        Thread(target=watch, daemon=True).start()
    begin(*given)
