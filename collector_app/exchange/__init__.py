"""Import of the cartera from spreadsheets."""
