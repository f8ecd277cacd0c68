"""How a contract was built: what its printed account says, gathered from what is true today. Only reads."""
