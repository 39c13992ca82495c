"""A disk that forgets what was not synced: a FUSE file system in a process of its own, and power cuts on it.

What a program writes is seen by every program at once, as through the cache of an operating system, but is on the disk
only after an fsync of the file, and a name only after an fsync of the folder. At a cut the program is killed in the
middle of what it does, and of the rest nothing, everything, or any part survives, torn at sectors of 512 bytes. A
failed fsync loses track of what it was to write, as on Linux. One folder, without folders in it.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests import ROOT

SURVIVAL = ("nothing", "everything", "some")


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
        command = (sys.executable, "-m", "tests.proof.worlds.forgetful_files", str(self.folder), str(self.image))
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
