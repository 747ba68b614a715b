"""Work done one step ahead in a thread: the next batch is read and checked while the database stores this one."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from queue import Empty, Full, Queue
from typing import TypeVar

T = TypeVar("T")

_DONE = object()


def ahead(items: Iterable[T], *, steps: int = 2) -> Iterator[T]:
    """The same items, produced in a thread up to `steps` ahead of their use. What the producer raises is raised
    here, after all items before it. When the reader stops early, so does the thread."""
    queue: Queue[object] = Queue(maxsize=steps)
    stopped = threading.Event()

    def produce() -> None:
        try:
            for item in items:
                if not _put(queue, item, stopped):
                    return
            _put(queue, _DONE, stopped)
        except BaseException as wrong:  # whatever it is, it belongs to the reader
            _put(queue, _Raised(wrong), stopped)

    thread = threading.Thread(target=produce, name="import-ahead", daemon=True)
    thread.start()
    try:
        while (item := queue.get()) is not _DONE:
            if isinstance(item, _Raised):
                raise item.wrong
            yield item  # type: ignore[misc]  # the queue also carries the two signs handled above
    finally:
        stopped.set()
        _drain(queue)
        thread.join()


class _Raised:
    def __init__(self, wrong: BaseException) -> None:
        self.wrong = wrong


def _put(queue: Queue[object], item: object, stopped: threading.Event) -> bool:
    while not stopped.is_set():
        try:
            queue.put(item, timeout=0.2)
            return True
        except Full:
            continue
    return False


def _drain(queue: Queue[object]) -> None:
    while True:
        try:
            queue.get_nowait()
        except Empty:
            return
