"""The bare python-telegram-bot echo bot that ours is measured beside: `python -m tests.bench.echo`.

It polls, or with WEBHOOK_URL has updates delivered, each by what the library brings for it. BENCH_CONCURRENT
says how many updates it takes at a time, 0: one after the other.
"""

import os

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say the same."""
    assert update.message
    await update.message.reply_text(update.message.text or "")


def main() -> None:
    """Answer until a signal comes."""
    application = (
        Application.builder()
        .token(os.environ["TELEGRAM_BOT_TOKEN"])
        .base_url(f"{os.environ['TELEGRAM_API_URL']}/bot")
        .concurrent_updates(int(os.environ["BENCH_CONCURRENT"]) or False)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    if url := os.environ.get("WEBHOOK_URL"):
        application.run_webhook(
            os.environ["HOST"],
            int(os.environ["PORT"]),
            webhook_url=url,
            secret_token=os.environ["WEBHOOK_SECRET"],
            max_connections=100,
            allowed_updates=Update.ALL_TYPES,
        )
    else:
        application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
