"""A day at the gate replayed through the real parts: the demonstration, the drill, the load."""
