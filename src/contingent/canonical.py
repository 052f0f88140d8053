"""How does one value have one spelling in bytes, so that equal content has equal hashes?

Canonical JSON.
"""

from __future__ import annotations

import json
from typing import Any


def canonical_json(value: Any, *, keep_order: bool = False) -> bytes:
    """JSON in UTF-8 whose bytes depend on nothing but the value: no spaces, no escapes but what JSON needs.

    With `keep_order` the order of keys is part of the value, as the order of gates is part of a process;
    otherwise keys are sorted.

    Raises:
        ValueError: a number that JSON does not have (infinity, not-a-number).
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=not keep_order, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "surrogatepass")
