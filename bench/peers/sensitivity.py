#!/usr/bin/env python3
"""Sensitivity and scenario discovery beside SALib and the EMA Workbench, on the same samples.

    bench/peers/sensitivity [--sweep FILE.parquet --claim NAME] [--into docs/speed.md]

Sobol' indices: Ishigami's function and Sobol's g on SALib's own Saltelli sample. Measures from given
data: SALib's delta on the same draws. PRIM: the EMA Workbench's own example (the 882 runs of Bryant and
Lempert 2010), and the table of a sweep. Ends with an error where the programs should agree and do not.
"""
import argparse
import contextlib
import csv
import io
import json
import pathlib
import subprocess
import sys
import time
import warnings

import numpy as np
import pandas as pd
from SALib.analyze import delta as salib_delta
from SALib.analyze import sobol as salib_sobol
from SALib.sample import sobol as salib_sample
from ema_workbench.analysis import prim as ema_prim

import both

# Of the peers' own dependencies.
warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(x):
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)


MODELS = {
    "Ishigami": (ishigami, 3, [-np.pi, np.pi]),
    "Sobol' g": (sobol_g, 8, [0, 1]),
}


def ours(program, question, rows):
    """What detente-stats says of these rows, and the seconds it took."""
    lines = [question] + [" ".join(repr(float(v)) for v in np.atleast_1d(row)) for row in rows]
    done = subprocess.run([program], input="\n".join(lines), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    return answer["found"], answer["seconds"]


def raw(effect):
    return effect.get("estimate", effect.get("raw"))


def timed(work):
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        found = work()
    return found, time.perf_counter() - started


def indices(program, lines):
    worst = 0.0
    for name, (model, inputs, bounds) in MODELS.items():
        problem = {"num_vars": inputs, "names": [f"x{k}" for k in range(inputs)], "bounds": [bounds] * inputs}
        sample = salib_sample.sample(problem, 1024, calc_second_order=False, seed=1)
        y = model(sample)
        theirs, their_time = timed(
            lambda: salib_sobol.analyze(problem, y, calc_second_order=False, num_resamples=100, seed=1))
        found, own_time = ours(program, f"indices {inputs}", y)
        gaps = [abs(raw(e) - t) for e, t in zip(found["first"], theirs["S1"])]
        gaps += [abs(raw(e) - t) for e, t in zip(found["total"], theirs["ST"])]
        worst = max(worst, max(gaps))
        negative = sum(1 for v in list(theirs["S1"]) + list(theirs["ST"]) if v < 0)
        lines.append(f"| Sobol' indices, {name}, 1024 points | largest difference {max(gaps):.1e} "
                     f"| {negative} negative ones by SALib; none printed by detente "
                     f"| {own_time * 1e3:.1f} ms | {their_time * 1e3:.1f} ms |")
    return worst < 1e-9


def given(program, lines):
    model, inputs, bounds = MODELS["Ishigami"]
    x = np.random.default_rng(3).uniform(*bounds, size=(2000, inputs))
    y = model(x)
    problem = {"num_vars": inputs, "names": ["x1", "x2", "x3"], "bounds": [bounds] * inputs}
    # SALib's resampling of delta is slow: ten resamples there, a hundred and as many shuffles here.
    theirs, their_time = timed(lambda: salib_delta.analyze(problem, x, y, num_resamples=10, seed=1))
    found, own_time = ours(program, "given", np.column_stack([x, y]))
    own = [raw(g["delta"]) for g in found]
    pairs = ", ".join(f"{a:.2f} / {b:.2f}" for a, b in zip(own, theirs["delta_raw"]))
    lines.append(f"| delta from 2000 given draws, Ishigami | {pairs} (detente / SALib) | by ranks, 100 resamples / by values, 10 "
                 f"| {own_time * 1e3:.1f} ms | {their_time * 1e3:.1f} ms |")
    return list(np.argsort(own)) == list(np.argsort(theirs["delta_raw"]))


def boxes(program, lines, name, x, y):
    """The peeling trajectory of PRIM, both ways."""
    def reference():
        found = ema_prim.Prim(pd.DataFrame(x), np.asarray(y), threshold=0.05, peel_alpha=0.1).find_box()
        return found.peeling_trajectory[["coverage", "density", "mass"]].to_numpy()
    theirs, their_time = timed(reference)
    found, own_time = ours(program, "prim", np.column_stack([x, y]))
    same = sum(1 for a, b in zip(found, theirs) if np.allclose(a, b, atol=1e-9))
    lines.append(f"| PRIM, {name} | {same} of {len(theirs)} boxes the same | coverage, density and mass "
                 f"| {own_time * 1e3:.1f} ms | {their_time * 1e3:.1f} ms |")
    return same, len(theirs), len(found)


def example():
    path = ROOT / "crates/detente-stats/tests/data/bryant-lempert-2010.csv"
    with open(path, encoding="utf-8") as file:
        rows = list(csv.reader(file))
    table = np.array([[float(v) for v in row] for row in rows[1:]])
    return table[:, :-1], table[:, -1]


def sweep(path, claim):
    frame = pd.read_parquet(path)
    params = [c for c in frame.columns if c.startswith("param.")]
    return frame[params].to_numpy(), (frame[f"claim.{claim}"] == "true-in-all").to_numpy().astype(float)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--sweep")
    parser.add_argument("--claim")
    parser.add_argument("--into")
    args = parser.parse_args()
    lines = ["| On the same sample | Agreement | Note | detente | peer |", "|---|---|---|---|---|"]
    good = indices(args.program, lines)
    good &= given(args.program, lines)
    same, theirs, own = boxes(args.program, lines, "882 runs of Bryant and Lempert (2010)", *example())
    good &= same == theirs == own
    if args.sweep:
        boxes(args.program, lines, f"claim `{args.claim}` of a sweep", *sweep(args.sweep, args.claim))
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if args.into:
        both.between(pathlib.Path(args.into), "sensitivity", text)
    if not good:
        sys.exit("the programs should agree and do not")


if __name__ == "__main__":
    main()
