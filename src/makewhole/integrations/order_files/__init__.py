"""Files of orders and sellers as marketplaces export them: CSV, JSON Lines, Parquet, in anybody's columns.

Start at `tables.open_table`, which reads a file as batches of raw text columns; `mapping` says which column is which
of our fields, and `arrange` turns a batch into those fields. Whether a value makes sense is not asked here.
"""
