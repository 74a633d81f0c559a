"""Sin señal: what the phone keeps of the pages, so that they open when nothing answers."""
