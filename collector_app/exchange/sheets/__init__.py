"""Spreadsheets of a creditor to typed rows; nothing is guessed in silence."""

from collector_app.exchange.sheets.reading import PortfolioReading, ReadSheet, read_portfolio
from collector_app.exchange.sheets.rows import ReadOptions

__all__ = ["PortfolioReading", "ReadOptions", "ReadSheet", "read_portfolio"]
