"""Method: the paragraph for a methods section, and its references."""

from dataclasses import dataclass

from subtheme.reports.content import ReportContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A published source.

    Attributes
    ----------
    text : str
        As one cites it.
    doi : str
        Empty where none is known.
    """

    text: str
    doi: str = ""


_CODEBOOK = Reference(
    text="Campbell, J. L., Quincy, C., Osserman, J. & Pedersen, O. K. (2013). Coding in-depth semistructured "
    "interviews: problems of unitization and intercoder reliability and agreement. Sociological Methods & "
    "Research 42(3), 294–320",
    doi="10.1177/0049124113500475",
)
_TYPOLOGY = Reference(
    text="Korczynski, M. (2013). The customer in the sociology of work: different ways of going beyond the "
    "management–worker dyad. Work, Employment and Society 27(6), NP1–NP7",
)
_ALPHA = Reference(
    text="Krippendorff, K. (2004). Reliability in content analysis: some common misconceptions and recommendations. "
    "Human Communication Research 30(3), 411–433",
    doi="10.1111/j.1468-2958.2004.tb00738.x",
)
_PRACTICE = Reference(
    text="O’Connor, C. & Joffe, H. (2020). Intercoder reliability in qualitative research: debates and practical "
    "guidelines. International Journal of Qualitative Methods 19",
    doi="10.1177/1609406919899220",
)
_CLUSTERS = Reference(
    text="Kang, C., Qaqish, B., Monaco, J., Sheridan, S. L. & Cai, J. (2013). Kappa statistic for clustered "
    "dichotomous responses. Statistics in Medicine 32",
    doi="10.1002/sim.5796",
)
_VECTORS = Reference(
    text="Reimers, N. & Gurevych, I. (2019). Sentence-BERT: sentence embeddings using Siamese BERT-networks. "
    "Proceedings of EMNLP-IJCNLP 2019",
    doi="10.18653/v1/D19-1410",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What was done, ready to be adapted.

    Attributes
    ----------
    sentences : tuple of str
    references : tuple of Reference
        Of what the sentences name, sorted.
    """

    sentences: tuple[str, ...]
    references: tuple[Reference, ...]


def method(content: ReportContent) -> Method:
    """Return the method paragraph; what the report has no figures on is not claimed."""
    table = content.table
    by = f"subtheme {content.manifest.get('versions', {}).get('subtheme', '')}".strip()
    is_reviewed = content.progress is None or bool(content.progress.verdicts)
    sentences = [
        f"Interviews were coded deductively with the codebook “{content.codebook.title or content.study}” "
        f"({len(table.sub_themes)} {table.presence.level}s in {len(table.themes)} themes), on segments of "
        f"participants’ speech that were fixed before coding (Campbell et al. 2013), with {by}.",
    ]
    references = [_CODEBOOK]
    if content.model is not None:
        sentences.append(
            "A classifier trained on manually coded excerpts, represented by sentence embeddings (Reimers & Gurevych "
            "2019), proposed codes; "
            + (
                "this table counts proposals that nobody has confirmed and is a suggestion."
                if table.suggestion
                else "a person confirmed or rejected them, and only codings made or confirmed by a person are counted."
                if is_reviewed
                else "nobody has confirmed or rejected any so far, and only codings made by a person are counted."
            )
        )
        references.append(_VECTORS)
    elif table.suggestion:
        sentences.append("Codings that nobody has confirmed are counted: this table is a suggestion.")
    else:
        sentences.append("Only codings that a person made or confirmed are counted.")
    sentences += [
        "A participant describes a sub-theme when at least one coding of it, or of a code below it, supports it; "
        "counter-examples are kept, shown and never counted.",
        f"A sub-theme is {table.rule}.",
        "A cell is open while participants whose interviews have not been read for it could still change it.",
    ]
    if is_reviewed and content.progress is not None and content.progress.expected_wrong is not None:
        sentences.append(
            "Reading was spent where it could still change the table: per participant and sub-theme the likeliest "
            "segment came first, one confirmed segment was enough, and nothing was asked about settled cells."
        )
    if content.firmness is not None:
        sentences.append("Cases are described by the three ways to see the customer that Korczynski (2013) names.")
        references.append(_TYPOLOGY)
    if content.agreement is not None:
        sentences.append(
            "Agreement between coders is reported per sub-theme as Krippendorff’s alpha (Krippendorff 2004) with "
            "percent agreement beside it (O’Connor & Joffe 2020); “neither coded” counts as a decision, "
            "what a coder did not read is missing, and intervals resample transcripts, since "
            "segments of one interview are not independent "
            "(Kang et al. 2013)."
        )
        references += [_ALPHA, _CLUSTERS, _PRACTICE]
    if content.evaluation is not None:
        sentences.append(
            "The classifier was evaluated on participants that it had not been trained on: no fold and no interval "
            "shares a participant."
        )
    return Method(sentences=tuple(sentences), references=tuple(sorted(references, key=lambda r: r.text)))
