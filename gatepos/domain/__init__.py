"""The park's rules as pure values and functions."""
