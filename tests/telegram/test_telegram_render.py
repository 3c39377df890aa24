"""Reply -> Telegram HTML and keyboards: whatever the text, Telegram takes it."""

from __future__ import annotations

from bothtml import parse, units
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reply import MAX_ACTION_BYTES, Button, Reply, Share
from bot.telegram import render
from bot.telegram.render import keyboard, to_html

TEXTS = st.text(st.characters() | st.sampled_from("*<>&\"'\n ;/ab🏁"), max_size=300)


def said(text: str) -> Reply:
    return Reply("answer", "en", text)


@given(TEXTS)
def test_every_text_reads_as_its_plain_form(text: str) -> None:
    plain, entities = parse(to_html(said(text)))
    assert plain == said(text.encode("utf-8", "replace").decode()).plain
    assert {entity["type"] for entity in entities} <= {"bold"}


@given(TEXTS, st.integers(2, 60))
@settings(max_examples=300)
def test_a_text_of_any_length_fits(text: str, times: int) -> None:
    plain, _ = parse(to_html(said(text * times * 10)))
    assert units(plain) <= render.TEXT_LIMIT


@given(st.text(st.characters()))
def test_units_are_utf_16_units(text: str) -> None:
    assert render.units(text) == units(text)


def test_bold_is_the_only_markup_and_all_else_is_escaped() -> None:
    assert to_html(said("*a & b* <c> 3*\ne")) == "<b>a &amp; b</b> &lt;c&gt; 3*\ne"


def test_a_text_that_fits_exactly_is_left_alone_and_a_longer_one_ends_at_a_word() -> None:
    assert parse(to_html(said("🏁" * 2048)))[0] == "🏁" * 2048
    long = "*Le Mans* " + "word " * 1000
    plain, entities = parse(to_html(said(long)))
    assert plain.endswith(" word …")
    assert 4080 < units(plain) <= 4096
    assert entities == [{"type": "bold", "offset": 0, "length": 7}]


def test_a_cut_inside_bold_closes_it() -> None:
    assert to_html(said(f"*{'x' * 5000}*")) == f"<b>{'x' * 4094}</b> …"


@given(st.lists(st.text(min_size=1, max_size=40), max_size=60))
def test_all_buttons_are_there_in_order_at_most_two_in_a_row(labels: list[str]) -> None:
    buttons = tuple(Button(label, f"answer:en:{number}") for number, label in enumerate(labels))
    markup = keyboard(Reply("answer", "en", "text", buttons=buttons))
    if not labels:
        assert markup is None
        return
    assert markup is not None
    rows = markup.inline_keyboard
    assert [(key.text, key.callback_data) for row in rows for key in row] == [
        (button.label, button.action) for button in buttons
    ]
    for row in rows:
        assert len(row) == 1 or (len(row) == 2 and all(len(key.text) <= render.HALF_ROW for key in row))
    assert all(len(button.action.encode()) <= MAX_ACTION_BYTES for button in buttons)


def test_the_other_language_and_sharing_stand_side_by_side_at_the_end() -> None:
    buttons = [Button(label, "a") for label in ("How long is one episode?", "Short one", "In English")]
    reply = Reply("answer", "de", "text", buttons=tuple(buttons), share=Share("Teilen", "wie lang"))
    markup = keyboard(reply)
    assert markup is not None
    assert [[key.text for key in row] for row in markup.inline_keyboard] == [
        ["How long is one episode?"],
        ["Short one"],
        ["In English", "Teilen"],
    ]
    assert markup.inline_keyboard[-1][1].switch_inline_query == "wie lang"
    without = keyboard(reply, sharing=False)
    assert without is not None
    assert "Teilen" not in str(without.inline_keyboard)
