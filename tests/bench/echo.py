"""The bare python-telegram-bot echo bot that ours is measured beside: `python -m tests.bench.echo`.

BENCH_CONCURRENT says how many updates it takes at a time, 0: one after the other.
"""

import os

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say the same."""
    assert update.message
    await update.message.reply_text(update.message.text or "")


def main() -> None:
    """Poll until a signal comes."""
    application = (
        Application.builder()
        .token(os.environ["TELEGRAM_BOT_TOKEN"])
        .base_url(f"{os.environ['TELEGRAM_API_URL']}/bot")
        .concurrent_updates(int(os.environ["BENCH_CONCURRENT"]) or False)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
