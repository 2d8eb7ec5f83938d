"""What the kernel says: CPU time and memory of process trees, the machine, the versions."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from app.db import sqlite3

TICK = 1 / os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, from the state on."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                children.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of some processes so far, in seconds (steps of 10 ms)."""
    return sum(sum(map(int, _stat(pid)[11:13])) for pid in pids) * TICK


def pss_mib(pids: list[int]) -> float:
    """Memory of some processes, shared pages in proportion, in MiB."""
    total = 0
    for pid in pids:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _status_kib(name: str) -> int:
    for line in (PROC / "self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)


class Peak:
    """How far this process's memory rises above where it began."""

    def __init__(self) -> None:
        (PROC / "self/clear_refs").write_text("5")  # resets VmHWM
        self.before = _status_kib("VmRSS")

    def extra_mib(self) -> float:
        return (_status_kib("VmHWM") - self.before) / 1024


def processor() -> str:
    for line in (PROC / "cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def description() -> list[str]:
    """The set-up, for the head of RESULTS.md."""
    return [
        f"{os.cpu_count()} CPUs: {processor()}; {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"granian {version('granian')}, Flask {version('flask')}, Peewee {version('peewee')}",
    ]
