"""Running text: every way to read it, by its labels or its layout, and the likeliest of them."""

from collections.abc import Sequence
from dataclasses import replace

from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import Doubt
from subtheme.transcripts.doubts import glimpse
from subtheme.transcripts.draft import Draft, Source, Span, plural, span_within
from subtheme.transcripts.grammars import grammars_of
from subtheme.transcripts.labelled import Found, turns_by_labels
from subtheme.transcripts.layouts import IN_WORDS, layouts_of
from subtheme.transcripts.lines import NO_MARKS, LineMarks, Page, marks_of_markdown, page_of
from subtheme.transcripts.talk import is_question

_FEWEST_QUESTIONS = 2


def draft_of_text(text: str, *, source: Source, encoding: str) -> Draft:
    """Return the draft of running text that is its own canonical text."""
    found = turns_of_text(text, source=source, marks=marks_of_markdown(text) if source.suffix == ".md" else NO_MARKS)
    return found_draft(text, found, source=source, encoding=encoding)


def found_draft(text: str, found: Found, *, source: Source, encoding: str, notes: Sequence[str] = ()) -> Draft:
    """Return the draft of a text in which turns were found."""
    return Draft(
        text=text,
        spans=found.spans,
        grammar=f"{source.suffix.removeprefix('.')}/{found.grammar}",
        encoding=encoding,
        notes=(*notes, *found.notes),
        unnamed_is_voice=found.unnamed_is_voice,
        doubts=found.doubts,
        is_chosen=bool(source.read_as),
    )


def turns_of_text(text: str, *, source: Source, marks: LineMarks = NO_MARKS) -> Found:
    """Return the turns of `text` by the likeliest way to read it, with a doubt where another is nearly as likely.

    Where only one side is labelled, each unlabelled paragraph is a turn of the other. Text without labels becomes
    turns by the layout that tells questions from answers, or by paragraph.

    Parameters
    ----------
    text : str
        Canonical text.
    source : Source
        Of which the labels that are known, and the way to read it where a person has chosen one, are used.
    marks : LineMarks
    """
    ways = ways_to_read(text, source=source, marks=marks)
    if source.read_as:
        chosen = [w for w in ways if w.grammar.removesuffix("+stamps") == source.read_as]
        if not chosen:
            raise InputError(
                Problem(
                    what=f"no way to read it as '{source.read_as}'",
                    where=source.name,
                    expected=f"one of {', '.join(w.grammar.removesuffix('+stamps') for w in ways)}",
                    remedy=suggestion(source.read_as, [w.grammar for w in ways]),
                )
            )
        return replace(chosen[0], doubts=())
    return ways[0]


def ways_to_read(text: str, *, source: Source, marks: LineMarks = NO_MARKS) -> list[Found]:
    """Return every way to read `text`, the likeliest first; where that one does not win clearly, it carries a doubt."""
    page = page_of(text, marks=marks)
    grammars = grammars_of(page, known=source.known)
    labelled = [turns_by_labels(page, g, source) for g in grammars if len(g.headings) > 1 or source.known]
    if labelled and not source.read_as:
        return labelled
    once = [turns_by_labels(page, g, source) for g in grammars if len(g.headings) == 1]
    unlabelled = _unlabelled(page, source)
    if labelled:
        return [*labelled, *unlabelled, *once]
    if once and unlabelled[0].grammar != "paragraphs" and not unlabelled[0].doubts:
        return [*unlabelled, *once]
    return [*once, *unlabelled]


def _unlabelled(page: Page, source: Source) -> list[Found]:
    """Return the ways to read a text without labels: by its layouts, and each paragraph as the participant's."""
    text, lines, paragraphs = page.text, page.lines, page.paragraphs
    body = [p for p in paragraphs if p.first not in page.marks.headings]
    headings = []
    if len(body) < len(paragraphs) and body:
        headings = [f"{plural(len(paragraphs) - len(body), 'heading')} left out of the turns (kept in the text)"]
    spans = []
    for p in body or paragraphs:
        start, end = span_within(text, lines[p.first].start_char, lines[p.last].end_char)
        spans.append(Span(speaker="", start_char=start, end_char=end))
    alone = Found(
        spans=tuple(spans),
        grammar="paragraphs",
        notes=(*headings, "no speakers are labelled: every paragraph is a turn of the participant"),
    )
    layouts = layouts_of(page)
    told = [
        Found(
            spans=layout.spans,
            grammar=layout.name,
            notes=(
                *(headings if layout.name != "headings" else ()),
                f"no speakers are labelled: the voices are told by {IN_WORDS[layout.name]}",
            ),
        )
        for layout in layouts
    ]
    if layouts and layouts[0].is_clear:
        return [*told, alone]
    asking = sum(is_question(lines[p.last].text.rstrip()[-2:]) for p in body)
    is_asked = asking >= _FEWEST_QUESTIONS and 10 * asking >= len(body)
    if told and (is_asked or (layouts[0].is_seen and layouts[0].is_regular)):
        sign = f"{asking} of {len(body)} paragraphs end with a question" if is_asked else f"{layouts[0].name} alternate"
        doubt = Doubt(
            what=f"nothing names the speakers, and {sign}",
            where=source.name,
            remedy=f"Say how to read it: --read-as {told[0].grammar}, or --read-as paragraphs (all of it is the "
            "participant's)",
            readings=tuple(glimpse(f"--read-as {way.grammar}", text, way.spans, {}) for way in (told[0], alone)),
        )
        return [replace(told[0], doubts=(doubt,)), *told[1:], alone]
    return [alone, *told]
