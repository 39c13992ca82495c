"""Each file and folder that the program writes: whose words it holds, and what becomes of it.

Tests fail for one that is not here: they look at what a run of the program leaves behind, and at what the code that
writes files is. What lies on a backup's own medium, or in a download of the staff's, is the operator's to look after.
"""

from __future__ import annotations

from storage.keeping.ownership import Place

_ALL = "all that the tables hold"

PLACES = (
    Place(
        "{database}",
        "beside",
        "anybody",
        _ALL,
        "row by row; what is deleted is overwritten (secure_delete)",
        ("storage/database/opening.py", "bot/commands/keeping/backup.py"),
        lasting=True,
    ),
    Place(
        "{database}-wal",
        "beside",
        "anybody",
        "what was written last, and what was deleted last",
        "the writer begins it anew within a second of quiet, and again until no reader is in the way",
        ("storage/database/opening.py",),
    ),
    Place(
        "{database}-shm",
        "beside",
        "nobody",
        "an index of the log: numbers of pages",
        "with the last connection",
        ("storage/database/opening.py",),
    ),
    Place(
        "{database}.lease",
        "beside",
        "nobody",
        "who may serve, and how much there has been: one number",
        "never",
        ("storage/database/opening.py", "storage/database/progress.py"),
        lasting=True,
    ),
    Place(
        "{database}.before-restore-*",
        "beside",
        "anybody",
        f"{_ALL} as it was before a restore, with its -wal and -shm where it was too broken to be copied",
        "the operator deletes it: nothing else does, and what is erased later is still in it",
        ("bot/commands/keeping/backup.py",),
        lasting=True,
    ),
    Place(
        ".restore-*",
        "beside",
        "anybody",
        f"a folder with a copy of a backup: {_ALL}",
        "with the restore; one that was killed leaves it, and the operator deletes it",
        ("bot/commands/keeping/backup.py",),
    ),
    Place(
        ".{database}.*",
        "beside",
        "anybody",
        "a database that is put where there was none, while it is written",
        "with the restore; one that was killed leaves it, and the operator deletes it",
        ("bot/commands/whole_file.py", "bot/commands/keeping/backup.py"),
    ),
    Place(
        "{output}",
        "operator",
        "anybody",
        "a backup, an export, what a person asked for or a link's code, where the operator had it written",
        "the operator deletes it: what is erased later is still in it",
        (
            "bot/commands/whole_file.py",
            "bot/commands/keeping/backup.py",
            "bot/commands/keeping/access.py",
            "bot/commands/consultations/consultation.py",
            "bot/commands/consultations/export.py",
            "storage/exports/output/files.py",
            "storage/database/opening.py",
        ),
        lasting=True,
    ),
    Place(
        "innspill-tombstones.jsonl",
        "operator",
        "anybody",
        "which responses were erased after a backup beside it was made: references, cases, days and reasons",
        "never: a restore of that backup needs it; it identifies nobody",
        ("bot/keeping/erasing.py",),
        lasting=True,
    ),
    Place(
        ".{output}.*",
        "operator",
        "anybody",
        "the same while it is written",
        "with the command; one that was killed leaves it, and the operator deletes it",
        ("bot/commands/whole_file.py",),
    ),
    Place(
        "innspill-export-*",
        "temporary",
        "respondent",
        "what an export gathers on the way",
        "with the export; what one leaves that was killed is taken away by the next one",
        (
            "storage/exports/output/files.py",
            "storage/exports/pdf_all.py",
            "storage/exports/paper/binding.py",
            "storage/exports/xlsx.py",
        ),
    ),
    Place(
        "(without a name)",
        "temporary",
        "respondent",
        "a download of the desk, kept for an hour, and what exports put by while they write",
        "with its process, however that ends: nobody else can open it",
        ("bot/staff/downloads/running.py", "storage/exports/docx.py", "storage/exports/archive.py"),
    ),
)
