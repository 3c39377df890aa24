"""lemans-bot: answers questions about the series “Le Mans: Racing is everything” from a curated FAQ."""
