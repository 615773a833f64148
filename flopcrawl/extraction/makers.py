"""Who made a page's model: from the firmest kind of place to the loosest, the first that says it.

A label; words ("developed by", "X's most capable model", "由 X 研发"); a table; where a paper's authors work; the line
of copyright; the site that a page says it is of; whom to cite; the organization that the page's beginning is about; and
the account under which the model lies. ``flopcrawl/data/organizations.csv`` says which names are organizations'; none
stands here.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files

from flopcrawl.extraction.announcements import is_card
from flopcrawl.extraction.context import Page
from flopcrawl.extraction.names import parts, squeezed
from flopcrawl.extraction.subjects import Subjects, own_cells

DEVELOPER_LABEL = re.compile(
    r"(?:^|[\n|])[^\w\n]{0,6}(?:model )?(?:developers?|developed by|organi[sz]ation|authors?|created by|"
    r"model creators?|publisher|provider|developer(?:s)? ?/ ?organi[sz]ation|开发者|研发机构)(?: \(s\))?"
    r"[ \t]*(?:[:：|]\s*|(?P<loose>[ \t]+)(?-i:(?=[A-Z])))(?=[^\s=])(?P<value>[^\n|]{2,80})",
    re.IGNORECASE,
)
MADE_BY = re.compile(
    r"(?:(?:built|developed|trained|created|released|introduced|published|open-?sourced|made|designed|fine-?tuned)"
    r"\s+(?:from scratch\s+|jointly\s+|in-house\s+|and \w+\s+){0,2}(?:by|at)\s+(?:the\s+)?"
    r"(?:(?:researchers|engineers|scientists|a team|(?:[A-Z][\w&-]{0,30} ){0,4}(?:\(\w+\) )?(?:team|group)) "
    r"(?:at|from|of)\s+(?:the\s+)?)?|"
    r"\b(?:model|LLM|family|series)\s+by\s+(?:the\s+)?)"
    r"(?P<value>\[?(?:[A-Z0-9][\w.&-]*)(?:\s(?:[A-Z][\w.&-]*|AI|of|for|&)){0,4})"
)
TRAINED_BY = re.compile(
    r"\b(?:trained|developed|built)\b[^.\n]{0,90}?\bby\s+(?:the\s+)?"
    r"(?P<value>(?:[A-Z][\w.&-]{0,30}\s){1,4}(?:AI|Labs?|Research|Team|Inc|Institute|University|Technologies|Group)\b)"
)
CHINESE_MAKER = re.compile(
    r"(?:是由|是|由)(?:一款|一个)?(?P<value>[\u4e00-\u9fffA-Za-z0-9.·\- ]{2,16}?)\s?"
    r"(?:团队|公司)?(?:继[^，。,\n]{2,60}(?:之后|后))?(?:(?:于|基于)[^，。,]{4,14}?)?(?:自主)?"
    r"(?:推出|发布|研发|开发|训练|研制|开源)+(?:的|并|[，。,]|$)"
)
POSSESSIVE = re.compile(
    r"(?:\bis\s+|[,:]\s+)(?P<value>[A-Z][\w.-]{2,24})['’]s\s+(?:(?:most|first|latest|newest|new|largest|flagship|smartest|"
    r"next|own|best|strongest|last|fastest)\b)"
)
ANNOUNCER = re.compile(
    r"(?:^|[\n.!:>|]\s{0,3}|\b(?:[Tt]oday|[Rr]ecently|[Ll]ast \w{1,12}|[Tt]his \w{1,12}),? |[,.] (?=the [A-Z]))"
    r"(?:[Tt]he )?"
    r"(?P<value>[A-Z][\w&-]{0,30}(?:\.\w{1,9})?(?: (?:[A-Z][\w&-]{0,30}|of|for|&)){0,4})(?: team)?,?"
    r"(?: an? [^,.\n]{3,60},| the [^,.\n]{3,60},)? "
    r"(?:(?:today|has|have|is|just|now|also|recently|officially|proudly|excited|proud|pleased|to|"
    r"on \w{1,9}day) ){0,4}"
    r"(?:announc|releas|introduc|launch|unveil|open-?sourc|present|debut)(?:es?|ed|ing)?\b(?=(?P<what>[^.\n]{0,80}))"
)
"""Who announces something: the first name of a sentence that says so."""
WE_AT = re.compile(r"\b(?:(?:here )?[Aa]t(?= .{2,60}, we\b)|we at) (?P<value>[A-Z][\w.-]+(?: [A-Z][\w.-]+){0,2})")
OF_NAME = re.compile(
    r"\b(?P<value>[A-Z][\w.-]{1,24}(?: [A-Z][\w.-]{1,24})?)['’]s\s(?:(?:new|own|latest|open)\s){0,2}"
    r"(?P<model>[A-Z][\w.-]*(?: (?:[A-Z\d][\w.]*)){0,2})"
)
"""An own name that is said to be somebody's: ``Maker's X 3 8B``."""
BY_LINE = re.compile(
    r"(?:^|\n)[^\w\n]{0,12}(?:[Bb]y (?:the )?|(?=[^\n]{2,60} [Tt]eam[ \t]*\n))"
    r"(?P<value>[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,3}?)(?: [Tt]eam)?[ \t]*(?=\n)"
)
"""``By Maker``, ``Maker team``: a whole line."""
CHINESE_ANNOUNCER = re.compile(
    r"(?:^|[\n。！，,] ?)(?P<value>[\u4e00-\u9fffA-Za-z.]{2,12}?)(?:很?高兴[地的]?|正式|今[天日]|近日|宣布|重磅|全新)+"
    r"(?:发布|推出|开源)"
)
PATTERNS = (
    DEVELOPER_LABEL, MADE_BY, TRAINED_BY, CHINESE_MAKER, POSSESSIVE, WE_AT, ANNOUNCER, OF_NAME, BY_LINE,
    CHINESE_ANNOUNCER,
)  # fmt: skip
NOT_IN_PAPERS = frozenset({DEVELOPER_LABEL, MADE_BY, TRAINED_BY, ANNOUNCER})
"""A paper's running text speaks of everybody's models."""
OF_KNOWN = frozenset({BY_LINE, CHINESE_ANNOUNCER})
"""What as often stands after a person's name, or after any word."""

