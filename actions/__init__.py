"""Rasa's custom actions, one a file, each named as Rasa knows it."""

from bot import private_logging

# A separate action server (`rasa run actions`) loads nothing else that would keep patients' words out of its log.
private_logging.install()
