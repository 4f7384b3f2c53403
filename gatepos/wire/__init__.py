"""The documents that tills and central exchange (FORMATS.md §5 and §6)."""
