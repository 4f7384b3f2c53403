"""Statements as providers export them: bytes in, a typed statement or a named error out."""
