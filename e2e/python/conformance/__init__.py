"""Every operation, in every way that this client can ask it."""
