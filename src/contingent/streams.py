"""Named random streams: the same (seed, run, name) gives the same numbers, whoever asks and in whatever order.

No option is ever part of the key, so every option meets the same luck (common random numbers).
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np


def key(name: str) -> int:
    """A 64-bit integer that stands for a stream's name, the same on every machine."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True, slots=True)
class Streams:
    """The random streams of one seed, and of one run if `run` is given.

    `Streams(seed, run)("mission.disarmament")` is a fresh generator at the start of that stream.
    """

    seed: int
    run: int | None = None

    def __call__(self, name: str) -> np.random.Generator:
        """A fresh generator at the start of the stream of that name."""
        entropy = [self.seed, key(name)] + ([] if self.run is None else [self.run + 1])
        return np.random.Generator(np.random.Philox(np.random.SeedSequence(entropy)))

    def counter_key(self, name: str) -> np.uint64:
        """A 64-bit key from which a compiled kernel may count its own numbers."""
        return np.uint64(np.random.SeedSequence([self.seed, key(name)]).generate_state(1, np.uint64)[0])
