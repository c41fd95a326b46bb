"""What a person has said about who speaks, before a file is read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from subtheme.nouns import Role, folded
from subtheme.transcripts.label_words import bare
from subtheme.transcripts.role_words import role_of_label
from subtheme.transcripts.roles import RolesByTranscript, label_key, roles_for

NOBODY = "nobody"
"""Said instead of an interviewer's label where nobody asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """Roles, interviewers, participants' labels and the way to read, as a person gave them.

    Attributes
    ----------
    roles : RolesByTranscript
    interviewers : frozenset of str
        Who asks, by label, or ``nobody``: where one of them speaks, everybody else is a participant.
    participants : mapping of str to frozenset of str
        Folded name of a transcript to the labels that its participants have there; other labels are not theirs.
    read_as : str
        The way to read it, of those that a preview offers; empty for the likeliest.
    """

    roles: RolesByTranscript = field(default_factory=dict)
    interviewers: frozenset[str] = frozenset()
    participants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    read_as: str = ""

    @property
    def all_roles(self) -> RolesByTranscript:
        """Roles by transcript, with those of the interviewers for all."""
        asking = dict.fromkeys(self.interviewers - {NOBODY}, Role.INTERVIEWER)
        return {**self.roles, "": {**self.roles.get("", {}), **asking}} if asking else self.roles

    def labels(self, transcripts: Collection[str] = ()) -> frozenset[str]:
        """Return the labels that are speakers' in these transcripts (none: in any), as `bare` leaves them."""
        keys = {folded(t) for t in transcripts}
        named = [s for t, given in self.roles.items() if not t or not keys or folded(t) in keys for s in given]
        listed = [s for t, labels in self.participants.items() if not keys or t in keys for s in labels]
        return frozenset(bare(s) for s in (*named, *listed, *(self.interviewers - {NOBODY})) if label_key(s))

    def roles_in(self, transcript: str, speakers: Iterable[str]) -> dict[str, Role]:
        """Return the roles that a person has settled for the speakers of one transcript, by folded label.

        Roles given by label come first, then the interviewers.
        """
        given = roles_for(self.roles, transcript)
        present = {label_key(s): s for s in speakers}
        asking = {label_key(s) for s in self.interviewers}
        if asking & present.keys() or asking == {NOBODY}:
            for key, label in present.items():
                if key in asking:
                    given.setdefault(key, Role.INTERVIEWER)
                elif key and role_of_label(label) is not Role.OTHER:
                    given.setdefault(key, Role.PARTICIPANT)
        return given

    def participants_in(self, transcript: str, speakers: Iterable[str]) -> frozenset[str]:
        """Return which of the speakers of a transcript its participants' table names."""
        own = {label_key(s) for s in self.participants.get(folded(transcript), ())}
        return frozenset(s for s in speakers if label_key(s) in own)
