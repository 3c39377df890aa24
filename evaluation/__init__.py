"""How well the bot answers, measured on labelled questions: `make eval`, `make tune`."""
