"""The pygambit loop beside draws in lanes: the same game at 1,000 draws of its payoffs, one by one.

    bench/peers/.venv/bin/python bench/peers/lanes.py [--detente FILE] [--draws N] [--into docs/speed.md]

pygambit sets the payoffs of one game object and calls a solver for each draw. detente's side is
`detente bench --lanes`, run right before. Processor time on both sides. pygambit returns the pure Nash
equilibria (`enumpure`) or one equilibrium (`lcp`); detente the pure sequential equilibria beside the first,
and the whole set, proven complete, beside the second.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BEGIN, END = "<!-- lanes: begin -->", "<!-- lanes: end -->"


def signals(gambit):
    """Two types, two messages, two replies."""
    game = gambit.Game.new_tree(players=["S", "R"])
    game.append_move(game.root, game.players.chance, ["t1", "t2"])
    game.set_chance_probs(game.root.infoset, [gambit.Rational(1, 3), gambit.Rational(2, 3)])
    types = list(game.root.children)
    for node in types:
        game.append_move(node, "S", ["m1", "m2"])
    for m in range(2):
        game.append_move([list(node.children)[m] for node in types], "R", ["r1", "r2"])
    return game


def ends(node):
    if node.is_terminal:
        return [node]
    return [end for child in node.children for end in ends(child)]


def loop(gambit, game, solve, draws, seconds):
    """Solves per second of processor time over up to so many draws."""
    draw = random.Random(1)
    outcomes = []
    for end in ends(game.root):
        game.set_outcome(end, game.add_outcome(f"o{len(outcomes)}"))
        outcomes.append(end.outcome)
    start = time.process_time()
    done = found = 0
    while done < draws and time.process_time() - start < seconds:
        for outcome in outcomes:
            for player in game.players:
                outcome[player] = gambit.Rational(draw.randrange(1 << 30), 1 << 30)
        found += len(solve(game).equilibria)
        done += 1
    return done, found / done, done / (time.process_time() - start)


def main():
    import pygambit as gambit

    target = os.environ.get("CARGO_TARGET_DIR", str(ROOT / "target"))
    parser = argparse.ArgumentParser()
    parser.add_argument("--detente", default=f"{target}/release/detente")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--into")
    options = parser.parse_args()
    ours = json.loads(
        subprocess.run(
            [options.detente, "bench", "--lanes", "--format", "json"],
            capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout
    )
    rates = {row["what"].split(",")[0]: 1 / row["seconds"] for row in ours["rows"]}
    kernel = lambda start: next(rate for what, rate in rates.items() if what.startswith(start))
    tests = [
        ("enumpure", gambit.nash.enumpure_solve, kernel("pure sequential")),
        ("lcp", gambit.nash.lcp_solve, kernel("all sequential")),
    ]
    lines = ["| game | pygambit | draws solved | found per draw | pygambit, draws/s | detente in lanes, draws/s | ratio |",
             "|---|---|---:|---:|---:|---:|---:|"]
    name = "signalling 2 × 2 × 2"
    for solver, solve, rate in tests:
        try:
            done, mean, speed = loop(gambit, signals(gambit), solve, options.draws, options.seconds)
            lines.append(f"| {name} | {solver} | {done:,} | {mean:.2f} | {speed:,.0f} | {rate:,.0f} | {rate / speed:,.0f}× |")
        except Exception as error:  # a solver that refuses a game
            lines.append(f"| {name} | {solver} | – | – | {type(error).__name__} | {rate:,.0f} | – |")
    text = "\n".join(lines)
    print(f"{ours['machine']}; commit {ours['commit']}; pygambit {gambit.__version__}\n\n{text}")
    if options.into:
        page = pathlib.Path(options.into)
        before, rest = page.read_text().split(BEGIN)
        page.write_text(before + BEGIN + "\n\n" + text + "\n\n" + END + rest.split(END)[1])


if __name__ == "__main__":
    main()
