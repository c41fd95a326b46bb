"""Study: one study that can be held, with its tables, its judgements and what follows from them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from subtheme.errors import Problem, StudyError
from subtheme.files import Store, StudyFolder, chain_of, create_study, open_study, read_all, read_roster, take_in
from subtheme.judgements import answers_table, judgements_of, marked_codings, standing_answers
from subtheme.nouns import Codebook, Event, EventKind, Judgements, Transcript

if TYPE_CHECKING:
    from subtheme.agreement import AgreementReport
    from subtheme.classifier.evaluation import Evaluation
    from subtheme.classifier.training import TrainingResult
    from subtheme.classifier.training_set import TrainingSet
    from subtheme.files import IntakeReport
    from subtheme.proposals import PresenceReview
    from subtheme.scoring import Firmness, ResultTable
    from subtheme.study.precoding import Precoded
    from subtheme.study.taking import TakenCodings

Progress = Callable[[int, int], None] | None


def _silent(_: str) -> Progress:
    return None


def _untold(_: str) -> None:
    return


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """A study, as it was when it was opened.

    Attributes
    ----------
    folder : StudyFolder
    study_id : str
    transcripts : tuple of Transcript
        By id.
    participants, segments, proposals : pandas.DataFrame
        Checked by `subtheme.nouns.PARTICIPANTS`, `SEGMENTS` and `PROPOSALS`.
    events : tuple of Event
        The log in the order in which events count.
    not_in_codebook : mapping of str to int
        Proposals that are passed over, by code: those of codes that the codebook no longer has.
    anchor : str
        Length and head of the log, to be written down in whatever leaves the study.
    progress : callable
        From a heading to what is told of work done and of how much there is.
    tell : callable
        Takes what a person should hear meanwhile.
    """

    folder: StudyFolder
    study_id: str
    transcripts: tuple[Transcript, ...]
    participants: pd.DataFrame
    segments: pd.DataFrame
    proposals: pd.DataFrame
    events: tuple[Event, ...]
    not_in_codebook: Mapping[str, int] = field(default_factory=dict)
    anchor: str = ""
    progress: Callable[[str], Progress] = _silent
    tell: Callable[[str], None] = _untold

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        coder: str | None = None,
        needs_transcripts: bool = True,
        progress: Callable[[str], Progress] = _silent,
        tell: Callable[[str], None] = _untold,
    ) -> Self:
        """Open the study in a folder.

        Parameters
        ----------
        path : pathlib.Path or str
        coder : str or None
            Who codes or decides, if not whom the settings name.
        needs_transcripts : bool
            Refuse a study without any.
        progress, tell
            As in the attributes.

        Raises
        ------
        StudyError
            If it is no study, or holds no transcripts yet.
        """
        folder = open_study(Path(path), given={"coder": coder})
        with folder.store() as store:
            study = cls.of(folder, store, progress=progress, tell=tell)
        if needs_transcripts and study.segments.empty:
            raise StudyError(
                Problem(
                    what="no transcripts in the study yet",
                    where=folder.path.name,
                    remedy="Begin with 'subtheme import'",
                )
            )
        return study

    @classmethod
    def of(
        cls,
        folder: StudyFolder,
        store: Store,
        *,
        progress: Callable[[str], Progress] = _silent,
        tell: Callable[[str], None] = _untold,
    ) -> Self:
        """Return the study that an open store holds."""
        proposals = store.proposals()
        is_known = proposals["code"].isin([c.id for c in folder.codebook.codes])
        transcripts = tuple(store.transcripts())
        return cls(
            folder=folder,
            study_id=store.study_id,
            transcripts=transcripts,
            participants=store.participants(),
            segments=store.segments(transcripts),
            proposals=proposals[is_known].reset_index(drop=True),
            events=tuple(store.events()),
            not_in_codebook={str(c): int(n) for c, n in proposals.loc[~is_known, "code"].value_counts().items()},
            anchor=str(chain_of(store).anchor),
            progress=progress,
            tell=tell,
        )

    def __repr__(self) -> str:
        """Return name and size, and no word of an interview."""
        return f"Study({self.name!r}: {len(self.transcripts)} transcripts, {len(self.events)} events)"

    # -- what it is -----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Name to print."""
        return self.folder.name

    @property
    def codebook(self) -> Codebook:
        """The codebook of today."""
        return self.folder.codebook

    @property
    def level(self) -> str:
        """Level of the codebook that is learned and scored."""
        return self.folder.settings.level

    @property
    def synthetic(self) -> bool:
        """Whether the study is invented."""
        return self.folder.synthetic

    def as_seen_by(self, coder: str) -> "Study":
        """Return the study as `coder` may see it while coding: others' answers are left out.

        Codings that files and projects brought, with the readings that came with them, are everybody's to see.
        """
        brought_by = {e.coder for e in self.events if e.kind is EventKind.CODED}
        shared = {
            e.uid
            for e in self.events
            if e.kind is EventKind.CODED or (e.kind is EventKind.READ and e.coder in brought_by and not e.segment)
        }
        kept = tuple(e for e in self.events if e.coder in {coder, ""} or e.uid in shared or e.reply_to in shared)
        return replace(self, events=kept)

    def with_events(self, events: Sequence[Event]) -> "Study":
        """Return the study with another log."""
        return replace(self, events=tuple(events))

    # -- what was judged ------------------------------------------------------------------------------

    @cached_property
    def judgements(self) -> Judgements:
        """Who holds what about which code on which segment."""
        return judgements_of(self.events, self.segments, self.codebook)

    @cached_property
    def every_coding(self) -> pd.DataFrame:
        """Codings as they were made and still hold (`CODINGS`), those with retired codes among them."""
        return marked_codings(self.events, self.judgements, self.segments)

    @cached_property
    def codings(self) -> pd.DataFrame:
        """Codings as they were made and still hold (`CODINGS`), of codes that the codebook has."""
        known = self.every_coding["code"].isin([c.id for c in self.codebook.codes])
        return self.every_coding[known].reset_index(drop=True)

    @cached_property
    def answers(self) -> pd.DataFrame:
        """Every answer and every retraction of one, in the order of the log: `DECISIONS`, and the `batch` of each."""
        return answers_table(self.events)

    @cached_property
    def standing_answers(self) -> pd.DataFrame:
        """The last answer of every coder on a segment and code that was not taken back (`DECISIONS`)."""
        return standing_answers(self.events)

    @cached_property
    def coders(self) -> tuple[str, ...]:
        """Everybody who has judged anything."""
        return self.judgements.coders

    @cached_property
    def read(self) -> frozenset[str]:
        """Transcripts that somebody has read, for at least half of the codes."""
        return frozenset(transcript for _, transcript in self.judgements.readings)

    # -- doing ----------------------------------------------------------------------------------------

    @classmethod
    def new(cls, path: Path | str, *, codebook: Path | str, name: str = "", synthetic: bool = False) -> Self:
        """Make a study in a new or empty folder, with a codebook (.toml), and open it.

        Raises
        ------
        StudyError
            If the folder is not empty.
        InputError
            If the codebook is refused.
        """
        create_study(Path(path), codebook=Path(codebook), name=name, synthetic=synthetic)
        return cls.open(path, needs_transcripts=False)

    def bring_in(self, *places: Path | str, participants: Path | str) -> "IntakeReport":
        """Take in transcripts, with the table that says who takes part and in which case.

        Raises
        ------
        InputError
            With every problem of the files; nothing is stored then.
        """
        files = read_all([Path(p) for p in places], aside=[Path(participants)])
        found = take_in(self.folder, files, read_roster(Path(participants)), progress=self.progress("Storing"))
        self._look_again()
        return found

    def take_codings(self, file: Path | str, *, coder: str | None = None) -> "TakenCodings":
        """Take in manual codings (.csv, .xlsx): spans or quotations.

        Raises
        ------
        InputError
            With every problem of the file; nothing is stored then.
        """
        from subtheme.study.taking import take_codings

        found = take_codings(self.folder, Path(file), coder=coder)
        self._look_again()
        return found

    def train(self, coders: Collection[str] = (), *, name: str = "model") -> "TrainingResult":
        """Learn the codes that have enough coded segments, and save the model in the study."""
        from subtheme.study.learning import train_study

        return train_study(self, name=name, coders=coders)[0]

    def evaluate(self, coders: Collection[str] = (), *, curve: bool = True) -> "Evaluation":
        """Tell how far to trust what is learned, on participants that the learner has not seen."""
        from subtheme.study.learning import evaluate_study

        return evaluate_study(self, coders=coders, curve=curve)

    def precode(self, *, name: str = "model", everything: bool = False) -> "Precoded":
        """Propose codes where nobody has read; nothing counts until a person confirms it."""
        from subtheme.study.precoding import precode_study

        found = precode_study(self, name=name, everything=everything)
        self._look_again()
        return found

    def _look_again(self) -> None:
        """Take up what has been stored since the study was opened."""
        with self.folder.store() as store:
            now = type(self).of(self.folder, store, progress=self.progress, tell=self.tell)
        for name in [name for name in vars(self) if name not in {f.name for f in fields(self)}]:
            del vars(self)[name]
        vars(self).update({f.name: getattr(now, f.name) for f in fields(self)})

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of any table made from the study must know of it."""
        from subtheme.study.notes import notes_of

        return notes_of(self)

    # -- what follows from it ---------------------------------------------------------------------------

    @cached_property
    def model_manifest(self) -> dict[str, Any] | None:
        """Manifest of the model that made the proposals; None where it is gone or was trained anew."""
        from subtheme.classifier import manifest_of_version

        if self.proposals.empty:
            return None
        return manifest_of_version(self.folder.models, str(self.proposals["model"].iloc[0]))

    @property
    def outlook(self) -> dict[str, Any] | None:
        """What presence review knows of the model that proposed; None where that is not known."""
        outlook: dict[str, Any] | None = (self.model_manifest or {}).get("facts", {}).get("outlook")
        return outlook

    @cached_property
    def presence_review(self) -> "PresenceReview | None":
        """Where presence review stands; None where no model has made proposals."""
        from subtheme.proposals import CoderError, Outlook, StopRule, presence_review

        if self.proposals.empty:
            return None
        settings = self.folder.settings
        return presence_review(
            self.proposals,
            self.segments,
            self.participants,
            self.codebook,
            level=self.level,
            judgements=self.judgements,
            outlook=replace(
                Outlook.read(self.outlook), error=CoderError(missed=settings.missed, invented=settings.invented)
            ),
            rule=StopRule(looks=settings.looks or None, risk=settings.risk or None, random_share=settings.random_share),
        )

    def table(self, *, include_auto: bool = False) -> "ResultTable":
        """Return the table by majority rule; what nobody has judged leaves cells open.

        Parameters
        ----------
        include_auto : bool
            Count proposals where nobody has judged; the table is then a suggestion.
        """
        from subtheme.study.result import table_of_study

        return table_of_study(self, include_auto=include_auto)

    def firmness(self, *, include_auto: bool = False) -> "Firmness":
        """Return the table with everything that tells how firm it is."""
        from subtheme.study.result import firmness_of_study

        return firmness_of_study(self, include_auto=include_auto)

    def agreement(
        self,
        coders: Collection[str] = (),
        *,
        include_assisted: bool = False,
        weights: "pd.Series[float] | None" = None,
    ) -> "AgreementReport":
        """Return the agreement of coders with each other, and of the model that proposed with each of them.

        Parameters
        ----------
        coders : collection of str
            Whom to compare; everybody by default.
        include_assisted : bool
            Add, apart, judgements that were made with suggestions in view.
        weights : Series of float, optional
            Sampling weight by segment, where only a sample was coded twice.

        Raises
        ------
        InputError
            If nobody can be compared with anybody.
        """
        from subtheme.study.agreeing import agreement_of_study

        return agreement_of_study(self, coders, include_assisted=include_assisted, weights=weights)

    def training_set(self, coders: Collection[str] = (), *, blind_only: bool = False) -> "TrainingSet":
        """Return what can be learned from the study: every judgement as known, everything else as open."""
        from subtheme.study.learning import gathered

        return gathered(self, coders=coders, blind_only=blind_only)
