"""A simulation: a hundred thousand claims against a real order book, in memory, and who ends up bearing what.

Start at running.simulate(). `book` reads the orders, `sellers` and `losses` draw what they do not say from one seed,
`shop` keeps one seller's claims under the real rules (decide(), clocks, journal entries; no database), `life` lets
time pass in it, `parties` and `office` are the people, `figures` count, `table` writes them down. Sellers share
nothing, so that each lives by itself, in any process.
"""
