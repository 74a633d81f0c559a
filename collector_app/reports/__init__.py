"""Reports that are made by the worker, on time or when asked for, as PDF and XLSX."""
