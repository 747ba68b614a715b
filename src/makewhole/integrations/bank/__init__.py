"""Files to and from a bank: orders out, answers in. words.py says what each format has to tell; read that first.

`iso20022/` writes pain.001 and reads pain.002, camt.054 and camt.053; `table/` reads a plain CSV file. answers.py looks
at a file's content and asks the one that can read it.
"""

from makewhole.integrations.bank.answers import read_answers
from makewhole.integrations.bank.words import Answer, Answers, Order, Payer, Run, account_fits, is_iban

__all__ = ["Answer", "Answers", "Order", "Payer", "Run", "account_fits", "is_iban", "read_answers"]
