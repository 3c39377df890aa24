"""`python -m bot` is the command `lemans-bot`."""

from bot.cli import main

if __name__ == "__main__":
    main()
