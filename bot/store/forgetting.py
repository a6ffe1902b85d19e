"""Removes everything that is stored of one conversation."""

from __future__ import annotations

from bot.store.keeper import shared_keeper
from bot.store.keys import conversation_key


def forget(sender: str) -> None:
    """Delete every row of a sender's conversation, from every table, memory and queue, at once.

    Raises:
        bot.store.database.DatabaseDown: when the database could not delete. Nobody may be told then that it is done;
            it is done as soon as the database is back.
    """
    shared_keeper().forget(conversation_key(sender))
