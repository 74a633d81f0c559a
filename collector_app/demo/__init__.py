"""The demo company: a real city, an invented cartera, three weeks of history."""
