"""detente as a process that has already started (`examples/peer.rs`), and as a command."""

import json
import pathlib
import select
import subprocess
import time


class Own:
    """The warm process; ended and started again where it does not answer in time."""

    def __init__(self, binary, timeout):
        self.binary, self.timeout, self.process = binary, timeout, None

    def ask(self, path, job, **more):
        """The answer as a dictionary, a string for an error, or None if time was up."""
        if self.process is None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
            self.process = subprocess.Popen([self.binary], **pipes)
        line = json.dumps({"job": job, "path": str(path), "seconds": self.timeout, **more})
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], 3 * self.timeout + 10)
        text = self.process.stdout.readline() if ready else ""
        if not text:
            self.close()
            return None if not ready else "the process died"
        answer = json.loads(text)
        return answer["error"] if "error" in answer else answer

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def solve(binary, path, timeout):
    """What the command answers, and the seconds of the whole process; or what went wrong, as text."""
    start = time.perf_counter()
    command = [binary, "solve", str(path), "--concept", "nash", "--format", "json", "--time-limit", str(timeout)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout + 10)
    except subprocess.TimeoutExpired:
        return "did not stop in time"
    if done.returncode != 0:
        return (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[0]
    return json.loads(done.stdout), time.perf_counter() - start


def convert(binary, path, into):
    """Writes a game strictly; what was repaired, or why it is refused, as text."""
    done = subprocess.run([binary, "convert", str(path), "-o", str(into)], capture_output=True, text=True)
    return done.returncode == 0, done.stderr.strip()


def files(folders):
    """The games of some folders, in order of their names."""
    found = [p for folder in folders for p in pathlib.Path(folder).glob("*.?fg")]
    return sorted(found, key=lambda p: p.name)
