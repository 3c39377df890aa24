"""A small vocabulary in two languages, for tests of words and of their spelling."""

from bot.vocabulary import Vocabulary

SENTENCES = [
    "wann startet die serie",
    "wann startet das rennen",
    "wie lang ist eine folge",
    "wie lange dauert die serie",
    "before the race can finish",
    "where is it",
    "when is it",
    "is it fur kids",
    "laufzeit pro folge",
]
KNOWN = Vocabulary(sentence.split() for sentence in SENTENCES)
