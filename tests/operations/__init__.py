"""What an operator relies on: metrics, logs, a stop that finishes what runs."""
