"""A threat in the many forms that Spanish has for it.

A law that forbids "te vamos a embargar" means whoever says it, to whomever: "lo voy a embargar",
"vamos a embargarles", "se le embargará", "su casa será embargada". What others did or may do is no
threat: "me embargaron", "un juez puede ordenar un embargo".
"""

import re

# "te vamos a embargar", "vamos a embargarlo": how a profile names a threat.
_NAMED = re.compile(r"(?:\w+ )?vamos a (\w+[aei]r)(?:te|l[aeo]s?)?")
_THEM = "(?:te|l[aeo]s?)"
_BY_US = (
    "(?:voy a|ire a|vamos a|iremos a|podemos|puedo|tenemos que|tendremos que|"
    "procedemos a|procederemos a) (?:mandar |proceder a |tener que )?"
)
_BY_OTHERS = "(?:va a|van a|ira a|iran a|procedera a|procederan a) "
_WE_DO = {"ar": "amos", "er": "emos", "ir": "imos"}
_IT_IS_DONE = {"ar": "ad[ao]s?", "er": "id[ao]s?", "ir": "id[ao]s?"}


def threat_pattern(term: str) -> str | None:
    """Return a regular expression for every form of a threat; None for other terms.

    It is read alike by Python and by JavaScript, and meant for plain words: small, without accents,
    one space between them. Forms are those of regular verbs. The present is only that of "we":
    without accents "lo embargo" is "lo embargó", what somebody else did.
    """
    named = _NAMED.fullmatch(term)
    if named is None:
        return None
    verb = named[1]
    stem, ending = verb[:-2], verb[-2:]
    to_them = f"{verb}(?:se)?{_THEM}"
    forms = (
        f"{_BY_US}(?:{verb}|{to_them})",  # lo vamos a embargar, voy a embargarlo
        f"{verb}e(?:mos)?",  # embargaré, embargaremos
        f"(?:se|{_THEM}) {_BY_OTHERS}{verb}",  # se le va a embargar, lo van a embargar
        f"{_BY_OTHERS}{to_them}",  # van a embargarlo
        f"(?:se|{_THEM}) {verb}an?",  # se le embargará, lo embargarán
        f"{_THEM} {stem}{_WE_DO[ending]}",  # si no paga, lo embargamos
        f"(?:vas?|van) a ser {stem}{_IT_IS_DONE[ending]}",
        f"sera[ns]? {stem}{_IT_IS_DONE[ending]}",  # su casa será embargada
    )
    return f"(?:^| )(?:{'|'.join(forms)})(?= |$)"
