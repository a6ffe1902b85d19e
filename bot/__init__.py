"""The assistant's own code; `knowledge/` holds what it says, `data/` how people speak to it."""
