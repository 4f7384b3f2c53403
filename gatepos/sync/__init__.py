"""The background job that pushes the journal to central and pulls what central says."""
