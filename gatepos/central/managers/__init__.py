"""The pages of managers, auditors and administrators: an application of its own, on a port of its own."""
