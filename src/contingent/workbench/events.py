"""What is a page that stays open told, without asking: somebody's change, and how far the runs are?

Server-sent events.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from contingent.workbench.desk import Desk

PATIENCE = 0.4  # seconds between two looks for something new


async def events(request: Request, desk: Desk, draft: str, times: int) -> AsyncIterator[bytes]:
    """What a page that stays open is told, so many times: the draft's last entry, and how far its runs are."""
    last = ""
    for place in range(times):
        if await request.is_disconnected():
            return
        await asyncio.sleep(PATIENCE if place else 0)
        jobs = await run_in_threadpool(desk.jobs.all, draft)
        seq = await run_in_threadpool(desk.registry.latest, draft)
        told = json.dumps({"seq": seq, "jobs": jobs})
        yield f"data: {told}\n\n".encode() if told != last else b": still here\n\n"
        last = told
