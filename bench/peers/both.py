"""Every solver of pygambit and detente on the same games: who answers what, how fast, and is it right?

    bench/peers/.venv/bin/python bench/peers/both.py --games FOLDER ... [--catalogue] [--exact] [--kinds | --tally]
        [--limit SECONDS] [--repeats N] [--detente FILE] [--server FILE] [--into docs/speed.md] [--table FILE]

For each game: it is written strictly by `detente convert`, and pygambit must see the same tree and payoffs in what
it wrote; each solver of pygambit and detente's matching job run in turn, both inside processes that have already
started and read the game; each profile that pygambit returns goes to detente's referee, which computes what
each player could gain, and must lie in the set that detente calls complete; each exact profile of detente must
have regret 0 in pygambit's rational arithmetic. With `--kinds` the table has a row per kind of game, the part of a
file's name before its first dot, and goes between the markers `peers`; with `--tally` it says who was right and no
times, between `differential`; else it has a row per solver, between `solvers`. `--catalogue` adds every game of pygambit's catalogue, taken from
the installed package. Ends with an error where an exact answer fails.
"""

import argparse
import collections
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
from fractions import Fraction

import cover
import gambit
import own

HERE = pathlib.Path(__file__).resolve().parent
# The regret up to which a float answer passes: that many times the largest difference of payoffs.
TOLERANCE = Fraction(1, 1000)
# Calls under so many seconds are repeated so often, on both sides.
QUICK, QUICK_REPEATS = 0.01, 20
# How many times faster each job should be, in the geometric mean.
GOAL = 20


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return f"{len(names) or os.cpu_count()} × {names[0] if names else platform.machine()}"


