"""One Parquet file per shard: its manifest lies in the footer, and it is committed only if it is not there yet.

A worker writes under a temporary name in the same folder, brings the bytes to the disk, and links the file to its
own name. The first one to do so wins; a shard that is done twice changes nothing. As long as it writes it holds a lock
beside the temporary file, which the operating system frees when the process dies.
"""

import hashlib
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from subtheme.bulk.receipt import Receipt
from subtheme.errors import MissingExtraError, Problem, StudyError

FORMAT = "subtheme-proposals/1"
_KEY = b"subtheme"
_DAY_S = 86_400
_SHARDS_PER_FOLDER = 1000
_TEXTS = ("case", "participant", "transcript", "segment", "code", "model", "evidence")
_WHOLE = ("start_char", "end_char")
_NUMBERS = ("probability", "threshold")
COLUMNS = (*_TEXTS[:4], *_WHOLE, "code", *_NUMBERS, "model", "evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardFile:
    """The place of a shard in the folder of a run.

    Attributes
    ----------
    folder : Path
        Folder of the run.
    number : int
    run_id : str
    """

    folder: Path
    number: int
    run_id: str

    @property
    def path(self) -> Path:
        """Where the finished shard lies, at most a thousand to a folder."""
        return self.folder / "shards" / f"{self.number // _SHARDS_PER_FOLDER:04d}" / f"{self.number:07d}.parquet"

    def commit(self, proposals: pd.DataFrame, receipt: Receipt) -> None:
        """Write `proposals` with `receipt` as their manifest; where the shard is there already, nothing changes."""
        pa, pq = _pyarrow()
        types = {**dict.fromkeys(_TEXTS, pa.string()), **dict.fromkeys(_WHOLE, pa.int64())}
        fields = [pa.field(name, types.get(name, pa.float64()), nullable=False) for name in COLUMNS]
        columns = [pa.array(proposals[f.name].tolist(), type=f.type) for f in fields]
        table = pa.Table.from_arrays(columns, schema=pa.schema(fields))
        manifest = {"format": FORMAT, "run_id": self.run_id, "content": _content_hash(table), **_as_dict(receipt)}
        table = table.replace_schema_metadata({_KEY: json.dumps(manifest, sort_keys=True, ensure_ascii=False)})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(self.path) as temporary:
            with temporary.open("wb") as stream:
                pq.write_table(table, stream, compression="zstd", write_page_checksum=True)
                stream.flush()
                os.fsync(stream.fileno())
            create_if_absent(temporary, self.path)

    def receipt(self) -> Receipt | None:
        """Return the receipt of the finished shard, its whole content held against the digest in its manifest.

        None where there is no shard. A shard that is torn or damaged is removed, and there is none then.

        Raises
        ------
        StudyError
            If a whole file of another run, or of another program, is in its place.
        """
        pa, pq = _pyarrow()
        if not self.path.exists():
            return None
        try:
            table = pq.read_table(self.path, page_checksum_verification=True)
            manifest = json.loads((table.schema.metadata or {}).get(_KEY, b"{}"))
            is_ours = manifest.get("format") == FORMAT and manifest.get("run_id") == self.run_id
            receipt = _receipt_of(manifest, shard=self.number, content=_content_hash(table)) if is_ours else None
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
            is_ours, receipt = True, None
        if not is_ours:
            raise StudyError(
                Problem(
                    what="a file of another run stands where a shard belongs",
                    where=str(self.path),
                    expected=f"a shard of run {self.run_id[:12]}",
                    remedy="Choose another folder with --out; nothing was changed",
                )
            )
        if receipt is None:
            self.path.unlink(missing_ok=True)
        return receipt


def create_if_absent(temporary: Path, path: Path) -> bool:
    """Give a finished temporary file its own name unless it is taken; return whether this one took it."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without hard links: two writers at the very same moment would both write the same bytes.
        if path.exists():
            return False
        temporary.rename(path)
    return True


def write_if_absent(path: Path, data: bytes) -> bool:
    """Write a small file whole under its own name unless it is there; return whether it was written."""
    with _whole(path, data) as temporary:
        return create_if_absent(temporary, path)


def replace_file(path: Path, data: bytes) -> None:
    """Write a small file whole in the place of the one that is there."""
    with _whole(path, data) as temporary:
        temporary.replace(path)


@contextmanager
def _whole(path: Path, data: bytes) -> Iterator[Path]:
    with _temporary(path) as temporary:
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield temporary


def sweep(folder: Path) -> int:
    """Remove what interrupted writers of this machine left, and what is older than a day; return how many."""
    removed = 0
    for path in (*folder.rglob(".*.part"), *folder.rglob(".*.unfinished")):
        is_ours = path.name.removesuffix(".part").rpartition(".")[2] == _host()
        with suppress(OSError):
            if (is_ours and _is_left(path)) or time.time() - path.stat().st_mtime > _DAY_S:
                path.unlink()
                _lock_of(path).unlink(missing_ok=True)
                removed += 1
    return removed


def _as_dict(receipt: Receipt) -> dict[str, Any]:
    kept = asdict(receipt)
    del kept["fault"]
    return kept


def _receipt_of(manifest: dict[str, Any], *, shard: int, content: str) -> Receipt | None:
    """Return the receipt in a manifest, or None where it is not that of the shard and of its content."""
    if manifest["content"] != content or manifest["shard"] != shard:
        return None
    facts = {k: v for k, v in manifest.items() if k not in {"format", "run_id", "content", "failures"}}
    return Receipt(failures=tuple(Problem(**p) for p in manifest["failures"]), **facts)


def _content_hash(table: Any) -> str:
    """Return the SHA-256 of the names and values of a table, whatever the pages that they lie in."""
    digest = hashlib.sha256()
    for name in table.column_names:
        digest.update(json.dumps([name, table.column(name).to_pylist()], ensure_ascii=False).encode())
    return digest.hexdigest()


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write under, locked for so long, and leave nothing there."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.{_host()}.part")
    lock = _lock_of(temporary)
    try:
        with FileLock(lock):
            yield temporary
    finally:
        for left in (temporary, lock):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def _lock_of(temporary: Path) -> Path:
    return temporary.with_name(f"{temporary.name}.lock")


def _is_left(temporary: Path) -> bool:
    """Return whether nobody on this machine writes to a temporary file."""
    try:
        FileLock(_lock_of(temporary)).acquire(blocking=False).lock.release()
    except Timeout:
        return False
    return True


def _host() -> str:
    return socket.gethostname().replace(".", "_").replace("-", "_")


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError(
            Problem(what="pyarrow is not installed", remedy="Install it: pip install 'subtheme[bulk]'")
        ) from None
    return pa, pq
