"""Keys, signatures, tokens and PINs: the only home of cryptography."""
