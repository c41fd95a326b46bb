"""Reading interviews: files of many programs to transcripts with turns, speakers, roles and times.

The text of a transcript is frozen when it is read. Text files stay as they are, with labels and time
stamps outside the turns' spans; packaged formats are rendered as ``Speaker: words``.
"""

from subtheme.transcripts.draft import ColumnMap
from subtheme.transcripts.preview import SpeakerPreview, TranscriptPreview, preview
from subtheme.transcripts.reader import (
    SUFFIXES,
    LeftOut,
    TranscriptFiles,
    read_transcripts,
    transcript_files,
    transcript_of_text,
)
from subtheme.transcripts.roles import (
    RoleGuess,
    RolesByTranscript,
    guess_roles,
    read_roles,
    roles_for,
    unmatched_speakers,
    with_roles,
)

__all__ = [
    "SUFFIXES",
    "ColumnMap",
    "LeftOut",
    "RoleGuess",
    "RolesByTranscript",
    "SpeakerPreview",
    "TranscriptFiles",
    "TranscriptPreview",
    "guess_roles",
    "preview",
    "read_roles",
    "read_transcripts",
    "roles_for",
    "transcript_files",
    "transcript_of_text",
    "unmatched_speakers",
    "with_roles",
]
