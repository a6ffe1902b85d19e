"""`python -m bot`: what staff and operators type."""

from bot.cli import main

main()
