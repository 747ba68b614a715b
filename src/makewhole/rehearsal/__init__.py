"""A rehearsal: real incident reports become claims against real orders, and years pass in a minute.

Start at running.rehearse(). `incidents` reads the reports, `orders` the orders, `drawing` draws what neither says
(who, how much, when) from one seed, `claimants` and `office` are the people, `outcome` makes the table, `promises`
checks what must hold at the end. Everything goes through the same write door as a page or the API.
"""
