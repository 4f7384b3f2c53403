"""The receiving service: takes in the journals of all tills of all parks."""
