"""From text to terms: words, stems, stop words, related words."""
