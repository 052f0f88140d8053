"""Who may write to standard output: nobody, while a library that greets there is being loaded or made.

Redirection of the process's own descriptors.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

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
