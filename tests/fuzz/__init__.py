"""Many hostile inputs at every public address. `FUZZ_INPUTS` says how many (3,000)."""
