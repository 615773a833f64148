"""A name as it is written, folded to the words and numbers that it is made of.

Case, blanks, hyphens, line breaks, look-alike letters of other alphabets, full-width digits and invisible characters
do not survive the folding, so none of them can make a new model.
"""

from __future__ import annotations

import re
import unicodedata

LOOKALIKES = str.maketrans(
    {
        pair[0]: pair[1]
        for pair in (
            "аa вb еe іi јj кk мm нh оo рp сc ѕs тt уy хx һh ԁd ԛq ԝw ѵv ӏl АA ВB ЕE ІI ЈJ КK МM НH ОO РP СC ЅS ТT УY "
            "ХX ԌG ԚQ ԜW αa βb εe ηn ιi κk νv οo ρp τt υu χx ωw ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ıi ɡg"
        ).split()
    }
)
"""Cyrillic and Greek letters that are drawn like Latin ones (Unicode's confusables, those of everyday fonts)."""

MINUSES = re.compile(r"[\u2010-\u2015\u2212\u00ad\ufe58\ufe63\uff0d]")
DECIMAL_P = re.compile(r"(?<![a-z0-9])(v?\d+)p(\d+)(?![a-z0-9])")
LOOSE_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
SEPARATOR = re.compile(r"[^\w.]|_")
WORD_NUMBER = re.compile(r"([^\W\d]{2,})(\d.*)")
NUMBER_WORD = re.compile(r"(v?\d+(?:\.\d+)*|[a-z]\d+)([^\W\d]{3,}\d*)")
POINT_ZERO = re.compile(r"(v?\d+)\.0")

WHOLE = frozenset(
    """fp4 fp6 fp8 fp16 fp32 bf16 int2 int3 int4 int8 nvfp4 mxfp4 mxfp8 nf4 exl2 exl3 w4a16 w8a8 w8a16 2bit 3bit 4bit
    5bit 6bit 8bit 16bit 1bit iq1 iq2 iq3 iq4 q2 q3 q4 q5 q6 q8 i1 ai21 c4ai""".split()
)
"""Words that keep their number."""


def fold(text: str) -> str:
    r"""Lower case, one blank between words, look-alike letters and dashes replaced, accents and invisible marks gone.

    >>> fold("  ＧＰＴ‑4\no ")
    'gpt-4 o'
    """
    if not text.isascii():
        text = MINUSES.sub("-", unicodedata.normalize("NFKC", text))
        if any(character.isascii() and character.isalpha() for character in text):
            text = text.translate(LOOKALIKES)  # a name all in another alphabet keeps its letters
        text = "".join(
            character
            for character in unicodedata.normalize("NFKD", text)
            if unicodedata.category(character) not in ("Mn", "Cf", "Cc", "Co", "Cs") or character.isspace()
        )
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split())


def words(folded: str) -> list[str]:
    """The words and numbers of a folded name: ``llama3.1-70b+`` is ``llama 3.1 70b plus``, ``2p5`` and ``2.50`` stay.

    >>> words("qwen2p5-72b"), words("claude-3-5-sonnet"), words("gemini-2.0-flash")
    (['qwen', '2.5', '72b'], ['claude', '3', '5', 'sonnet'], ['gemini', '2', 'flash'])
    """
    text = DECIMAL_P.sub(r"\1.\2", folded).replace("+", " plus ")
    found: list[str] = []
    for token in SEPARATOR.sub(" ", LOOSE_DOT.sub(" ", text)).split():
        _split(token, found)
    return found


def _split(token: str, found: list[str]) -> None:
    if token in WHOLE:
        found.append(token)
    elif match := WORD_NUMBER.fullmatch(token):
        found.append(match[1])
        _split(DECIMAL_P.sub(r"\1.\2", match[2]), found)
    elif match := NUMBER_WORD.fullmatch(token):
        found.append(whole[1] if (whole := POINT_ZERO.fullmatch(match[1])) else match[1])
        _split(match[2], found)
    else:
        found.append(match[1] if (match := POINT_ZERO.fullmatch(token)) else token)


def slug(text: str) -> str:
    """A name's key: its words joined by hyphens; letters of every alphabet are kept.

    >>> slug("Llama 3.1-405B"), slug("GPT-4 (Mar 2023)"), slug("Command R+")
    ('llama-3-1-405b', 'gpt-4-mar-2023', 'command-r-plus')
    """
    return re.sub(r"[\W_]+", "-", fold(text).replace("+", " plus ")).strip("-")
