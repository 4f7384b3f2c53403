"""The till's journal, its tape and the books made from them: the only home of the till's SQL."""
