"""What a clerk can do, synchronous and without a screen."""
