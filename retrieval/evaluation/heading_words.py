"""The words of headings: what manuals tell people to do, and what they call their own parts."""

import re

from retrieval.text.tokens import terms

# What manuals tell people to do, as the verb; the heading has its form in -ing.
_TASKS = """
    access acquire activate add adjust adopt allow alter apply archive assign attach
    authenticate automate avoid back backport bind block boot bootstrap browse build bypass
    cache calculate call cancel capture catch change check choose clean clear clone close
    combine compare compile compose compress compute configure connect contact contribute
    control convert copy create crop customise customize cut deal debug declare decode decrypt
    define delete deliver deny deploy describe design destroy detect determine disable
    discover display document download draw duplicate edit embed enable encode encrypt enforce
    ensure escape establish evaluate execute exclude export expose extend extract fetch filter
    find fix flush forbid force format forward generate get grant group handle hide host
    identify ignore implement import improve include increase index inherit initialise
    initialize insert inspect install integrate interrupt invoke isolate join keep launch
    limit link list load localise localize lock log maintain make manage map mark match
    measure merge migrate minimise minimize modify monitor mount move obtain open optimise
    optimize orphan override package parse pass paste patch pause perform pick place plot
    populate port prepare prevent print process profile prompt protect provide publish query
    quote read rebuild receive record recover redirect reduce refer register reject release
    reload remove rename render reorder repair repeat replace report request require reset
    resize resolve restart restore restrict retrieve return reuse rewrite rotate run sample
    save scale schedule search secure select send separate serve set share show shrink sign
    simplify skip sort specify split sponsor start stop store stream submit subscribe suppress
    switch test track transfer transform translate troubleshoot tune turn uninstall unpack
    update upgrade upload use validate verify view watch work wrap write zoom
    """
_DOUBLED = ("control", "embed", "forbid", "format", "refer", "reset", "submit", "transfer")
_SHORT = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")


def _in_ing(verb: str) -> str:
    """A verb in its form in -ing: "set" as "setting", "use" as "using"."""
    if verb in _DOUBLED or _SHORT.fullmatch(verb):
        return f"{verb}{verb[-1]}ing"
    return f"{verb[:-1] if verb.endswith('e') else verb}ing"


VERBS = {_in_ing(verb): verb for verb in _TASKS.split()}
"""The verbs by their forms in -ing."""

TASK_TERMS = frozenset(terms(_TASKS))
"""The verbs as terms."""

_GENERIC = """
    api argument attribut basic case chang code command concept configur content control
    convent data detail dialog document engin exampl featur field file filter format function
    guid implement inform instanc interfac introduct issu item library list matrix menu messag
    method mode modul name new note object option order output overview paramet part point
    problem procedur process program project propert queri question refer requir script
    section set setup softwar step string structur support sure syntax system tag
    templat test text thing tool type us usag user valu variabl version window work
    """
GENERIC = frozenset(_GENERIC.split())
"""The terms of a manual for its parts, which say nothing of what it is about."""

_SMALL = """
    a an and are as at be between but by can do does for from has have how if in into is it
    its not of off on or out over so than that the their then to up use used using via was
    when where which who why with without you your what should until after before while during
    about since through per against each more versus isn't doesn't don't can't won't aren't didn't
    """
SMALL = frozenset(_SMALL.split())
"""The words that are written small in titles too."""
