"""How good the answers are: question sets, measures, statistics and reports."""
