"""The Discord bot: questions from channels, answers with their sources."""
