"""What the bot knows: documents, how they are read, and the passages that they fall into."""
