"""The commands of `gatepos till run`: JSON objects in and out, through the same rooms as the screen."""
