"""Live pages: the only place of the product that knows sockets.

transport (engine) · sessions (who connects) · rooms (who may hear) · presence (who is
here) · inbound (what a socket may ask) · outbound (what a fact becomes) · relay (journal
to rooms) · sweep (rights that ended) · gateway (the only emit) · live (all of it, started).
"""
