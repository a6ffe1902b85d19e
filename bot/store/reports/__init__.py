"""What happened in a period, counted in the database and shown on one page that opens from a file."""
