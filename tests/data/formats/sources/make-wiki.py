import hashlib
from xml.sax.saxutils import escape


def b36(n):
    s = ""
    while n:
        n, r = divmod(n, 36)
        s = "0123456789abcdefghijklmnopqrstuvwxyz"[r] + s
    return s.rjust(31, "0")


pages = []
pages.append(
    (
        "Hensdale Lime Kiln",
        0,
        11,
        204,
        "2022-05-14T08:31:07Z",
        "Mortarfan",
        7,
        "+ section on the owls",
        None,
        """{{Infobox building
| name     = Hensdale Lime Kiln
| image    = Hensdale kiln 1903.jpg
| built    = 1846
| height_m = 11.5
| owner    = {{nowrap|Hensdale Parish}}
}}
[[File:Hensdale kiln 1903.jpg|thumb|upright=1.2|The kiln in 1903, with the [[Incline railway (Hensdale)|incline]] behind it]]
The '''Hensdale Lime Kiln''' is a disused [[lime kiln]] at the end of [[Quarry Lane, Hensdale|Quarry Lane]]. It was built in 1846 by the mason ''Enoch Tarrant'' and burned its last load of stone in 1931.<ref>{{cite book|last=Garrick|first=Leopold|title=Stone, Steam and Starlings|year=2015|page=42}}</ref>

== Construction ==
The kiln is {{convert|11.5|m|ft}} high and has walls of sandstone that are two metres thick at the foot. The lining consists of 19,000 firebricks, which were brought by barge from [[Tern Point]].<ref name="bricks">The order for the bricks is kept in the parish chest.</ref>

=== The draw holes ===
Three ''draw holes'' face the river. The middle one is wider than the others, because a cart was meant to back into it.

== Working life ==
Four men worked at the kiln in shifts of twelve hours. A full load needed:
* 40 tonnes of limestone
* 9 tonnes of coal
** half of it from [[Wexcombe Colliery]]
* one barrel of cider for the men<ref name="bricks" />

{| class="wikitable sortable"
|+ Lime sold by year
! Year !! Tonnes !! Price per tonne
|-
| 1850 || 1,120 || 9 shillings
|-
| 1880 || style="text-align:right" | 2,345 || 7 shillings
|-
| 1925
| 310
| 21 shillings
|}

== Owls ==
Since 1987 a pair of [[barn owl]]s has nested in the flue. The naturalist '''Verity Osgood''' ringed fourteen young owls there in 2009.<!-- check the number --> See [https://owls.example/hensdale the owl diary] for pictures.

== References ==
{{reflist}}
{{DEFAULTSORT:Hensdale Lime Kiln}}
[[Category:Industrial buildings]]
[[Category:Hensdale]]
""",
    )
)
pages.append(
    (
        "Lime kiln of Hensdale",
        0,
        12,
        151,
        "2021-11-02T19:02:44Z",
        "Mortarfan",
        7,
        "redirect",
        "Hensdale Lime Kiln",
        "#REDIRECT [[Hensdale Lime Kiln]]\n\n{{R from alternative name}}\n",
    )
)
pages.append(
    (
        "Talk:Hensdale Lime Kiln",
        1,
        13,
        205,
        "2022-05-15T10:00:12Z",
        "Brickwise",
        9,
        "/* Height */ new section",
        None,
        """{{Talk header}}

== Height ==
I measured the kiln with a rope last week and got 12.1 metres, not 11.5. Should we change it? --[[User:Brickwise|Brickwise]] ([[User talk:Brickwise|talk]]) 10:00, 15 May 2022 (UTC)
:The parish survey says 11.5, and a rope stretches. --[[User:Mortarfan|Mortarfan]] 17:45, 15 May 2022 (UTC)
""",
    )
)
pages.append(
    (
        "Hensdale Marmalade",
        0,
        14,
        198,
        "2022-03-01T12:15:00Z",
        "Peel & Pith",
        15,
        "",
        None,
        """{{Short description|Preserve from Hensdale}}
'''Hensdale marmalade''' is a bitter [[marmalade]] of oranges and [[Sloe|sloes]]. The recipe was written down by '''Cordelia Plumb''' in 1911&nbsp;and won a silver medal at the [[Wexcombe Fair|fair of Wexcombe]] in 1924.<ref>''Wexcombe Courier'', 3 September 1924.</ref>

== Preparation ==
# Soak 2&nbsp;kg of oranges in cold tea for one night.
# Boil them with 600&nbsp;g of sloes until the peel is soft.
# Stir {{frac|1|2}} a glass of gin into the pot and fill the jars.

The jars are sealed with beeswax rather than paraffin; a jar keeps for about six years.

== Trade ==
;Makers
:The only maker today is the '''Plumb & Daughter''' bakery, which sells 2,600 jars a year.
;Price
:One jar cost £4.20 in 2021.

<gallery>
File:Marmalade jar.jpg|A jar of 1952
</gallery>
{{Hensdale|state=collapsed}}
[[Category:Hensdale]]
[[Category:Preserves|Hensdale]]
[[de:Hensdale-Marmelade]]
""",
    )
)
ns = [
    (-2, "Media"),
    (-1, "Special"),
    (0, None),
    (1, "Talk"),
    (2, "User"),
    (3, "User talk"),
    (4, "Hensdale Wiki"),
    (5, "Hensdale Wiki talk"),
    (6, "File"),
    (7, "File talk"),
    (8, "MediaWiki"),
    (9, "MediaWiki talk"),
    (10, "Template"),
    (11, "Template talk"),
    (12, "Help"),
    (13, "Help talk"),
    (14, "Category"),
    (15, "Category talk"),
]
o = [
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.mediawiki.org/xml/export-0.11/ http://www.mediawiki.org/xml/export-0.11.xsd" version="0.11" xml:lang="en">',
    "  <siteinfo>\n    <sitename>Hensdale Wiki</sitename>\n    <dbname>hensdalewiki</dbname>\n    <base>https://wiki.seeds.example/wiki/Main_Page</base>\n    <generator>MediaWiki 1.39.3</generator>\n    <case>first-letter</case>\n    <namespaces>",
]
for k, n in ns:
    o.append(
        '      <namespace key="%d" case="first-letter"%s'
        % (k, " />" if n is None else ">%s</namespace>" % n)
    )
o.append("    </namespaces>\n  </siteinfo>")
for t, n, pid, rid, ts, u, uid, c, red, txt in pages:
    txt = txt.strip()
    sha = b36(int(hashlib.sha1(txt.encode()).hexdigest(), 16))
    o.append(
        "  <page>\n    <title>%s</title>\n    <ns>%d</ns>\n    <id>%d</id>" % (escape(t), n, pid)
    )
    if red:
        o.append('    <redirect title="%s" />' % escape(red))
    o.append(
        "    <revision>\n      <id>%d</id>\n      <parentid>%d</parentid>\n      <timestamp>%s</timestamp>\n      <contributor>\n        <username>%s</username>\n        <id>%d</id>\n      </contributor>"
        % (rid, rid - 40, ts, escape(u), uid)
    )
    if c:
        o.append("      <comment>%s</comment>" % escape(c))
    o.append(
        '      <origin>%d</origin>\n      <model>wikitext</model>\n      <format>text/x-wiki</format>\n      <text bytes="%d" sha1="%s" xml:space="preserve">%s</text>\n      <sha1>%s</sha1>\n    </revision>\n  </page>'
        % (rid, len(txt.encode()), sha, escape(txt, {'"': "&quot;"}), sha)
    )
o.append("</mediawiki>\n")
open("wiki.xml", "w").write("\n".join(o))
