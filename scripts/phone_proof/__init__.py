"""The proof that phones lose nothing: real browsers and servers, and faults without end.

`faults` says what happens to phones, `course` when, `ledger` notes what each person was told to be
saved, and `verdict` looks for it in the office's database and in the phones by means of its own.
"""
