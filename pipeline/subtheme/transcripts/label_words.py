"""The words that decide what a label is: roles, phrases that are no names, remarks of the transcriber."""


def _listed(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


INTERVIEWER = _listed(
    "interviewer interviewers interviewerin intervieweur intervieweuse entrevistador entrevistadora intervistatore",
    "moderator moderatorin researcher facilitator investigator counsel questioner enquêteur forscher forscherin",
)
"""An interviewer, wherever in the label the word stands."""

INTERVIEWER_ALONE = _listed("i q int intv inter iv iw inv mod fac lead host question")
"""An interviewer, if the label has no other word (numbers aside)."""

PARTICIPANT = _listed(
    "participant participants interviewee interviewees respondent respondents informant witness befragte befragter",
    "participante entrevistado entrevistada enquêté enquêtée",
)
"""A participant, wherever in the label the word stands."""

PARTICIPANT_ALONE = _listed("p ie ip par part resp answer")
"""A participant, if the label has no other word. Not ``A``: of A and B, either may ask."""

OTHER = _listed(
    "note notes narrator observer transcriber transcriptionist translator interpreter unknown all several",
    "crosstalk group comment stage",
)
"""Neither."""

NEVER = _listed(
    "http https ftp mailto file www so and but then yes no well because also first second third finally however",
    "e.g i.e example",
)
"""First words of what is never a speaker's label."""

HEAD_MATTER = _listed(
    "note notes date time title interview interviews location place duration transcript transcription recorded",
    "recording participants speakers keywords summary audio subject source file version page study project length",
    "language organisation organization name age gender sex occupation id setting present topic re cc from to",
)
"""First words of what heads a transcript rather than a turn."""

PARTICLES = _listed("of the de der den van von und and la le les di da du del el al bin ibn y e s to")
"""Words in names that begin with a small letter."""

SOUNDS = _listed(
    "laugh laughs laughter laughing pause long short inaudible unintelligible unclear crosstalk silence sigh sighs",
    "cough coughs noise music applause redacted name crying sic overlapping smiles nods background",
)
"""Words of bracketed remarks such as ``[laughs]``."""
