"""What the commands for staff are made of: knowledge base, encoder, store and Rasa put together."""
