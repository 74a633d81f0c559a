"""Convenios: what a client pays off by a schedule, within what each person may grant."""