Place = tuple[str, int | None, int | None]
"""A name, and where it stands (None: nowhere in the text)."""
READ = 20_000
"""Characters of a page in which its words are looked through."""


def maker(page: Page, subjects: Subjects) -> Place | None:
    """Who made the page's model, and where the page says so; None where it does not."""
    if (subjects.primary or "").lower() in known_organizations() and not subjects.announced:
        return None  # the page is about the organization
    for find in (
        _in_words, _in_tables, _of_authors, _with_copyright, _of_site, _cited, _most_named, _in_front_matter,
        _of_account, _own_team,
    ):  # fmt: skip
        if (found := find(page, subjects)) is not None:
            return found
    return None


def _spanned(text: str, span: tuple[int, int]) -> Place:
    return text[slice(*span)], *span


def _quoted(page: Page, words: str) -> Place:
    at = page.text.find(words)
    return (words, at, at + len(words)) if at >= 0 else (words, None, None)


def _in_words(page: Page, subjects: Subjects) -> Place | None:
    """Labels and phrases."""
    text = page.text
    for pattern in PATTERNS:
        if page.paper and pattern in NOT_IN_PAPERS:
            continue
        for match in pattern.finditer(text, 0, READ if pattern is not DEVELOPER_LABEL else len(text)):
            several = len(match["value"].split()) > 6 or len(match["value"]) > 60
            value = clean_organization(match["value"].split(",")[0] if several else match["value"])
            if pattern is DEVELOPER_LABEL and (
                ((AUTHORS.match(match[0]) or match["loose"]) and not is_group(value))
                or _heads_columns(page, match.start("value"))
            ):
                continue
            if pattern in OF_KNOWN and value.lower() not in known_organizations():
                continue
            if page.in_code(match.start()) or len(value.split()) > 6 or NUMBERED.match(text, match.end("value")):
                continue
            if pattern in (MADE_BY, TRAINED_BY) and (
                not speaks_of_own(page, subjects, match.start())
                or MADE_WITH.search(text, max(0, match.start() - 100), match.start())
            ):
                continue
            if pattern is OF_NAME and not _of_line(match["model"], subjects):
                continue
            if pattern is ANNOUNCER and not any(subjects.is_own(m.name) for m in subjects.mentions(match["what"])):
                continue
            if value and (value.lower() in known_organizations() or not names_a_model(value, subjects)):
                return value, match.start("value"), match.end("value")
    return None


