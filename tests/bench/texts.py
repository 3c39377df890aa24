"""Made-up utterances: varied as people's are, no two alike, as many as wanted."""

from __future__ import annotations

import random
from itertools import accumulate

PER_ENTRY = 20
"""Utterances that ask for the same, as in a FAQ that grows by entries."""

SYLLABLES = [
    head + vowel + tail for head in "bdfgklmnprstvw" for vowel in "aeiou" for tail in ("", "n", "r", "s", "t")
]


def corpus(number: int) -> list[tuple[str, str]]:
    """`number` pairs of entry id and utterance, the same for the same number.

    Words are drawn as in any language, the commonest far more often than the rest (Zipf's law), from a
    vocabulary that grows with the root of the corpus; each entry has words of its own besides.
    """
    draw = random.Random(number)
    size = int(60 * number**0.5)
    lexicon: dict[str, None] = {}
    while len(lexicon) < size:
        lexicon["".join(draw.choices(SYLLABLES, k=draw.choice((1, 2, 2, 3, 3, 4))))] = None
    words = list(lexicon)
    weights = list(accumulate(1 / (rank + 3) for rank in range(size)))
    found: dict[str, str] = {}
    entry = 0
    while len(found) < number:
        own = draw.choices(words, k=6)
        for _ in range(PER_ENTRY):
            said = draw.choices(words, cum_weights=weights, k=draw.randint(2, 7)) + draw.sample(
                own, draw.randint(1, 3)
            )
            draw.shuffle(said)
            found.setdefault(" ".join(said), f"entry{entry}")
        entry += 1
    return [(owner, text) for text, owner in found.items()][:number]


def asked(pairs: list[tuple[str, str]], number: int) -> list[str]:
    """Questions like those of `pairs`: of each a word is left out, in every other one a letter is wrong."""
    draw = random.Random(1)
    questions = []
    for i, (_, text) in enumerate(draw.sample(pairs, min(number, len(pairs)))):
        words = text.split()
        words.pop(draw.randrange(len(words)))
        question = " ".join(words)
        if i % 2:
            at = draw.randrange(1, len(question))
            question = question[:at] + draw.choice("aeiou") + question[at + 1 :]
        questions.append(question)
    return questions
