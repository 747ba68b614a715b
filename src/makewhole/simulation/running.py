"""The simulation itself: sellers are drawn, share out the claims, and live in as many processes as are given.

Start at simulate(). A seller's life is a function of the seed and the seller, and figures are sums: so the table is the
same for a seed, whatever the number of processes.
"""

from __future__ import annotations

import multiprocessing
import os
import random
from collections.abc import Callable
from pathlib import Path

from makewhole.simulation.book import Shelf, read_book
from makewhole.simulation.figures import Figures
from makewhole.simulation.life import live
from makewhole.simulation.sellers import Seller, draw_seller

Task = tuple[Seller, dict[int, int], int]


def simulate(
    orders: Path, *, claims: int, seed: int, processes: int | None = None, progress: Callable[[int, int], None]
) -> Figures:
    """The figures of so many claims on this order book. Raises Unreadable where the folder holds no such book."""
    tasks = _tasks(read_book(orders), claims, seed)
    figures = Figures()
    done = 0
    progress(0, claims)
    with multiprocessing.Pool(processes or os.cpu_count() or 1) as pool:
        for count, found in pool.imap_unordered(_live, tasks, chunksize=1):
            figures.add(found)
            done += count
            progress(done, claims)
    return figures


def _tasks(book: list[Shelf], claims: int, seed: int) -> list[Task]:
    """Each line of the book gets the same number of claims; who gets one of the rest, the seed says. Large sellers
    first, so that no process waits for one at the end."""
    lines = sorted(sale.number for shelf in book for sale in shelf.sales)
    each, rest = divmod(claims, len(lines))
    more = set(random.Random(f"{seed}/rest").sample(lines, rest))
    asked = {number: each + (number in more) for number in lines}
    sellers = [draw_seller(number, shelf, seed, claims / len(lines)) for number, shelf in enumerate(book, start=1)]
    sellers.sort(key=lambda seller: -len(seller.shelf.sales))
    return [(seller, {sale.number: asked[sale.number] for sale in seller.shelf.sales}, seed) for seller in sellers]


def _live(task: Task) -> tuple[int, Figures]:
    seller, asked, seed = task
    return sum(asked.values()), live(seller, asked, seed)
