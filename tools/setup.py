"""Prepare `.venv` so that `dacsan` runs; nothing but Python itself is needed.

`python tools/setup.py` installs what the shop needs, with `--dev` what its tests need too.
Whoever runs an old Python shall read a sentence, not a traceback: the code here keeps to what
Python 3.7 understands.
"""

import argparse
import errno
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "requirements"
STAMP = VENV / "dacsan.json"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)
REASONS = {
    errno.EACCES: "không có quyền ghi",
    errno.EPERM: "không có quyền ghi",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "ổ đĩa đã đầy",
}


class Refused(Exception):
    """It cannot be done; the sentence says why and what to do."""


def prepare(kind):
    """Bring `.venv` to what the lock file `kind` (`run` or `dev`) says; raise `Refused`.

    Done already, it costs a few milliseconds.
    """
    _check_python()
    wanted = _fingerprints(kind)
    done = _read_stamp()
    if all(done.get(name) == value for name, value in wanted.items()):
        return
    try:
        if not _is_usable(done, wanted):
            _make_venv()
            done = {}
        if any(done.get(name) != wanted[name] for name in wanted if name.endswith(".lock")):
            _install_packages(kind)
        _install_project()
        STAMP.write_text(json.dumps({**done, **wanted}), encoding="utf-8")
    except OSError as error:
        where, reason = error.filename or ROOT, REASONS.get(error.errno, error.strerror)
        raise Refused(f"Không ghi được vào {where}: {reason}.") from error


def _check_python():
    if sys.version_info < OLDEST:
        raise Refused(
            f"Cần Python {_dotted(OLDEST)} trở lên mà lệnh này chạy bằng Python "
            f"{_dotted(sys.version_info[:2])}; máy có bản mới hơn thì chạy lại và chỉ rõ, "
            "ví dụ: make run PYTHON=python3.12"
        )


def _dotted(version):
    return ".".join(map(str, version))


def _fingerprints(kind):
    """Return what the environment depends on, by name."""
    locks = ["uv.lock", "run.lock"] + (["dev.lock"] if kind == "dev" else [])
    project = [ROOT / "pyproject.toml", ROOT / "hatch_build.py"]
    project += sorted(ROOT.glob("shop/translations/*/LC_MESSAGES/*.po"))
    wanted = {name: _digest([LOCKS / name]) for name in locks}
    wanted["project"] = _digest(project)
    wanted["python"] = _version_of(sys.executable)
    wanted["folder"] = str(ROOT)
    return wanted


def _digest(paths):
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_stamp():
    try:
        return json.loads(STAMP.read_text(encoding="utf-8")) if PYTHON.exists() else {}
    except (OSError, ValueError):
        return {}


def _is_usable(done, wanted):
    """Return whether `.venv` was made here, by this Python, and to its end."""
    if not done:
        return PYTHON.exists() and _version_of(PYTHON) == wanted["python"]
    return all(done.get(name) == wanted[name] for name in ("python", "folder"))


def _version_of(python):
    if python == sys.executable:
        return _dotted(sys.version_info[:2])
    asked = [str(python), "-c", "import pip, sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(asked, check=False, stdout=subprocess.PIPE, text=True).stdout.strip()


def _make_venv():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise Refused(
            "Python này thiếu mô-đun venv; trên Debian hoặc Ubuntu hãy chạy: "
            "sudo apt install python3-venv"
        ) from error
    _say("Tạo môi trường Python trong .venv …")
    VENV.mkdir(exist_ok=True)
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Không tạo được .venv.")


def _install_packages(kind):
    lock = LOCKS / (kind + ".lock")
    count = len(re.findall(r"^[\w.-]+==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    _say(f"Tải và cài {count} gói (lần đầu mất một hai phút) …")
    no_network = "Không tải được các gói; hãy kiểm tra kết nối Internet rồi chạy lại."
    pinned = ["--require-hashes", "--only-binary", ":all:", "-r"]
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", *pinned]
    _run([*pip, str(LOCKS / "uv.lock")], no_network)
    command = [*uv("install"), "--no-deps", "--compile-bytecode", *pinned, str(lock)]
    quick = subprocess.run(command, check=False, env=uv_environment(), stderr=subprocess.DEVNULL)
    if quick.returncode != 0:
        _run([*pip, str(lock)], no_network)


def _install_project():
    """Install the project so that its files are used where they lie; compiles the translations."""
    how = ["--offline", "--no-deps", "--no-build-isolation", "--reinstall-package", "dacsan"]
    command = [*uv("install"), *how, "--editable", str(ROOT)]
    _run(command, "Không cài được dacsan vào .venv.", uv_environment())


def uv(action):
    """Return the command line of `uv pip` on `.venv`."""
    return [str(PYTHON), "-m", "uv", "pip", action, "--quiet", "--python", str(PYTHON)]


def uv_environment():
    """Return the environment for uv, in which it asks where pip has been told to ask."""
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "find-links": "UV_FIND_LINKS",
        "no-index": "UV_NO_INDEX",
        "trusted-host": "UV_INSECURE_HOST",
        "cert": "SSL_CERT_FILE",
    }
    said = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ).stdout
    told = {
        names[name]: value
        for name, value in re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", said, re.M)
        if name in names
    }
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE") or ""
    if not os.access(home or "/nonexistent", os.W_OK):
        told["UV_CACHE_DIR"] = str(VENV / "cache")
    return {**told, **os.environ}


def _run(command, sentence, env=None):
    ended = subprocess.run(
        command, check=False, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if ended.returncode != 0:
        print(ended.stdout.decode("utf-8", "replace")[-1500:], file=sys.stderr)
        raise Refused(sentence)


def _say(sentence):
    print(sentence, flush=True)


def main():
    """Prepare the environment; return 0, or 1 after a sentence that says what is in the way."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(description="Chuẩn bị môi trường để chạy dacsan.")
    parser.add_argument("--dev", action="store_true", help="cài cả những gì kiểm thử cần")
    try:
        prepare("dev" if parser.parse_args().dev else "run")
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
