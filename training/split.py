"""What the reader learns from, and what is kept for the weights over it and for figures."""

# Every other manual that has questions which were written blind.
KEPT_MANUALS = ("bash", "borg", "cmake", "gnucash", "kicad", "node", "pytest", "sqlalchemy")

# Every other article of SQuAD 2.0's development set, in order; XQuAD has the same articles.
KEPT_ARTICLES = (
    "Computational_complexity_theory",
    "Force",
    "Harvard_University",
    "Immune_system",
    "Islamism",
    "Packet_switching",
    "Steam_engine",
    "Yuan_dynasty",
)


def is_kept_faq(question: str) -> bool:
    """Whether a question of StackFAQ, as "sf12-3", is of an odd document."""
    return int(question.removeprefix("sf").partition("-")[0]) % 2 == 1
