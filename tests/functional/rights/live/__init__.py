"""A server of its own for the rights of sockets."""
