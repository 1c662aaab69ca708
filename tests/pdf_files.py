"""PDF files written by hand: of one page, with what a program may have put into it."""


def pdf(content: bytes, *others: bytes, title: str | None = None) -> bytes:
    """A PDF file of one page with some content, and what that refers to, from object 6 on.

    The font of its text is F. Without a title there is none, which is not the same as an empty one.
    """
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>",
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *others,
    ]
    info = b""
    if title is not None:
        objects.append(b"<</Title(%b)>>" % title.replace("(", "\\(").replace(")", "\\)").encode())
        info = b"/Info %d 0 R" % len(objects)
    written, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(written)
    count = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n"
        b"<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF" % (count, table, count, info, start)
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """An object with some content, and its entries."""
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content)


def text_pdf(text: str, title: str | None = None) -> bytes:
    """A PDF file of one line of text."""
    return pdf(stream(b"BT /F 12 Tf 50 700 Td (%b) Tj ET" % text.encode()), title=title)
