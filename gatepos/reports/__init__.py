"""Takings, registers and reconciliation: queries and matching that write nothing to the ledger."""
