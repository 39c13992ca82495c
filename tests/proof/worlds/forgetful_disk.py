"""A disk that forgets what was not synced: a FUSE file system in a process of its own, and power cuts on it.

What a program writes is seen by every program at once, as through the cache of an operating system, but is on the disk
only after an fsync of the file, and a name only after an fsync of the folder. At a cut the program is killed in the
middle of what it does, and of the rest nothing, everything, or any part survives, torn at sectors of 512 bytes. A
failed fsync loses track of what it was to write, as on Linux. One folder, without folders in it.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a cut can be made again
from types import TracebackType
from typing import Any, Self

import mfusepy  # type: ignore[import-untyped]  # it comes without types

from tests import ROOT

SECTOR, PAGE = 512, 4096
SURVIVAL = ("nothing", "everything", "some")


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


class ForgetfulDisk:
    """A file system in `folder`, for a test; it begins with the files of `content`.

    What survives a cut stands in `image`, and is there after `mount`.
    """

    def __init__(self, folder: Path, content: Path | None = None) -> None:
        self._content = content
        self.folder = folder / "disk"
        self.image = folder / "image"
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        self.folder.mkdir(parents=True)
        self.image.mkdir()
        for path in self._content.iterdir() if self._content else ():
            shutil.copy(path, self.image)
        await self.mount()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._gone()

    async def mount(self) -> None:
        """Put it where programs see it, with what has survived."""
        command = (sys.executable, "-m", "tests.proof.worlds.forgetful_disk", str(self.folder), str(self.image))
        pipe = subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
        try:
            async with asyncio.timeout(20):
                while not self._is_mounted():
                    if self._process.returncode is not None:
                        raise RuntimeError("no FUSE file system can be mounted here: /dev/fuse and fuse3 are needed")
                    await asyncio.sleep(0.01)
        except BaseException:
            await self._gone()
            raise

    async def changes(self) -> int:
        """How many changes have been asked for since it was mounted: writes, syncs, names."""
        return int((await self._order(do="look"))["changes"])

    async def cut(
        self, *, pid: int = 0, seed: int = 0, survival: str = "nothing", after: int = 0, of: str = ""
    ) -> None:
        """Cut the power: now, or in place of the change numbered `after` from here; `lost` waits for it.

        Only changes of files whose name ends in `of` count. The process `pid` is killed with it. `survival` (see
        SURVIVAL) is what becomes of the rest, drawn by `seed`.
        """
        await self._order(do="cut", pid=pid, seed=seed, survival=survival, after=after, of=of)

    @property
    def is_up(self) -> bool:
        """Whether there is power."""
        return self._process is not None and self._process.returncode is None

    async def lost(self) -> str:
        """Wait until the power is gone; gives the name of the file that was being changed, if one was."""
        assert self._process is not None
        await self._process.wait()
        await self._gone()
        return self.image.with_suffix(".cut").read_text()

    async def fail(self, what: str, code: int) -> None:
        """From now on let every `write`, `grow` (a write that needs room), `fsync`, `read` or `open` fail."""
        await self._order(do="fail", what=what, errno=code)

    async def heal(self) -> None:
        """Let nothing fail any more."""
        await self._order(do="heal")

    async def _order(self, **order: object) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        answer = await self._process.stdout.readline()
        return json.loads(answer) if answer else {}

    async def _gone(self) -> None:
        if self._process is not None and self.is_up:
            self._process.kill()
            await self._process.wait()
        if self._is_mounted():
            command = ("umount", "--lazy", str(self.folder))
            await (await asyncio.create_subprocess_exec(*command, stderr=subprocess.DEVNULL)).wait()

    def _is_mounted(self) -> bool:
        mounts = Path("/proc/self/mounts").read_text().splitlines()
        return str(self.folder).replace(" ", r"\040") in (line.split()[1] for line in mounts)


if __name__ == "__main__":
    _serve(sys.argv[1], sys.argv[2])
