"""detente beside pygambit's exact solvers: same games, same run, interleaved.

Every Nash equilibrium that pygambit returns must lie in the Nash set that detente
reports. Times are medians over games and repeats. Without the detente binary, or
where it refuses, pygambit's half still runs and the table says so.
"""

import argparse
import collections
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

import cover
import gambit


def run_detente(binary, path, timeout):
    """The answer and the seconds of the whole process; or what went wrong, as text."""
    start = time.perf_counter()
    command = [binary, "solve", path, "--concept", "nash", "--format", "json", "--time-limit", str(timeout)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout + 10)
    except subprocess.TimeoutExpired:
        return "did not stop in time"
    if done.returncode != 0:
        return (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[0]
    return json.loads(done.stdout), time.perf_counter() - start


class Family:
    """Everything measured on the games of one kind."""

    def __init__(self):
        self.games = 0
        self.times = collections.defaultdict(list)
        self.failed = collections.Counter()
        self.points = 0
        self.complete = 0


def check(path, answer, solver, points, problems):
    """Notes every point outside the reported set; a set that is not complete may miss some."""
    for point in points:
        if any(cover.holds(component, point) for component in answer["equilibria"]):
            continue
        if answer["status"] == "exact-complete":
            shown = {f"{p}.{h}": {a: str(q) for a, q in actions.items()} for (p, h), actions in point.items()}
            problems.append(f"{path.name}: {solver} finds {json.dumps(shown)}, which is in no component")


def measure(options, families, problems):
    files = sorted(pathlib.Path(options.games).glob("*.?fg"))
    have_detente = os.access(options.detente, os.X_OK)
    peer = gambit.Gambit(options.timeout)
    for count, path in enumerate(files):
        if sys.stderr.isatty():
            print(f"\r{count + 1}/{len(files)} {path.name:40}", end="", file=sys.stderr)
        family = families[path.name.split(".")[0]]
        family.games += 1
        facts = peer.ask(str(path), None)
        if not isinstance(facts, tuple):
            problems.append(f"{path.name}: pygambit does not read it: {facts}")
            continue
        solvers = [s for s in gambit.SOLVERS if gambit.applies(s, *facts)]
        given_up = set()
        for repeat in range(options.repeats):
            answer = None
            if have_detente:
                answer = measure_detente(options, path, family, repeat, problems)
            for solver in solvers:
                if solver in given_up:
                    continue
                result = peer.ask(str(path), solver)
                if not isinstance(result, tuple):
                    given_up.add(solver)
                    family.failed[solver] += 1
                    if result is not None:
                        problems.append(f"{path.name}: pygambit {solver}: {result}")
                    continue
                seconds, points = result
                family.times[solver].append(seconds)
                if repeat == 0:
                    family.points += len(points)
                    if answer is not None:
                        check(path, answer, solver, points, problems)
    peer.close()
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return have_detente


def measure_detente(options, path, family, repeat, problems):
    result = run_detente(options.detente, str(path), options.timeout)
    if isinstance(result, str):
        if repeat == 0:
            family.failed["detente"] += 1
            problems.append(f"{path.name}: detente: {result}")
        return None
    answer, seconds = result
    family.times["detente"].append(answer["seconds"])
    family.times["detente process"].append(seconds)
    if repeat == 0:
        family.complete += answer["status"] == "exact-complete"
    return answer


def milliseconds(family, what):
    times = family.times.get(what)
    if not times:
        return f"none ({family.failed[what]} failed)" if family.failed[what] else "–"
    late = f" ({family.failed[what]} failed)" if family.failed[what] else ""
    return f"{statistics.median(times) * 1e3:.2f}{late}"


def ratio(family, what):
    if not family.times.get(what) or not family.times.get("detente"):
        return "–"
    ours = statistics.median(family.times["detente"])
    return f"{statistics.median(family.times[what]) / ours:.1f}×" if ours > 0 else "–"


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return f"{len(names) or os.cpu_count()} × {names[0] if names else platform.machine()}"


def commit():
    command = ["git", "-C", str(pathlib.Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def report(families, have_detente, options):
    lines = [
        "# detente beside pygambit 16.7.0",
        "",
        f"{processor()}, Python {platform.python_version()}, commit {commit()}, "
        f"{options.repeats} repeats, interleaved, limit {options.timeout} s per call.",
        "",
        "Medians in milliseconds. *detente* finds all Nash equilibria as a set, with a proof, and checks it; "
        "*enumpure* finds the pure ones, *enummixed* the extreme ones of the reduced strategic form, *lcp* and *lp* one. "
        "Times are of the solver; *process* is detente from start to exit. The last columns are pygambit's time over detente's.",
        "",
    ]
    if not have_detente:
        lines += [f"No detente binary at `{options.detente}`: pygambit alone. Build it with `cargo build --release`.", ""]
    ours = ["detente", "detente process"]
    heads = ["games", "complete", "detente", "process", *gambit.SOLVERS, "points checked", *[f"{s} / detente" for s in gambit.SOLVERS]]
    lines += ["| kind | " + " | ".join(heads) + " |", "|---|" + "---:|" * len(heads)]
    for name, family in sorted(families.items()):
        cells = [str(family.games), str(family.complete) if have_detente else "–"]
        cells += [milliseconds(family, what) for what in ours + gambit.SOLVERS]
        cells.append(str(family.points) if have_detente else f"({family.points})")
        cells += [ratio(family, solver) for solver in gambit.SOLVERS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def write_between_markers(path, table):
    """Replaces what stands between the two markers of a page; the heading is the page's own."""
    begin, end = "<!-- peers: begin -->", "<!-- peers: end -->"
    page = path.read_text(encoding="utf-8")
    if begin not in page or end not in page:
        raise SystemExit(f"{path} has no markers {begin} and {end}")
    before, rest = page.split(begin, 1)
    body = table.split("\n", 1)[1]
    path.write_text(f"{before}{begin}\n{body}\n{end}{rest.split(end, 1)[1]}", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", help="folder of .efg and .nfg files")
    parser.add_argument("--detente", default="target/release/detente", help="the binary")
    parser.add_argument("--seeds", type=int, default=20, help="random games per kind (used by ./run)")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--timeout", type=int, default=20, help="seconds per call")
    parser.add_argument("--out", help="also write the table to this file")
    parser.add_argument("--into", help="also write the table between the markers of this page")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        cover.self_test()
        return 0
    if options.games is None:
        parser.error("--games is needed; ./run makes them")
    families, problems = collections.defaultdict(Family), []
    have_detente = measure(options, families, problems)
    table = report(families, have_detente, options)
    print(table)
    if options.into:
        write_between_markers(pathlib.Path(options.into), table)
    if options.out:
        pathlib.Path(options.out).write_text(table, encoding="utf-8")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
