"""Confining a process to itself: no file but those of programs, no network, no other process.

It is for one that reads what nobody vouches for, should that take over the library that reads it.
Linux can do it, by Landlock (5.13 or newer) and seccomp; what a system cannot do is left out.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from struct import pack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctypes import CDLL

FILES, CALLS = "the files of this machine", "the network and other processes"
"""What a process is kept from."""

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _BY_FILTER = 38, 22, 2

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The numbers of Landlock's calls, the same on every machine."""

_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_RIGHTS_SINCE = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights there are since a version of Landlock; none is granted but those to read."""

_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/gnu", "/nix/store")

_OTHER_FILES = ("/etc/ld.so.cache", "/etc/mime.types", "/dev/urandom")
"""What libraries look into that is no program and no secret."""

_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""The name that seccomp has for a machine, and the column of its numbers below."""

_REFUSED = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "setpriority": (141, 140), "sched_setaffinity": (203, 122),
    "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
    "fchmodat2": (452, 452), "chown": (92, None), "lchown": (94, None), "fchown": (93, 55),
    "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None), "futimesat": (261, None),
    "utimensat": (280, 88), "truncate": (76, 45), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "setxattrat": (463, 463), "removexattrat": (466, 466),
    "file_setattr": (469, 469), "ioprio_set": (251, 30), "msgctl": (71, 187), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "semctl": (66, 191), "semop": (65, 193), "semtimedop": (220, 192),
    "shmctl": (31, 195), "mq_unlink": (241, 181),
    "io_uring_setup": (425, 425), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "unshare": (272, 97), "setns": (308, 268),
    "open_by_handle_at": (304, 265),
}  # fmt: skip
"""The numbers of calls that reach others, or change files without opening them."""

_REFUSED_FOR_OTHERS = {
    "prlimit": (302, 261), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
}  # fmt: skip
"""Those whose first argument is a process, or 0 for the one that calls."""

_CLONE, _CLONE3, _FCNTL = (56, 220), (435, 435), (72, 25)
_THREAD = 0x10000
_SET_OWNER, _SET_SIGNAL, _SET_OWNER_EX = 8, 10, 15
"""What to ask of `fcntl` to let the system send signals, to any process of the user."""

_NOT_ALLOWED, _NOT_THERE = 1, 38

_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_LOAD, _IF_EQUAL, _IF_GREATER, _IF_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST, _SECOND = 0, 4, 16, 24
"""Where seccomp puts the number of a call, the machine, and the first two arguments."""

_FIRST_OF_X32 = 0x40000000
"""Numbers from here on mean the same calls again."""

_is_confined = False


def confine() -> tuple[str, ...]:
    """Confine this process for good; what it could not be kept from.

    Only the thread that calls it, and those that this starts, are kept from files: call it before
    there is another.
    """
    libc = _libc()
    if libc is None:
        return FILES, CALLS
    global _is_confined
    _is_confined = True
    # Without this, only who may do everything may give rights away.
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    files = () if _refuse_files(libc) else (FILES,)
    machine = _machine()
    is_filtered = machine is not None and _set_filter(libc, _filter(*machine))
    return files if is_filtered else (*files, CALLS)


def allow_temporary_files() -> None:
    """Keep temporary files in memory from now on, if this process may write none."""
    if _is_confined:
        # Imported here, since it takes as long as all the rest.
        import tempfile
        from functools import partial

        tempfile.TemporaryFile = partial(tempfile.SpooledTemporaryFile, 0)  # type: ignore[assignment]


def _libc() -> "CDLL | None":
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return None
    with suppress(ImportError, OSError):
        from ctypes import CDLL

        return CDLL(None, use_errno=True)
    return None


def _machine() -> tuple[int, int] | None:
    return _MACHINES.get(os.uname().machine)


def _landlock_version(libc: "CDLL") -> int:
    """Zero or less where there is none."""
    version: int = libc.syscall(_CREATE_RULESET, None, 0, 1)
    return version


