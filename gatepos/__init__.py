"""An offline-first point of sale for the gates of national parks."""

__version__ = "0.1.0"
