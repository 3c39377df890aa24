"""Misspelt words, to choose how the vocabulary mends them (`bot.tuned.SPELLING`)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean

import numpy as np

from bot.faq import Faq, Language
from bot.spelling import Speller
from bot.text import stemmer, words
from bot.tuned import Spelling
from bot.vocabulary import NOTHING, Vocabulary
from evaluation.chance import beyond_chance

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

SOUNDS = (
    *("ei ie", "ie ei", "ck k", "ss s", "tt t", "ll l", "mm m", "nn n", "ai ei", "ou u", "ea ee", "ee ea"),
    *("f v", "v f", "d t", "t d", "c k", "z ts", "y i", "th t", "ph f"),
)
"""Spellings that sound alike: what is right, and what people write who go by ear."""

EACH = 1500
"""So many words of each sort, for each language."""

SHARES = (1.0, 0.02)
"""So much of the phrasings makes a vocabulary: the figures must serve large ones and small ones."""

GRID = {
    "usual": (0.1, 0.2, 0.3, 0.5),
    "slip": (6.0, 8.0, 10.0, 12.0),
    "floor": (-2.0, -1.6, -1.4, -1.2, -1.0, -0.8, -0.5),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word that the vocabulary does not know, between two others, and what was meant."""

    typed: str
    before: str
    after: str
    meant: str


def misspell(word: str, chance: random.Random) -> str:
    """`word` with one slip of the thumb or of the ear; a word of two letters or more."""
    at = chance.randrange(len(word) - 1)
    alike = [each.split() for each in SOUNDS if each.split()[0] in word]
    keys = [row[max(0, i - 1)] + row[i + 1 : i + 2] for row in KEYBOARD if (i := row.find(word[at])) >= 0]
    right, heard = chance.choice(alike) if alike else ("", "")
    slips: list[Callable[[], str]] = [
        lambda: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        lambda: word[:at] + word[at + 1 :],
        lambda: word[:at] + word[at] + word[at:],
        lambda: word[:at] + chance.choice(keys[0] if keys else word) + word[at + 1 :],
        lambda: word.replace(right, heard, 1) if alike else word[: at + 1] + word[at + 2 :],
    ]
    return chance.choices(slips, weights=(3, 2, 1, 1, 2))[0]()


def samples(language: Language, share: float) -> tuple[list[list[str]], list[Word], list[Word]]:
    """A share of three quarters of the phrasings to learn from; of the others, words misspelt or unknown."""
    chance = random.Random(24)
    texts = [words(utterance) for _, utterance in language.pairs]
    chance.shuffle(texts)
    cut = len(texts) // 4
    learnt = texts[cut : cut + round(share * (len(texts) - cut))]
    known = {word for text in learnt for word in text}
    misspelt, unforeseen = [], []
    for text in texts[:cut]:
        edged = [NOTHING, *text, NOTHING]
        for before, word, after in zip(edged[:-2], text, edged[2:], strict=True):
            if word not in known:
                unforeseen.append(Word(word, before, after, word))
            elif len(word) > 2 and word.isalpha() and (typed := misspell(word, chance)) not in known:
                misspelt.append(Word(typed, before, after, word))
    pick = random.Random(24).sample
    return learnt, pick(misspelt, min(EACH, len(misspelt))), pick(unforeseen, min(EACH, len(unforeseen)))


def best_spelling(faq: Faq, current: Spelling) -> Spelling:
    """The figures under which most misspelt words are mended and fewest right ones disturbed.

    They are the current ones unless others do better by more than chance.
    """
    trials = [current, *(Spelling(*figures) for figures in itertools.product(*GRID.values()))]
    worth: list[list[float]] = [[] for _ in trials]
    for language, share in itertools.product(faq.languages.values(), SHARES):
        texts, misspelt, unforeseen = samples(language, share)
        speller, stem = Speller(Vocabulary(texts)), stemmer(language.stemmer)

        def right(word: Word, stem: Callable[[str], str] = stem, known: Speller = speller) -> bool:
            found = known.resolve(word.typed, word.before, word.after) or [word.typed]
            return list(map(stem, found)) == [stem(word.meant)]

        for trial, values in zip(trials, worth, strict=True):
            speller.spelling = trial
            mended = [float(right(word)) for word in misspelt]
            kept = [float(right(word)) for word in unforeseen]
            values += mended + kept
            print(f"{language.code} {share} mended {mean(mended):.3f} left alone {mean(kept):.3f} {trial}")
    best = max(range(len(trials)), key=lambda i: sum(worth[i]))
    return trials[best] if beyond_chance(np.subtract(worth[best], worth[0])) else current
