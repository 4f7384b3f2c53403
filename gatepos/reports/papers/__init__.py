"""The papers of a range of days, a file each: rows out of the books, in the reader's words."""
