"""Measures this assistant against Rasa's default assistant, in one run on one machine.

`python -m benchmarks` (or `make bench`) prints a table and writes benchmarks/results.md; docs/decisions/speed.md
says what is measured and what was done about it. Nothing here is imported by the assistant.
"""
