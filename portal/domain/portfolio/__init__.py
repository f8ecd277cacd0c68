"""What an authority follows: its contracts, side by side and never ranked."""
