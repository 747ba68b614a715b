"""The marketplace's data comes in: orders, sellers, their payouts and their insurance are checked, reported, and
stored in bulk.

Start at `orders.load_file` and `orders.load_rows`; `sellers`, `disbursements`, `insurers` and `coverages` are its
siblings. Good rows load, each bad row is told with its number and every reason; doing it twice is doing it once.
"""
