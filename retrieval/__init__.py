"""Finding passages and answering from them."""
