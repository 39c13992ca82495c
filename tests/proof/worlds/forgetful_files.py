"""The file system of `forgetful_disk.py`, in the process of its own that needs FUSE: only that imports it."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import sys
import threading
from contextlib import suppress
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a cut can be made again
from typing import Any

import mfusepy  # type: ignore[import-untyped]  # it comes without types

SECTOR, PAGE = 512, 4096


class _File:
    """What every program sees, what is on the disk, and which sectors differ."""

    def __init__(self, content: bytes = b"") -> None:
        self.seen = bytearray(content)
        self.kept = bytearray(content)
        self.dirty: set[int] = set()

    def write(self, data: bytes, offset: int) -> None:
        end = offset + len(data)
        if offset > len(self.seen):
            self._change(len(self.seen), offset)
            self.seen.extend(bytes(offset - len(self.seen)))
        self.seen[offset:end] = data
        self._change(offset, end)

    def truncate(self, length: int) -> None:
        self._change(min(length, len(self.seen)), max(length, len(self.seen)))
        del self.seen[length:]
        self.seen.extend(bytes(length - len(self.seen)))

    def sync(self) -> None:
        self.kept = self._after(self.dirty, len(self.seen))
        self.dirty.clear()

    def after_a_cut(self, survival: str, random: Random) -> bytes:
        if survival == "nothing":
            return bytes(self.kept)
        if survival == "everything":
            return bytes(self._after(self.dirty, len(self.seen)))
        pages: dict[int, list[int]] = {}
        for sector in sorted(self.dirty):
            pages.setdefault(sector * SECTOR // PAGE, []).append(sector)
        survivors: set[int] = set()
        for sectors in pages.values():
            survivors.update(random.choice(([], sectors, sectors[: random.randrange(len(sectors) + 1)])))
        return bytes(self._after(survivors, random.choice((len(self.kept), len(self.seen)))))

    def _change(self, begin: int, end: int) -> None:
        self.dirty.update(range(begin // SECTOR, -(-end // SECTOR)))

    def _after(self, sectors: set[int], size: int) -> bytearray:
        content = self.kept[:size] + bytes(max(0, size - len(self.kept)))
        for sector in sectors:
            begin = sector * SECTOR
            part = self.seen[begin : min(begin + SECTOR, size)]
            content[begin : begin + len(part)] = part
        return content


class _Disk(mfusepy.Operations):  # type: ignore[misc]  # mfusepy has no types
    """The file system. `image` is the folder that holds what survives between two runs of it."""

    use_ns = True

    def __init__(self, image: Path) -> None:
        self._image = image
        self._seen = {path.name: _File(path.read_bytes()) for path in image.iterdir()}
        self._kept = dict(self._seen)
        self._open: dict[int, _File] = {}
        self._lock = threading.RLock()
        self._handles = 0
        self._changes_left: int | None = None
        self._cut: dict[str, Any] = {}
        self._faults: dict[str, int] = {}
        self.changes = 0

    # --- what the test may do --------------------------------------------------------------------------------

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            match order["do"]:
                case "cut":
                    self._cut = order
                    self._changes_left = order["after"]
                    if not self._changes_left:
                        self._lose_power()
                case "fail":
                    self._faults[order["what"]] = order["errno"]
                case "heal":
                    self._faults.clear()
            return {"changes": self.changes}

    def _lose_power(self, where: str = "") -> None:
        """Kill, keep what survives, and end. Beside the image, a file says in the middle of which file's change."""
        with suppress(ProcessLookupError):
            if pid := self._cut["pid"]:
                os.kill(pid, signal.SIGKILL)
        random, survival = Random(self._cut["seed"]), self._cut["survival"]
        for path in self._image.iterdir():
            path.unlink()
        for name in {**self._seen, **self._kept}:
            names = {"nothing": self._kept, "everything": self._seen}.get(survival)
            file = (names if names is not None else random.choice((self._kept, self._seen))).get(name)
            if file is not None and not name.startswith(".fuse_hidden"):
                (self._image / name).write_bytes(file.after_a_cut(survival, random))
        self._image.with_suffix(".cut").write_text(where)
        os._exit(0)

    def _change(self, what: str, path: str) -> None:
        """Every change counts, and is not made when the power goes first."""
        self.changes += 1
        if self._changes_left is not None and path.endswith(self._cut["of"]):
            self._changes_left -= 1
            if self._changes_left <= 0:
                self._lose_power(path[1:])
        if code := self._faults.get(what):
            raise OSError(code, os.strerror(code))

    # --- what the kernel asks for ----------------------------------------------------------------------------

    def getattr(self, path: str, fh: int | None = None) -> dict[str, int]:
        if path == "/":
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        with self._lock:
            file = self._open[fh] if fh in self._open else self._named(path)
            return {"st_mode": stat.S_IFREG | 0o644, "st_nlink": 1, "st_size": len(file.seen)}

    def readdir(self, path: str, fh: int) -> list[str]:
        with self._lock:
            return [".", "..", *self._seen]

    def open(self, path: str, flags: int) -> int:
        with self._lock:
            if flags & os.O_ACCMODE != os.O_RDONLY and (code := self._faults.get("open")):
                raise OSError(code, os.strerror(code))
            return self._handle(self._named(path))

    def create(self, path: str, mode: int, fi: object = None) -> int:
        with self._lock:
            self._change("create", path)
            file = self._seen[path[1:]] = _File()
            return self._handle(file)

    def read(self, path: str, size: int, offset: int, fh: int) -> bytes:
        with self._lock:
            if code := self._faults.get("read"):
                raise OSError(code, os.strerror(code))
            return bytes(self._open[fh].seen[offset : offset + size])

    def write(self, path: str, data: bytes, offset: int, fh: int) -> int:
        with self._lock:
            file = self._open[fh]
            self._change("grow" if offset + len(data) > len(file.seen) and "grow" in self._faults else "write", path)
            file.write(data, offset)
            return len(data)

    def truncate(self, path: str, length: int, fh: int | None = None) -> None:
        with self._lock:
            self._change("write", path)
            (self._open[fh] if fh in self._open else self._named(path)).truncate(length)

    def fsync(self, path: str, datasync: int, fh: int) -> None:
        with self._lock:
            file = self._open[fh]
            try:
                self._change("fsync", path)
            except OSError:
                file.dirty.clear()
                raise
            file.sync()

    def fsyncdir(self, path: str, datasync: int, fh: int) -> None:
        with self._lock:
            self._change("fsync", path)
            self._kept = dict(self._seen)

    def unlink(self, path: str) -> None:
        with self._lock:
            self._change("unlink", path)
            del self._seen[path[1:]]

    def rename(self, old: str, new: str) -> None:
        with self._lock:
            self._change("rename", old)
            self._seen[new[1:]] = self._seen.pop(old[1:])

    def release(self, path: str, fh: int) -> None:
        with self._lock:
            del self._open[fh]

    def chmod(self, path: str, mode: int) -> None:
        """Everybody may do everything here."""

    def utimens(self, path: str, times: object = None) -> None:
        """Times are not kept."""

    def statfs(self, path: str) -> dict[str, int]:
        return {"f_bsize": PAGE, "f_frsize": PAGE, "f_blocks": 1 << 20, "f_bfree": 1 << 19, "f_bavail": 1 << 19}

    def _named(self, path: str) -> _File:
        if path[1:] not in self._seen:
            raise OSError(errno.ENOENT, path)
        return self._seen[path[1:]]

    def _handle(self, file: _File) -> int:
        self._handles += 1
        self._open[self._handles] = file
        return self._handles


def _serve(mountpoint: str, image: str) -> None:
    disk = _Disk(Path(image))

    def listen() -> None:
        for line in sys.stdin:
            print(json.dumps(disk.order(json.loads(line))), flush=True)  # noqa: T201 - the answer to an order

    threading.Thread(target=listen, daemon=True).start()
    mfusepy.FUSE(disk, mountpoint, foreground=True, nothreads=True, default_permissions=False)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2])