def _heads_columns(page: Page, at: int) -> bool:
    """Whether a place is in the heading row of a table, where the cell after ``Developer`` is the next column's."""
    place = page.place(at)
    return place is not None and place.row_index < place.table.header_rows and place.column_index > 1


def _of_line(words: str, subjects: Subjects) -> bool:
    """Whether words begin with an own name, or are the beginning of one that has two words or more."""
    written = squeezed(words)
    return any(
        written.startswith(squeezed(name)) or (" " in words and squeezed(name).startswith(written))
        for name in subjects.names
    )


COLUMN = re.compile(
    r"\W*(?:model )?(?:developers?|organi[sz]ations?|makers?|creators?|开发者|研发机构|机构)\W*", re.IGNORECASE
)


def _in_tables(page: Page, subjects: Subjects) -> Place | None:
    """A column of developers, in the row of the page's own model."""
    for _, cell in own_cells(page, subjects, COLUMN):
        if value := clean_organization(cell.text):
            return value, cell.start, cell.end
    return None


MADE_WITH = re.compile(
    r"\b(?:library|framework|toolkit|data ?set|\w*corpus|cluster|supercomputer|benchmark)\b[^.]*$|"
    r"\b(?:based|built) on (?:the )?[A-Z][^.]*$"
)
"""Before "built by": things that another than the model's maker made."""
OF_PEOPLE = re.compile(
    r"\b(?:AI|Team|Labs?|Laborator(?:y|ies)|Research|Inc|Institutes?|University|Technologies|Group|Corporation|Company|"
    r"Cent(?:er|re)|College|Academy|School)\b|团队|公司|大学|研究院|实验室|研究所"
)
"""A word that only names of groups of people have."""
AUTHORS = re.compile(r"\W*authors?\b", re.IGNORECASE)
"""A label that names people as often as their employer."""
ABSTRACT = re.compile(r"\babstract\b|摘要", re.IGNORECASE)
AFFILIATION = re.compile(
    r"(?:^|\n|[,;.+∗*†‡§] |@)[^\w\n]*(?:[\d∗*†‡§,]{1,3}[^\w\n]{0,4})?"
    r"(?P<name>[A-Z][\w.&’'-]*(?:[ ](?:[A-Z(][\w.&’')-]*|of|for|the|and|&)){0,7})[\d∗*†‡]{0,2}(?=\s*(?:\n|$|,|;))"
)
IN_ONE_LINE = re.compile(
    r"(?<![\w.])(?:[\d∗*†‡§¹²³⁴]{1,2} ?)?(?P<name>[A-Z][\w&’'-]*(?:[ .-](?:[A-Z][\w&’'-]*|of|for|the|&)){0,7})"
)
"""One of several affiliations that only their numbers part: ``1 Maker AI 2 University of Y``."""
AMONG_LINKS = re.compile(r"[|🤗]\s?\Z")
CITED = re.compile(r",? \(?(?:19|20)\d\d|\s?\|")
"""After a name that is cited, or one of a row of links."""
NO_GROUP = re.compile(r"\bReport\b|^Department\b")
STAMP, PRESENTS = re.compile(r"\W{0,4}arXiv:\d"), re.compile(r"\b[Ww]e (?:present|introduce|propose|describe|report)\b")
"""How a paper begins, and how its abstract does where no heading stands above it."""
AUTHORS_PAGE = 3_000
"""Characters of a paper's beginning in which its authors and where they work stand."""


def is_group(name: str) -> bool:
    """Whether a name is an organization's, known or by one of its words, and no person's."""
    return name.lower() in known_organizations() or OF_PEOPLE.search(name) is not None


def _of_authors(page: Page, subjects: Subjects) -> Place | None:
    """Where a paper says above its abstract that its authors work."""
    span = None if is_card(page) else affiliation(page.text, subjects.names)
    return _spanned(page.text, span) if span else None


