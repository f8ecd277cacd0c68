"""The life of a contract: its dates and stages, its changes, its follow-up, its end, what its parties disagree about."""
