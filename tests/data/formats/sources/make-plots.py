import sys
from xml.sax.saxutils import escape

NS = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'


def fods(path, name, lang, country, rows):
    o = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<office:document %s office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        % NS,
        '<office:automatic-styles><number:number-style style:name="N1" number:language="%s" number:country="%s"><number:number number:decimal-places="1" number:min-decimal-places="1" number:min-integer-digits="1"/></number:number-style><style:style style:name="dec" style:family="table-cell" style:data-style-name="N1"/></office:automatic-styles>'
        % (lang, country),
        '<office:body><office:spreadsheet><table:table table:name="%s">' % name,
    ]
    for r in rows:
        o.append("<table:table-row>")
        for c in r:
            if isinstance(c, float):
                o.append(
                    '<table:table-cell table:style-name="dec" office:value-type="float" office:value="%s"/>'
                    % c
                )
            elif isinstance(c, int):
                o.append('<table:table-cell office:value-type="float" office:value="%d"/>' % c)
            else:
                o.append(
                    '<table:table-cell office:value-type="string">'
                    + "".join("<text:p>%s</text:p>" % escape(p) for p in c.split("\n"))
                    + "</table:table-cell>"
                )
        o.append("</table:table-row>")
    o.append("</table:table></office:spreadsheet></office:body></office:document>\n")
    open(path, "w").write("\n".join(o))


fods(
    "plots.fods",
    "Plots",
    "en",
    "GB",
    [
        ["Plot number", "Gardener", "Crop", "Area in m2", "Remarks"],
        [3, "Hawthorne, Emmeline", "Runner beans", 42.5, "shares the tap with plot 4"],
        [4, "Dario Castellan", "Beetroot, chard and spinach", 38.0, ""],
        [7, "Nkechi Abara", "Purple potatoes", 61.3, "wire fence against badgers"],
        [
            9,
            "Oskar Bruun",
            "Sweet peas",
            17.8,
            "The bench belongs to plot 9.\nPlease do not move it.",
        ],
        [12, "Pemberton, Alice and Hugh", "Asparagus", 55.0, "bed planted in 2011"],
        [15, "Tomasz Wilk", 'Garlic "Iron Duke"', 29.4, "first prize at the 2022 show"],
        [18, "Fatima Benyahia", "Artichokes", 73.6, "largest plot on the hill"],
        [21, "Siobhan Rafferty", "Strawberries", 24.9, "nets must stay on until July"],
    ],
)
fods(
    "plots-semicolon.fods",
    "Parzellen",
    "de",
    "DE",
    [
        ["Parzelle", "Pächter", "Kultur", "Fläche in m²", "Pacht in Euro"],
        [2, "Grünwald; Jörg", "Stangenbohnen", 48.5, 36.4],
        [5, "Käthe Überreiter", "Rote Bete", 31.2, 23.4],
        [6, "Mehmet Özkan", "Auberginen", 27.8, 20.9],
        [8, "Familie Strößner", "Kartoffeln „Blaue Anneliese“", 92.7, 69.5],
        [11, "Liesel Höfer", "Rhabarber", 19.6, 14.7],
        [14, "Veit Nägele", "Erdbeeren", 54.3, 40.7],
        [16, "Anneke Jürgens", "Grünkohl", 66.1, 49.6],
        [20, "Ruprecht Weiß", "Schwarzwurzeln", 35.9, 26.9],
    ],
)