def affiliation(text: str, own: list[str] | tuple[str, ...] = ()) -> tuple[int, int] | None:
    """Where a paper says above its abstract that its authors work; the first place, or None without an abstract.

    A team with the model's own name (``Lyra Team, Maker``) gives way to whom it belongs to.
    """
    stop = ABSTRACT.search(text, 0, AUTHORS_PAGE) or (STAMP.match(text) and PRESENTS.search(text, 0, AUTHORS_PAGE))
    if not stop:
        return None
    groups: list[tuple[int, int]] = []
    for pattern in (AFFILIATION, IN_ONE_LINE):
        for match in pattern.finditer(text, 0, stop.start()):
            name, start = match["name"].rstrip("."), match.start("name")
            if CITED.match(text, match.end("name")) or AMONG_LINKS.search(text, max(0, start - 2), start):
                continue
            if (inside := known_inside(name)) is not None and not _of_model(name[slice(*inside)], own):
                return start + inside[0], start + inside[1]
            if is_group(name) and 1 < len(name.split()) <= 8 and not NO_GROUP.search(name):
                groups.append((start, start + len(name)))
        if others := [span for span in groups if not _of_model(text[slice(*span)], own)]:
            return others[0]
    return groups[0] if groups else None


def _of_model(name: str, own: list[str] | tuple[str, ...]) -> bool:
    """Whether a name is one of the models' (``Lyra``, ``Lyra Team``)."""
    word = squeezed(re.sub(r"[ _-]?[Tt]eam\b", "", name))
    return any(squeezed(model).startswith(word) for model in own)


def known_inside(name: str) -> tuple[int, int] | None:
    """Where a known organization's name stands in a longer one (``Maker`` in ``Maker AI Research Team``)."""
    words = [(word.start(), word.end()) for word in re.finditer(r"[^\s.,;()](?:\S*[^\s.,;()])?", name)]
    spans = [(first[0], last[1]) for at, first in enumerate(words) for last in words[at:]]
    known = [span for span in spans if name[slice(*span)].lower() in known_organizations()]
    return max(known, key=lambda span: span[1] - span[0], default=None)


COPYRIGHT = re.compile(
    r"(?:©|\([cC]\)(?=\s?(?:19|20)\d\d)|Copyright|COPYRIGHT)[\s,]{0,3}(?:©|\([cC]\))?[\s,]{0,3}"
    r"(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:(?:19|20)\d\d)?)?)?[\s,]{0,3}(?:[Bb]y )?(?:[Tt]he )?"
    r"(?P<name>[A-Za-z][\w.&-]{0,40}(?: [A-Z][\w.&-]{0,40}){0,4})"
)


def _with_copyright(page: Page, _subjects: Subjects) -> Place | None:
    """``© 2024 Maker``: a known organization's; a script's header speaks of the script."""
    for match in COPYRIGHT.finditer(page.text):
        inside = known_inside(match["name"])
        if inside is not None and inside[0] == 0 and not page.in_code(match.start()):
            start = match.start("name")
            return _spanned(page.text, (start, start + inside[1]))
    return None


def _of_site(page: Page, _subjects: Subjects) -> Place | None:
    """The site that a page says it is of, where a known organization has that name."""
    return _quoted(page, page.document.site) if page.document.site.lower() in known_organizations() else None


def _most_named(page: Page, subjects: Subjects) -> Place | None:
    """The organization that a page's beginning is about: a paper's abstract and what follows name rivals."""
    abstract = ABSTRACT.search(page.text, 0, AUTHORS_PAGE)
    return most_named(page, subjects, abstract.start() if abstract else 8_000)


BIBTEX = re.compile(r"=\s{0,8}[{\"]{1,2}(?P<name>[^{}\"\n,]{2,60})[}\"]")
MAKERS_KEY = re.compile(r"\b(?:institution|organization|author)\s*\Z")
"""An entry's value, and the keys of those that name who did the work; begun with the rarer, as pages are long."""


def _cited(page: Page, subjects: Subjects) -> Place | None:
    """The group as whose work a page asks to be cited (``author = {Maker Team}``), in the last such entry."""
    spans = [span for span in _citations(page, subjects) if not _of_model(page.text[slice(*span)], subjects.names)]
    return _spanned(page.text, spans[-1]) if spans else None


def _own_team(page: Page, subjects: Subjects) -> Place | None:
    """The same where the group has but the model's name (``Lyra Team``)."""
    spans = _citations(page, subjects)
    return _spanned(page.text, spans[-1]) if spans else None


ENTRY = 1_500
"""Characters of an entry for citing that are looked at, to either side."""


def _citations(page: Page, subjects: Subjects) -> list[tuple[int, int]]:
    """Where a page's entries for citing it name a group."""
    return [
        match.span("name")
        for match in BIBTEX.finditer(page.text)
        if MAKERS_KEY.search(page.text, max(0, match.start() - 24), match.start())
        and is_group(match["name"].strip())
        and _is_of_page(page, subjects, match.start())
    ]


