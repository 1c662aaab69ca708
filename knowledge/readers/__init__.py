"""One module for each file format; each offers `read(file)`, which yields the file's documents."""
