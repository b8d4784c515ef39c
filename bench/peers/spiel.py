"""OpenSpiel beside detente on the same poker games, in turn, each answer before the other's judge.

    bench/peers/.venv-spiel/bin/python bench/peers/spiel.py [--detente FILE] [--server FILE] [--rounds FILE]
        [--seconds S] [--into docs/speed.md]

OpenSpiel 2.0.2 writes each game as `.efg`; detente reads that text, with thirds that are decimals and all. OpenSpiel's
C++ CFR+ runs for some seconds of processor time; its average policy goes to detente's referee, which computes the
gap exactly. detente's answer becomes an OpenSpiel policy, whose `nash_conv` OpenSpiel computes. Rounds per second of
detente are those of `cargo run --release -p detente-sequence --example rounds`, started in between. Values also by
OpenSpiel's `sequence_form_lp`, which needs cvxpy and ecos. Ends with an error where an exact answer has a gap.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from fractions import Fraction

import pyspiel
from open_spiel.python.algorithms import gambit as exporter

import own

HERE = pathlib.Path(__file__).resolve().parent
# Exact gaps of average policies have thousands of digits.
sys.set_int_max_str_digits(0)
GAMES = {
    "Kuhn poker": ("kuhn_poker", "kuhn"),
    "Kuhn poker, three players": ("kuhn_poker(players=3)", "kuhn 3p"),
    "Leduc hold'em": ("leduc_poker", "leduc"),
    "liar's dice, four sides": ("liars_dice(dice_sides=4)", "liars 4"),
    "tiny hanabi": ("tiny_hanabi", None),
}


def sets(game):
    """(player, number in the file) -> information state and its actions, numbered as the exporter does."""
    numbers, table, nodes = {}, {}, 0
    stack = [game.new_initial_state()]
    while stack:
        state = stack.pop()
        nodes += 1
        if state.is_terminal():
            continue
        if state.is_chance_node():
            actions = [a for a, _ in state.chance_outcomes()]
        else:
            player, actions = state.current_player(), state.legal_actions()
            key = (player, state.information_state_string(player))
            if key not in numbers:
                numbers[key] = sum(1 for p, _ in numbers if p == player) + 1
                table[(f"Pl{player}", str(numbers[key]))] = (key[1], actions)
        stack.extend(state.child(a) for a in reversed(actions))
    return table, nodes


def theirs_to_ours(table, average):
    """A policy by information states as the profile that the server reads."""
    profile = {}
    for (player, number), (state, actions) in table.items():
        found = dict(average.get_state_policy(state))
        probs = [Fraction(found.get(a, 0.0)) for a in actions]
        total = sum(probs)
        probs = [p / total for p in probs] if total else [Fraction(1, len(actions))] * len(actions)
        profile.setdefault(player, {})[number] = [str(p) for p in probs]
    return profile


def ours_to_theirs(game, table, profile):
    rows = {
        state: list(zip(actions, [float(Fraction(p)) for p in profile[player][number]]))
        for (player, number), (state, actions) in table.items()
    }
    return pyspiel.TabularPolicy(rows)


def rounds_per_second(binary):
    """Name of a game -> rounds a second of CFR+ on the whole game, and the milliseconds a gap takes."""
    text = subprocess.run([binary], capture_output=True, text=True, check=True).stdout
    found, name = {}, None
    for line in text.splitlines():
        head = re.match(r"(\S.*?): \d+ nodes", line)
        name = head[1] if head else name
        row = re.match(r"\s+whole\s+cfr\+\s+(\d+) rounds/s.*gap takes ([\d.]+) ms", line)
        if row:
            found[name] = (float(row[1]), float(row[2]))
    return found


def linear_program(game):
    try:
        from open_spiel.python.algorithms import sequence_form_lp

        start = time.process_time()
        value = sequence_form_lp.solve_zero_sum_game(game)[0]
        return value, time.process_time() - start
    except Exception as error:
        return "fails: " + str(error).splitlines()[0][:60], None


def one(name, spiel, rates, options, folder, faults):
    game = pyspiel.load_game(spiel)
    table, nodes = sets(game)
    path = folder / "game.efg"
    path.write_text(exporter.export_gambit(game))
    server = own.Own(options.server, options.limit)
    answer = server.ask(path, "one")
    if not isinstance(answer, dict):
        faults.append(f"{name}: detente: {answer}")
        return None
    point = answer["points"][0]
    gap = pyspiel.nash_conv(game, ours_to_theirs(game, table, point["profile"]))
    if answer["status"].startswith("exact") and gap > 1e-9:
        faults.append(f"{name}: detente's exact answer has nash_conv {gap} in OpenSpiel")
    solver, count, start = pyspiel.CFRPlusSolver(game), 0, time.process_time()
    while time.process_time() - start < options.seconds:
        solver.evaluate_and_update_policy()
        count += 1
    rate = count / (time.process_time() - start)
    average = solver.average_policy()
    start = time.process_time()
    theirs = pyspiel.nash_conv(game, average)
    gap_time = time.process_time() - start
    judged = server.ask(path, "gap", profile=theirs_to_ours(table, average))
    judged = sum(float(Fraction(g)) for g in judged["gaps"]) if isinstance(judged, dict) else float("nan")
    if abs(judged - theirs) > 1e-6:
        faults.append(f"{name}: nash_conv of CFR+ is {theirs} in OpenSpiel, {judged} by the referee")
    value, seconds = linear_program(game) if game.num_players() == 2 and game.get_type().utility == pyspiel.GameType.Utility.ZERO_SUM else ("–", None)
    server.close()
    mine = rates
    lp = f"{value:.9f} in {seconds:.2f} s" if seconds is not None else str(value)
    cells = [
        name, f"{nodes:,}", f"{rate:,.0f}", f"{mine[0]:,.0f}" if mine else "–", f"{mine[0] / rate:,.0f}×" if mine else "–",
        f"{theirs:.1e} after {count:,}; referee {judged:.1e}", f"{gap_time * 1e3:.3g} ms", ("–" if not mine else f"{mine[1]:.3g} ms" if mine[1] else "< 0.001 ms"), lp,
        f"{answer['status']} in {answer['seconds']:.3g} s, gap {point['gap'] if len(point['gap']) < 10 else '%.1e' % float(point['gap'])}; nash_conv {gap:.1e}",
    ]
    return "| " + " | ".join(cells) + " |"


def main():
    target = os.environ.get("CARGO_TARGET_DIR", str(HERE.parent.parent / "target"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", default=f"{target}/dist/examples/peer")
    parser.add_argument("--rounds", default=f"{target}/dist/examples/rounds")
    parser.add_argument("--seconds", type=float, default=3, help="of CFR+ per game")
    parser.add_argument("--limit", type=float, default=20, help="seconds for one equilibrium")
    parser.add_argument("--into")
    options = parser.parse_args()
    rates = rounds_per_second(options.rounds)
    lines = [
        "OpenSpiel 2.0.2 (C++ CFR+, Python `sequence_form_lp`), processor time of one thread, one run, games as OpenSpiel writes them.", "",
        "| game | nodes | CFR+ there, rounds/s | here | ratio | its gap, judged here | a gap takes there | here | its linear program | one equilibrium here, judged there |",
        "|---|---:|---:|---:|---:|---|---:|---:|---|---|",
    ]
    faults = []
    with tempfile.TemporaryDirectory() as name:
        for title, (spiel, rate) in GAMES.items():
            row = one(title, spiel, rates.get(rate), options, pathlib.Path(name), faults)
            print(row, flush=True)
            lines += [row] if row else []
    text = "\n".join(lines) + "\n"
    if options.into:
        import both

        both.between(pathlib.Path(options.into), "spiel", text)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