def commit():
    done = subprocess.run(["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def load():
    """The load of the machine, which every time here depends on."""
    return f"load {os.getloadavg()[1]:.0f}"


def write_catalogue(folder):
    """Writes the games of pygambit's catalogue, in a process of its own."""
    script = """
import pathlib, sys, pygambit
for slug in pygambit.catalog.games().Game:
    game = pygambit.catalog.load(slug)
    name = slug.replace('/', '.') + ('.efg' if game.is_tree else '.nfg')
    (pathlib.Path(sys.argv[1]) / name).write_text(game.to_efg() if game.is_tree else game.to_nfg())
"""
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True)


class Game:
    """What was found out about one game."""

    def __init__(self, name):
        self.name, self.notes, self.rows = name, [], {}
        self.status, self.count, self.size = "", 0, ""


def spread(shape):
    """The largest difference of one player's payoffs."""
    ends = [row for row in shape if not isinstance(row[-1], (int, list))]
    columns = zip(*[[Fraction(x) for x in row] for row in ends])
    return max((max(c) - min(c) for c in columns), default=Fraction(0))


def seconds_of(ask, repeats):
    """Answers once or several times, quick calls more often; the fastest time, as the machine is shared and the other
    program has just had its caches."""
    first = ask()
    times = [first[0]] if first is not None else []
    if repeats > 1 and times and times[0] < QUICK:
        repeats = QUICK_REPEATS
    for _ in range(repeats - 1 if times and times[0] < 1 else 0):
        again = ask()
        if again is not None:
            times.append(again[0])
    return first, min(times, default=None)


class Run:
    def __init__(self, options):
        self.options = options
        self.peer = gambit.Gambit(options.limit)
        # Where the peer gets less than a few seconds, that is to keep the run short, not to measure.
        self.limit = max(options.limit, 3)
        self.server = own.Own(options.server, self.limit)
        self.faults, self.games = [], []

    def game(self, path, folder):
        game = Game(path.name)
        self.games.append(game)
        strict = folder / ("strict." + path.name)
        read, words = own.convert(self.options.detente, path, strict)
        if not read:
            # Where the file lies on this machine means nothing to a reader.
            words = words.replace(str(path.parent) + "/", "")
            game.status = "refused: " + next((l for l in words.splitlines() if l.strip()), "")
            facts = self.peer.ask(str(path), None)
            game.size = "–" if not isinstance(facts, tuple) else f"{facts[0]} players" + ("" if facts[2] else ", imperfect recall")
            if isinstance(facts, tuple) and facts[2]:
                self.faults.append(f"{path.name}: refused though of perfect recall: {words}")
            return
        facts, shape = self.peer.ask(str(strict), None), self.peer.ask(str(strict), "shape")
        if not isinstance(facts, tuple) or not isinstance(shape, list):
            self.faults.append(f"{path.name}: pygambit does not read what detente writes: {facts} {shape}")
            return
        before = self.peer.ask(str(path), "shape")
        if not words and isinstance(before, list) and before != shape:
            self.faults.append(f"{path.name}: another game after `detente convert`")
        game.notes += [] if isinstance(before, list) else [f"pygambit does not read it as it stands ({before})"]
        game.size = f"{facts[0]} players, {len(shape)} nodes" if strict.suffix == ".efg" else " × ".join(map(str, shape[0][:-1]))
        found = own.solve(self.options.detente, strict, self.limit)
        if isinstance(found, str):
            self.faults.append(f"{path.name}: detente: {found}")
            return
        answer, _ = found
        game.status, game.count = answer["status"], len(answer["equilibria"])
        self.backward(game, strict)
        for solver in gambit.SOLVERS + gambit.FLOATS:
            if gambit.applies(solver, facts[0], facts[1]) and not (self.options.exact and solver in gambit.FLOATS):
                self.solver(game, strict, solver, answer, spread(shape))

    def backward(self, game, strict):
        """detente's exact profiles, one per component, in pygambit's rational arithmetic."""
        answer = self.server.ask(strict, "all")
        if not isinstance(answer, dict):
            self.faults.append(f"{game.name}: detente: {answer}")
            return
        if not answer["accepted"]:
            self.faults.append(f"{game.name}: the referee rejects detente's own answer")
        profiles = [p["profile"] for p in answer["points"] if p["exact"]]
        regrets = self.peer.ask(str(strict), {"profiles": profiles})
        game.backward = len(profiles) if isinstance(regrets, list) else 0
        if isinstance(regrets, list) and any(Fraction(r) != 0 for r in regrets):
            game.regretted = True
            self.faults.append(f"{game.name}: regrets of detente's profiles in pygambit: {regrets}")

    def solver(self, game, strict, solver, answer, range_):
        job = gambit.JOBS.get(solver, "one")
        result, theirs = seconds_of(lambda: self.theirs(strict, solver), self.options.repeats)
        mine, ours = seconds_of(lambda: self.ours(strict, job), self.options.repeats)
        row = {"job": job, "theirs": theirs, "ours": ours, "mine": mine and mine[1]["status"]}
        row["limit"] = result is None and self.error is None
        row["error"] = self.error if result is None else None
        game.rows[solver] = row
        if result is None:
            return
        _, points, profiles = result
        row["found"], row["passed"], row["worst"] = len(points), 0, Fraction(0)
        for place, profile in zip(points, profiles):
            gaps = self.server.ask(strict, "gap", profile=profile)
            if not isinstance(gaps, dict):
                self.faults.append(f"{game.name}: {solver}: the referee: {gaps}")
                continue
            worst = max(Fraction(g) for g in gaps["gaps"])
            row["worst"] = max(row["worst"], worst)
            exact = solver in gambit.SOLVERS
            row["passed"] += worst == 0 if exact else worst <= TOLERANCE * range_
            if exact and worst == 0 and answer["status"] == "exact-complete":
                if not any(cover.holds(component, place) for component in answer["equilibria"]):
                    self.faults.append(f"{game.name}: {solver} finds {json.dumps(profile)}, which is in no component")

    def theirs(self, strict, solver):
        result = self.peer.ask(str(strict), solver)
        self.error = result if isinstance(result, str) else None
        return result if isinstance(result, tuple) else None

    def ours(self, strict, job):
        answer = self.server.ask(strict, job)
        return (answer["seconds"], answer) if isinstance(answer, dict) else None


def milliseconds(seconds):
    return f"{seconds * 1e3:.3g}"


def cell(row):
    """One solver on one game: its milliseconds over detente's, and what the referee says."""
    if row is None:
        return ""
    if row["error"]:
        return "error" + (f" ({milliseconds(row['ours'])})" if row["ours"] is not None else "")
    if row["limit"]:
        return "late" + (f" ({milliseconds(row['ours'])})" if row["ours"] is not None else "")
    text = f"{milliseconds(row['theirs'])} / {milliseconds(row['ours']) if row['ours'] is not None else 'late'}"
    if row["found"] == 0:
        return text + ", none"
    return text + (f", {row['found']}" if row["passed"] == row["found"] else f", **{row['passed']} of {row['found']} pass**")


def per_game(run, options):
    heads = gambit.SOLVERS + ([] if options.exact else gambit.FLOATS)
    lines = [
        "# Every game beside pygambit 16.7.0", "",
        f"{processor()}, {load()}, commit {commit()}; written by `bench/peers/both.py`, limit {options.limit:g} s per call.", "",
        "A cell: milliseconds of pygambit's solver / of detente's matching job (all Nash equilibria, all pure ones, one, or the limit of the "
        "logit path; both in warm processes), then how many profiles pygambit returned. *Pass* is detente's referee: no gain "
        "at all for exact solvers, at most a thousandth of the range of payoffs for the others. *Late*: not within the limit; in "
        "brackets detente's time. The games stand in `tests/corpus`, and those with dots in their names come from the installed catalogue.", "",
        "| game | size | all Nash equilibria | " + " | ".join(heads) + " |",
        "|---|---|---|" + "---|" * len(heads),
    ]
    for game in run.games:
        status = f"{game.count}, {game.status}" if game.rows else game.status
        status = status.replace("|", "/")
        cells = [cell(game.rows.get(s)) for s in heads]
        lines.append(f"| {game.name} | {game.size} | {status} | " + " | ".join(cells) + " |")
    notes = [f"- {g.name}: {note}" for g in run.games for note in g.notes]
    return "\n".join(lines + ([""] + notes if notes else [])) + "\n"


def summary(run, options):
    lines = [
        f"{len(run.games)} games ({processor()}, {load()}, commit {commit()}, limit {options.limit:g} s per call, interleaved, best of "
        f"{options.repeats}, of {QUICK_REPEATS} where a call takes under {QUICK * 1e3:g} ms); each game by itself in [speed-games.md](speed-games.md).", "",
        "| solver | its job for detente | games | geometric mean of ratios | lowest ratio where it needs over 10 ms | it solves, detente "
        "not | detente solves, it is late or fails | profiles | passed the referee |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    below, slower = [], []
    words = {"all": "all equilibria", "pure": "all pure ones", "one": "one equilibrium", "limit": "the logit limit"}
    for solver in gambit.SOLVERS + ([] if options.exact else gambit.FLOATS):
        rows = [(g.name, g.rows[solver]) for g in run.games if solver in g.rows]
        both = [(n, r) for n, r in rows if r["theirs"] is not None and r["ours"] is not None]
        if not both:
            continue
        mean = math.exp(statistics.mean(math.log(r["theirs"] / max(r["ours"], 1e-7)) for _, r in both))
        slow = [(r["theirs"] / max(r["ours"], 1e-7), n) for n, r in both if r["theirs"] > 0.01]
        below += [f"`{solver}` ({mean:.1f}×)"] if mean < GOAL else []
        slower += [f"{name} (`{solver}`, {ratio:.2g}×)" for ratio, name in sorted(slow) if ratio < 1]
        low = "–" if not slow else f"{min(slow)[0]:.2g}× ({min(slow)[1]})"
        unsolved = sum(1 for _, r in rows if r["theirs"] is not None and r.get("found") and r["ours"] is None)
        ahead = sum(1 for _, r in rows if r["theirs"] is None and r["ours"] is not None)
        found = sum(r.get("found", 0) for _, r in rows)
        passed = sum(r.get("passed", 0) for _, r in rows)
        lines.append(f"| {solver} | {words[gambit.JOBS.get(solver, 'one')]} | {len(rows)} | {mean:.1f}× | {low} | {unsolved} | {ahead} | {found} | {passed} |")
    lines += ["", f"Goals: {GOAL} times in the mean per solver, and none slower where pygambit needs over 10 ms. Below the first: "
              + (", ".join(below) or "none") + ". Slower: " + (", ".join(slower) or "none") + "."]
    statuses = collections.Counter(g.status.split(":")[0] for g in run.games)
    back = sum(getattr(g, "backward", 0) for g in run.games)
    lines += ["", "All Nash equilibria by detente: " + ", ".join(f"{n} {s}" for s, n in sorted(statuses.items())) + f". Of its exact profiles, "
              f"one per component, {back} were put to pygambit's rational arithmetic: regret 0 each" + ("." if not run.faults else ", but see the errors.")]
    return "\n".join(lines) + "\n"


def kinds(run, options):
    """A row per kind of game: medians of times and of ratios."""
    solvers = gambit.SOLVERS + ([] if options.exact else gambit.FLOATS)
    lines = [
        f"{len(run.games)} games ({processor()}, {load()}, commit {commit()}, limit {options.limit:g} s per call, interleaved). Per solver: its "
        "median in milliseconds over detente's at the same job, then the geometric mean of the ratios; *late* is not within the limit.", "",
        "| kind | games | all Nash equilibria, complete | " + " | ".join(solvers) + " | profiles | passed the referee | ours, regret 0 there |",
        "|---|---:|---:|" + "---|" * len(solvers) + "---:|---:|---:|",
    ]
    groups = collections.defaultdict(list)
    for game in run.games:
        groups[game.name.split(".")[0]].append(game)
    for kind, games in sorted(groups.items()):
        cells = []
        for solver in solvers:
            rows = [g.rows[solver] for g in games if solver in g.rows]
            both = [r for r in rows if r["theirs"] is not None and r["ours"] is not None]
            late = sum(1 for r in rows if r["theirs"] is None)
            own_late = sum(1 for r in rows if r["ours"] is None)
            if not rows:
                cells.append("–")
                continue
            words = []
            if both:
                medians = [statistics.median(r[k] for r in both) for k in ("theirs", "ours")]
                mean = math.exp(statistics.mean(math.log(r["theirs"] / max(r["ours"], 1e-7)) for r in both))
                words.append(f"{milliseconds(medians[0])} / {milliseconds(medians[1])}, {mean:.1f}×")
            words += [f"{late} late"] if late else []
            words += [f"detente late {own_late}"] if own_late else []
            cells.append("; ".join(words))
        complete = sum(1 for g in games if g.status == "exact-complete")
        found = sum(r.get("found", 0) for g in games for r in g.rows.values())
        passed = sum(r.get("passed", 0) for g in games for r in g.rows.values())
        back = sum(getattr(g, "backward", 0) for g in games)
        lines.append(f"| {kind} | {len(games)} | {complete} | " + " | ".join(cells) + f" | {found:,} | {passed:,} | {back:,} |")
    return "\n".join(lines) + "\n"


def tally(run, options):
    """A row per kind of game: how many answers of each side passed before the other's judge."""
    lines = [
        f"{len(run.games):,} games (commit {commit()}, limit {options.limit:g} s per call of pygambit, {run.limit:g} s per answer of detente).", "",
        "| kind | games | complete by detente | calls of pygambit that ended | late or failed | profiles | passed the referee | "
        "detente's exact profiles | regret 0 there |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    groups = collections.defaultdict(list)
    for game in run.games:
        groups[game.name.split(".")[0]].append(game)
    for kind, games in [*sorted(groups.items()), ("**all**", run.games)]:
        rows = [row for game in games for row in game.rows.values()]
        ended = sum(1 for row in rows if row["theirs"] is not None)
        wrong = sum(1 for game in games if getattr(game, "regretted", False))
        back = sum(getattr(game, "backward", 0) for game in games)
        cells = [len(games), sum(1 for g in games if g.status == "exact-complete"), ended, len(rows) - ended,
                 sum(row.get("found", 0) for row in rows), sum(row.get("passed", 0) for row in rows), back,
                 back if not wrong else f"not in {wrong} games"]
        lines.append(f"| {kind} | " + " | ".join(f"{c:,}" if isinstance(c, int) else c for c in cells) + " |")
    lines += ["", "Every profile of an exact solver that passed lies in the set that detente calls complete." if not run.faults
              else f"**{len(run.faults)} disagreements**, see the errors of the run."]
    return "\n".join(lines) + "\n"


def between(path, name, text):
    """Replaces what stands between two markers of a page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = path.read_text(encoding="utf-8")
    if begin not in page or end not in page:
        raise SystemExit(f"{path} has no markers {begin} and {end}")
    before, rest = page.split(begin, 1)
    path.write_text(f"{before}{begin}\n\n{text}\n{end}{rest.split(end, 1)[1]}", encoding="utf-8")


def main():
    target = os.environ.get("CARGO_TARGET_DIR", str(HERE.parent.parent / "target"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--games", nargs="*", default=[])
    parser.add_argument("--catalogue", action="store_true")
    parser.add_argument("--exact", action="store_true", help="only pygambit's exact solvers")
    parser.add_argument("--kinds", action="store_true", help="a row per kind of game")
    parser.add_argument("--tally", action="store_true", help="a row per kind of game: who was right, no times")
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--detente", default=f"{target}/release/detente")
    parser.add_argument("--server", default=f"{target}/dist/examples/peer")
    parser.add_argument("--into")
    parser.add_argument("--table")
    options = parser.parse_args()
    run = Run(options)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "catalogue").mkdir()
        if options.catalogue:
            write_catalogue(folder / "catalogue")
        games = own.files(options.games + [folder / "catalogue"])
        for k, path in enumerate(games):
            print(f"{k + 1}/{len(games)} {path.name}", file=sys.stderr, flush=True)
            run.game(path, folder)
    run.peer.close()
    run.server.close()
    name, write = ("differential", tally) if options.tally else ("peers", kinds) if options.kinds else ("solvers", summary)
    text, table = write(run, options), per_game(run, options)
    print(text)
    if options.into:
        between(pathlib.Path(options.into), name, text)
    if options.table:
        pathlib.Path(options.table).write_text(table, encoding="utf-8")
    elif name == "solvers":
        print(table)
    for fault in run.faults:
        print(fault, file=sys.stderr)
    return 1 if run.faults else 0


if __name__ == "__main__":
    sys.exit(main())
