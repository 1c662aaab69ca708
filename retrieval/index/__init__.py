"""The index on disk: passages with their texts, found by words that they share with a question."""