def _is_of_page(page: Page, subjects: Subjects, at: int) -> bool:
    """Whether the entry around a place is on the page's model: it has a word of its name."""
    start, end = page.text.rfind("@", max(0, at - ENTRY), at), page.text.find("\n}", at, at + ENTRY)
    entry = page.text[start if start >= 0 else at : end if end >= 0 else at + ENTRY].lower()
    return any(word in entry for name in subjects.names for word in parts(name).stem)


def _in_front_matter(page: Page, _subjects: Subjects) -> Place | None:
    """The group that a Markdown page's front matter names."""
    front = page.document.front_matter
    author = front.get("author") or front.get("organization") or front.get("model_creator")
    return _quoted(page, author) if isinstance(author, str) and is_group(author) else None


SHORT = 3
"""Letters of a name that is too short to be told from any other word of an address."""
REPOSITORY = re.compile(r"/(?P<name>[A-Za-z][\w.-]{2,80})")
ACCOUNT = re.compile(r"(?<![\w.-])[A-Za-z][\w-]{1,38}\Z")


def _of_account(page: Page, subjects: Subjects) -> Place | None:
    """The account under which the page's model lies (``maker/x-7b``), where it is a known organization's."""
    own = {squeezed(name) for name in subjects.names if len(name) > SHORT}
    for match in REPOSITORY.finditer(page.text):
        account = ACCOUNT.search(page.text, max(0, match.start() - 40), match.start())
        if account and account[0].lower() in known_accounts() and squeezed(match["name"]) in own:
            return _spanned(page.text, account.span())
    return None


