"""Random tables for two players: detente's extreme equilibria against pygambit's, both ways.

    bench/peers/.venv/bin/python bench/peers/tables.py [--detente FILE] [--games N] [--times SIZE ...]

`--games N` compares N small tables with many ties: the extreme equilibria that pygambit's exact
`enummixed` lists must be exactly those of detente's certificate, and the equilibria that its `lcp`
finds must be among them. `--times` measures both programs, in turn, on tables of these sizes without
ties, and prints medians and ratios. Ends with an error if an answer differs.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction

import gambit

HERE = pathlib.Path(__file__).resolve().parent


def table(rows, columns, low, high, seed):
    draw = random.Random(seed)
    cells = " ".join(str(draw.randint(low, high)) for _ in range(2 * rows * columns))
    return f'NFG 1 R "table {seed}" {{ "A" "B" }} {{ {rows} {columns} }}\n\n{cells}\n'


def detente(binary, path, proof, limit):
    """Seconds of the solver, the printed answer and the extreme equilibria; or None at the limit."""
    command = [binary, "solve", path, "--concept", "nash", "--format", "json", "--certificate", proof]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    answer = json.loads(done.stdout)
    matrix = json.loads(pathlib.Path(proof).read_text())["certificate"]["matrix"]
    first, second = ([tuple(map(Fraction, x)) for x in side] for side in matrix["strategies"])
    pairs = {(first[x], second[y]) for xs, ys in matrix["pieces"] for x in xs for y in ys}
    return answer["seconds"], answer, pairs


def pairs_of(points):
    """pygambit's equilibria as pairs of tuples; players are named A and B."""
    side = lambda point, player: tuple(point[(player, "strategy")].values())
    return {(side(point, "A"), side(point, "B")) for point in points}


def compare(options, folder, peer):
    wrong = extreme = 0
    for seed in range(options.games):
        rows, columns = 2 + seed % 3, 2 + seed // 3 % 3
        path = folder / "table.nfg"
        path.write_text(table(rows, columns, 0, (1, 2, 3, 20)[seed // 9 % 4], seed))
        ours = detente(options.detente, str(path), str(folder / "proof.json"), options.limit)
        theirs = {solver: peer.ask(str(path), solver) for solver in ("enummixed", "lcp")}
        if ours is None or not all(isinstance(found, tuple) for found in theirs.values()):
            print(f"table {seed}: {ours and 'solved'} {theirs}")
            wrong += 1
            continue
        _, answer, pairs = ours
        listed = pairs_of(theirs["enummixed"][1])
        extreme += len(pairs)
        index = sum(entry["index"] for entry in answer["equilibria"])
        same = answer["status"] == "exact-complete" and pairs == listed and index == 1
        if not same or not pairs_of(theirs["lcp"][1]) <= pairs:
            wrong += 1
            print(f"table {seed}: {len(pairs)} extreme equilibria here, {len(listed)} there, index sum {index}")
    print(f"{options.games} tables, {extreme} extreme equilibria, {wrong} differ")
    return wrong


def times(options, folder, peer):
    print("| size | games | equilibria | detente, s | enummixed, s | lcp, s | enummixed / detente |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    wrong = 0
    for size in options.times:
        seconds = {"detente": [], "enummixed": [], "lcp": []}
        counts, late = [], set()
        for seed in range(options.seeds):
            path = folder / "table.nfg"
            path.write_text(table(size, size, -1_000_000, 1_000_000, seed))
            ours = detente(options.detente, str(path), str(folder / "proof.json"), options.limit)
            if ours is None:
                late.add("detente")
                continue
            seconds["detente"].append(ours[0])
            counts.append(len(ours[2]))
            for solver in ("enummixed", "lcp"):
                theirs = None if solver in late else peer.ask(str(path), solver)
                if not isinstance(theirs, tuple):
                    late.add(solver)
                    continue
                seconds[solver].append(theirs[0])
                found = pairs_of(theirs[1])
                wrong += not (found == ours[2] if solver == "enummixed" else found <= ours[2])
        shown = {
            name: f"over {options.limit}" if name in late else f"{statistics.median(list_):.4f}"
            for name, list_ in seconds.items()
        }
        ratio = "–"
        if "enummixed" not in late and "detente" not in late:
            pairs = zip(seconds["enummixed"], seconds["detente"])
            ratio = f"{statistics.median(a / b for a, b in pairs):.0f}×"
        low, high = (min(counts), max(counts)) if counts else ("–", "–")
        cells = [shown[name] for name in ("detente", "enummixed", "lcp")]
        print(f"| {size} × {size} | {options.seeds} | {low} to {high} | {' | '.join(cells)} | {ratio} |", flush=True)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    target = os.environ.get("CARGO_TARGET_DIR", str(HERE.parent.parent / "target"))
    parser.add_argument("--detente", default=f"{target}/release/detente")
    parser.add_argument("--games", type=int, default=0, help="small tables to compare")
    parser.add_argument("--times", type=int, nargs="*", default=[], help="sizes to measure")
    parser.add_argument("--seeds", type=int, default=5, help="tables per size")
    parser.add_argument("--limit", type=float, default=60, help="seconds per call")
    options = parser.parse_args()
    peer = gambit.Gambit(options.limit)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        wrong = compare(options, pathlib.Path(name), peer) if options.games else 0
        wrong += times(options, pathlib.Path(name), peer) if options.times else 0
    peer.close()
    print(f"{time.perf_counter() - start:.0f} s in all", file=sys.stderr)
    sys.exit(f"{wrong} answers differ" if wrong else 0)


if __name__ == "__main__":
    main()
