"""Printers, drawers, scanners: what stands on the counter."""