@lru_cache(maxsize=1)
def _table() -> list[dict[str, str]]:
    """The rows of ``flopcrawl/data/organizations.csv``, read here: identity is built on this package, not under it."""
    with (files("flopcrawl") / "data" / "organizations.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def known_organizations() -> dict[str, str]:
    """Every name of an organization in ``flopcrawl/data/organizations.csv``, lower case, with its first name."""
    names: dict[str, str] = {}
    for row in _table():
        for alias in (row["name"], *row["aliases"].split("|")):
            if len(alias.strip()) > 2:
                names.setdefault(alias.strip().lower(), row["name"])
    return names


@lru_cache(maxsize=1)
def known_accounts() -> frozenset[str]:
    """The accounts of known organizations on the model hub and on GitHub, lower case."""
    columns = ("hub organizations", "github organizations")
    return frozenset(
        account.lower() for row in _table() for key in columns for account in row[key].split("|") if account
    )


OF_A_PLACE = re.compile(
    r"\b(?:on|via|with|using|like|than|(?:develop|releas|train|creat|ma)\w+ by|investors?)\s(?:the\s)?$|[|🤗在{]\s?$|"
    r":\w+:\s$"
)
OF_A_PRODUCT = re.compile(
    r"[’'s]{0,2}[ \n](?:(?:LLM|Open)\s)*(?:GPUs?|TPUs?|[A-Z]\d{2,3}|hub|format|transformers|tensor|"
    r"\w*\s?supercomputer|cluster|leaderboard|collection|trademarks?|data ?sets?|repositor(?:y|ies)|services?|"
    r"demos?|platforms?|hardware|chips?|cards?|drivers?|containers?|"
    r"SageMaker|cloud|GitHub|spaces?)\b|/",
    re.IGNORECASE,
)
"""What stands before, and after, the name of an organization whose service or machine is spoken of."""
OF_OTHERS = re.compile(r"['’]s\s[A-Z][a-z]\w*(?! [A-Z])")
"""What stands after the name of an organization whose thing, which has a name, is spoken of: ``Maker's X``."""
NUMBERED = re.compile(r"[ -](?:[A-Za-z]{0,9}-?)?\d")
"""What stands after a name that is a model's, or an organization's before its model's."""
NAME_WORDS = re.compile(r"(?<![\w@/.-])[a-z]?[A-Z][\w.&-]*(?:[ ][A-Z][\w.&-]*){0,2}|[\u4e00-\u9fff]{2,4}")


def most_named(page: Page, subjects: Subjects, stop: int) -> Place | None:
    """The known organization that the text up to ``stop`` names most often, at least twice: where it stands first.

    Not counted are places where a model is found, machines, the makers of models other than the page's own, cells of
    tables, and sentences that name a rival.
    """
    text, own, names = page.text, subjects.names, known_organizations()
    places: dict[str, list[Place]] = {}
    for match in NAME_WORDS.finditer(text, 0, stop):
        words = match[0].split(" ")
        for length in range(len(words), 0, -1):
            written = " ".join(words[:length]).rstrip(".")
            if (first := names.get(written.lower())) is not None:
                before, end = text[max(0, match.start() - 16) : match.start()], match.start() + len(written)
                other = NUMBERED.match(text, end) or OF_OTHERS.match(text, end)
                others = other and not any(name in text[end : end + 24] for name in own)
                if OF_A_PLACE.search(before) or OF_A_PRODUCT.match(text, end) or others:
                    break
                if page.table(match.start()) or _beside_rival(page, subjects, match.start()):
                    break
                places.setdefault(first, []).append((written, match.start(), end))
                break
    best = max(places.values(), key=len, default=[])
    return best[0] if len(best) >= 2 and any(_with_own(page, subjects, at) for _, at, _ in best) else None


BY = re.compile(r"\bby (?:the )?\Z")


def _with_own(page: Page, subjects: Subjects, at: int | None) -> bool:
    """Whether the sentence at a place names a model of the page, or says "we"."""
    at = at or 0
    words = page.text[slice(*page.sentence(at))]
    return (
        SAYS_OWN.search(words) is not None
        or BY.search(page.text, max(0, at - 16), at) is not None
        or any(subjects.is_own(m.name) for m in subjects.mentions(words))
    )


def _beside_rival(page: Page, subjects: Subjects, at: int) -> bool:
    """Whether the sentence at a place names models, and none of the page's."""
    named = subjects.mentions(page.text[slice(*page.sentence(at))])
    return bool(named) and not any(subjects.is_own(mention.name) for mention in named)


NOBODY = re.compile(
    r"(?:.* )?(?:the|we|our team|us|more information.*|it|this|these|that|me|you|admin|anonymous|since|by|when|while|"
    r"after|before|as|with|in|on|at|for|today|recently|here|now|a|an|and|if|to|from|no|yes|all|they|he|she|everyone|"
    r"our|researchers|scientists|\d[\d.]*[x×%].*|(?:本|此|该|这|一|仅|目前|我们|随着|由于|为了|如果|当|在|首个|基于|使用|通过|经过|从).*)",
    re.IGNORECASE,
)
"""What begins a sentence, or stands for a name, and is no organization."""


def clean_organization(words: str) -> str:
    """An organization's name without addresses, brackets and closing punctuation; empty where none is left."""
    value = re.sub(r"https?://\S+|\([^()]*\)|[\[\]()*_`]", " ", words)
    value = re.split(r"\s+(?:and|with|on|in|as|for(?! AI\b| [A-Z][a-z])|using|is|are|to|which|that|under)\s", value)[0]
    value = re.split(r"(?<=[a-z]{2})\.\d{0,2}\s", value)[0]  # the next sentence, with or without a footnote
    value = re.sub(r"\s+", " ", value)
    if value.rstrip().endswith(":") or re.search(r"[<>=]|^\W*\w+: ", value) or not re.search(r"[^\W\d_]", value):
        return ""  # the next label, markup, or a number
    value = value.strip(" .,;:-–·\"'“”")
    return value if 1 < len(value) <= 60 and not NOBODY.fullmatch(value) else ""


SAYS_OWN = re.compile(r"\b(?:we|our|it|this model|the model)\b|本模型|我们|该模型", re.IGNORECASE)
HEAD = 1_500


def speaks_of_own(page: Page, subjects: Subjects, at: int) -> bool:
    """Whether the sentence at a place speaks of the page's model: it names it, or says "it"; at the top, any does."""
    start, end = page.sentence(at)
    words = page.text[start:end]
    before = subjects.mentions(page.text[start:at])
    if before and not any(subjects.is_own(mention.name) for mention in before):
        return False
    return (
        at < HEAD
        or SAYS_OWN.search(words) is not None
        or any(subjects.is_own(m.name) for m in subjects.mentions(words))
    )


def names_a_model(words: str, subjects: Subjects) -> bool:
    """Whether what should be an organization is one of the page's models, or the beginning of its name."""
    small = words.lower()
    return any(name.lower() == small or name.lower().startswith(f"{small} ") for name in subjects.names) or (
        bool(parts(words).versions | parts(words).sizes) and subjects.is_own(words)
    )
