"""What does a process owe to the others: silence while libraries greet, an end when it is asked to, or its parent ends?

Redirection of the process's own descriptors, signals, the watch of a worker over its parent; and a second process,
under limits, in which readers of files from elsewhere may take time and memory without end, or abort.
"""

from __future__ import annotations

import atexit
import ctypes
import faulthandler
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from math import ceil
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from contingent.errors import ContingentError, InputError, RunError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

SECONDS = 3  # of processor time for one file: a text of 390,000 characters takes half of it
MEMORY = 1_000_000_000  # bytes of data, that of the libraries included
Result = TypeVar("Result")
_ONE_AT_A_TIME = Lock()  # descriptors belong to the whole process
_ONE_QUESTION = Lock()  # the second process answers one at a time
_inside = False  # whether this is the second process, which starts no third
_START = "import sys; sys.path[:] = {!r}; from contingent.processes import serve; serve({!r})"


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


def content_of(
    file: Path, most: int = 64_000_000, hint: str = "name another file", error: type[Exception] = InputError,
    *, name: str = "",
) -> bytes:  # fmt: skip
    """What a file that a user names holds; it is called by its `name` where that tells more than its path.

    Raises:
        InputError (or `error`): there is none, it is no file but a folder, a pipe or a device (which may never end), it
            has more than `most` bytes, or cannot be read.
    """
    try:
        if (size := file.stat().st_size) > most:
            what = f"has {size / 1e6:,.0f} MB, of which {most / 1e6:,.0f} are read"
        elif file.is_file():
            return file.read_bytes()
        else:
            what = "is a folder, not a file" if file.is_dir() else "is a pipe or a device, not a file"
    except OSError as refused:
        what = f"cannot be read ({(refused.strerror or str(refused)).lower()})"
    raise error(f"{name or file}: {what}; {hint}")


def contained(name: str, work: Callable[..., Result], *given: Any) -> Result:
    """What some work on a file of that name comes to, done in a second process that may take SECONDS and MEMORY.

    The process serves all such work, is replaced once it ended, and ends with this one.

    Raises:
        InputError: it took more, or made the process abort.
        Exception: what the work itself raises.
    """
    if _inside:
        return _plainly(work, *given)
    with _ONE_QUESTION:
        helper = _helper(os.getpid())
        assert helper.stdin is not None  # both are pipes
        assert helper.stdout is not None
        try:
            pickle.dump((work, given), helper.stdin)
            helper.stdin.flush()
            done, found = pickle.load(helper.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            _end(helper)
            _helper.cache_clear()
            raise InputError(
                f"{name}: reading it takes more than {SECONDS} seconds or {MEMORY / 1e6:,.0f} MB, which nothing of its "
                "kind should; save what you need of it in a smaller or plainer file"
            ) from None
    if done:
        return found
    raise found


@cache
def _helper(process: int) -> Popen[bytes]:
    """The second process of one process: a fork has its own."""
    helper = Popen([sys.executable, "-c", _START.format(sys.path, SECONDS)], stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    atexit.register(_end, helper)
    return helper


def _end(helper: Popen[bytes]) -> None:
    with suppress(OSError), helper:
        helper.kill()


def serve(seconds: int) -> None:
    """Do what is asked on standard input, one piece of work after another, until it is closed."""
    global _inside
    _inside = True
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # whoever greets there spoils no answer
        while True:
            try:
                work, given = pickle.load(sys.stdin.buffer)
            except EOFError:
                return
            _limit(seconds)
            try:
                told = pickle.dumps((True, _plainly(work, *given)))
            except MemoryError:
                return
            except Exception as error:
                told = pickle.dumps((False, error))
            faulthandler.cancel_dump_traceback_later()
            answers.write(told)
            answers.flush()


def _plainly(work: Callable[..., Result], *given: Any) -> Result:
    """What some work comes to; an error that is not ours, which may not survive the way back, is a ValueError."""
    try:
        return work(*given)
    except (ContingentError, MemoryError):
        raise
    except Exception as error:
        raise ValueError(str(error) or type(error).__name__) from None


def _limit(seconds: int) -> None:
    """End this process once it has taken too much from now on: of the processor where that is counted, else by the
    clock, where others may be at work too.
    """
    faulthandler.dump_traceback_later(5 * seconds, exit=True)
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = ceil(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
        for kind, most in ((resource.RLIMIT_CPU, used + seconds), (resource.RLIMIT_DATA, MEMORY)):
            hard = resource.getrlimit(kind)[1]  # another's limit stays
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
