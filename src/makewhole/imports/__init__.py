"""The marketplace's data comes in: rows of orders and sellers are checked, reported, and stored in bulk.

Start at `orders.load_file` and `orders.load_rows`; `sellers` is its sibling. Good rows load, each bad row is told
with its number and every reason; doing it twice is doing it once.
"""
