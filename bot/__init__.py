"""Talking to people: the command line and, later, Discord."""
