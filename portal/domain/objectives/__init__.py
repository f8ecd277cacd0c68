"""The objectives of a contract: their tree, their sheets, their actions and how far they are."""