def _refuse_files(libc: "CDLL") -> bool:
    """Let no file be opened but those that programs consist of, and these be read only."""
    version = _landlock_version(libc)
    if version <= 0:
        return False
    rights = max(count for since, count in _RIGHTS_SINCE.items() if since <= version)
    # From version 4 on it knows the network, from 6 on signals and sockets without a file.
    network, others = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
    asked = pack("=QQQ", (1 << rights) - 1, network, others)
    ruleset = libc.syscall(_CREATE_RULESET, asked, len(asked), 0)
    if ruleset < 0:
        return False
    for path in _readable():
        with suppress(OSError):
            opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
            granted = _READ_FILE | (_READ_FOLDER if path.is_dir() else 0)
            libc.syscall(_ADD_RULE, ruleset, 1, pack("=Qi", granted, opened), 0)
            os.close(opened)
    is_restricted: bool = libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return is_restricted


def _readable() -> Iterator[Path]:
    """Folders and files with programs, from which libraries are still to be imported.

    Of the folders on the path of Python, those where packages are installed: another one may be
    that of a project, with its secrets.
    """
    yield from (Path(__file__).parent, Path(os.__file__).parent, Path(sys.base_prefix, "lib"))
    yield from map(Path, (*_LIBRARIES, *_OTHER_FILES))
    if sys.pycache_prefix is not None:
        yield Path(sys.pycache_prefix)
    for path in map(Path, filter(None, sys.path)):
        if path.is_file() or next(path.glob("*.dist-info"), None) is not None:
            yield path


def _filter(machine: int, column: int) -> bytes:
    """The program that decides about each call, as the kernel takes it."""

    def does(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
        return pack("=HBBI", code, then, otherwise, value)

    refuse, allow = does(_RETURN, _ERROR | _NOT_ALLOWED), does(_RETURN, _ALLOW)
    first, second = does(_LOAD, _FIRST), does(_LOAD, _SECOND)
    numbers = (pair[column] for pair in _REFUSED.values())
    for_others = (pair[column] for pair in _REFUSED_FOR_OTHERS.values())
    of_signals = (_SET_OWNER, _SET_SIGNAL, _SET_OWNER_EX)
    return b"".join((
        does(_LOAD, _MACHINE), does(_IF_EQUAL, machine, 1, 0), refuse,
        does(_LOAD, _NUMBER), does(_IF_GREATER, _FIRST_OF_X32, 0, 1), refuse,
        *(does(_IF_EQUAL, n, 0, 1) + refuse for n in numbers if n is not None),
        # It tells in memory what is to be made; who is told that it is not there makes it by the
        # older call, which can be looked into: a thread, and no process.
        does(_IF_EQUAL, _CLONE3[column], 0, 1), does(_RETURN, _ERROR | _NOT_THERE),
        does(_IF_EQUAL, _CLONE[column], 0, 4), first,
        does(_IF_SET, _THREAD, 0, 1), allow, refuse,
        *(
            does(_IF_EQUAL, n, 0, 4) + first + does(_IF_EQUAL, 0, 0, 1) + allow + refuse
            for n in for_others
        ),
        does(_IF_EQUAL, _FCNTL[column], 0, 2 + 2 * len(of_signals)), second,
        *(does(_IF_EQUAL, n, 0, 1) + refuse for n in of_signals), allow,
        allow,
    ))  # fmt: skip


def _set_filter(libc: "CDLL", program: bytes) -> bool:
    from ctypes import addressof, c_ulong, create_string_buffer

    held = create_string_buffer(program, len(program))
    # A number of instructions, and where they are.
    told = create_string_buffer(pack("@HP", len(program) // 8, addressof(held)))
    is_set: bool = libc.prctl(_SET_SECCOMP, c_ulong(_BY_FILTER), told, 0, 0) == 0
    return is_set
