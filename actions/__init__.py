"""Rasa's custom actions, one a file, each named as Rasa knows it."""
