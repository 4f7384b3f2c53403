"""The page that a driver opens by the code on a pass."""
