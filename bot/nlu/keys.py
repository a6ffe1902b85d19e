"""What the components write on a message for the ones after them."""

#: The message in several wordings: corrected whole first, then its sentences (list of str).
WORDINGS = "wordings"
#: One meaning vector a wording (numpy array).
VECTORS = "wording_vectors"
#: One vector a wording from the encoder's middle layer (numpy array).
MIDDLE = "middle_vectors"
#: The text with unknown words corrected.
CORRECTED = "corrected_text"
#: Share of words known to English or the knowledge base.
SHARE_KNOWN = "share_known"
#: How many words are hardly used in the knowledge base.
STRANGE_WORDS = "strange_words"
#: Whether the message names conditions and treatments, and says nothing else of them ("what is lupus").
ONLY_TERMS = "only_terms"
#: The red flag seen, or None; stands in the parsed message.
RED_FLAG = "red_flag"
#: The ranked answers and the decision; stands in the parsed message.
RANKING = "ranking"
#: How the message reads after what was said (bot.nlu.follow_up.Reading), or None.
READING = "reading"
