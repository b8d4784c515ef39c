"""pygambit's exact solvers, run in a process that can be stopped.

The solvers hold Python's lock while they work and cannot be interrupted, so each
call runs in a worker that is ended when its time is up.
"""

import multiprocessing
import time
from fractions import Fraction

SOLVERS = ["enumpure", "enummixed", "lcp", "lp"]


def applies(solver, players, constant_sum):
    if solver == "enumpure":
        return True
    return players == 2 and (solver != "lp" or constant_sum)


def worker(pipe):
    import pygambit

    exact = {
        "enumpure": lambda game: pygambit.nash.enumpure_solve(game),
        "enummixed": lambda game: pygambit.nash.enummixed_solve(game, rational=True),
        "lcp": lambda game: pygambit.nash.lcp_solve(game, rational=True),
        "lp": lambda game: pygambit.nash.lp_solve(game, rational=True),
    }
    pipe.send("ready")
    while True:
        path, solver = pipe.recv()
        try:
            read = pygambit.read_nfg if path.endswith(".nfg") else pygambit.read_efg
            game = read(path)
            if solver is None:
                pipe.send((len(game.players), bool(game.is_const_sum)))
                continue
            # A fresh game each time: the reduced strategic form is cached inside it.
            start = time.perf_counter()
            found = exact[solver](game).equilibria
            seconds = time.perf_counter() - start
            pipe.send((seconds, [point(game, profile) for profile in found]))
        except Exception as error:
            pipe.send(error.__class__.__name__ + ": " + str(error))


def point(game, profile):
    """(player, information set) -> action -> probability, without sets the player avoids."""
    number = lambda p: Fraction(int(p.numerator), int(p.denominator))
    if not game.is_tree:
        return {
            (player.label, "strategy"): {s.label: number(profile[s]) for s in player.strategies}
            for player in game.players
        }
    behaviour = profile if hasattr(profile, "infoset_prob") else profile.as_behavior()
    probability = lambda action: number(behaviour[action.infoset][action])
    avoided = lambda infoset: any(
        probability(action) == 0 for action in own_actions_before(infoset)
    )
    return {
        (infoset.player.label, infoset.label): {a.label: probability(a) for a in infoset.actions}
        for infoset in game.infosets
        if not avoided(infoset)
    }


def own_actions_before(infoset):
    """The player's own actions on the path to a set; with perfect recall to any member."""
    node = next(iter(infoset.members))
    while node.parent is not None:
        action, node = node.prior_action, node.parent
        if not node.player.is_chance and node.player == infoset.player:
            yield action


class Gambit:
    """A worker that is started again after it had to be stopped."""

    def __init__(self, timeout):
        self.timeout = timeout
        self.process = None

    def ask(self, path, solver):
        """What the worker sends, a string for an error, or None if time was up."""
        if self.process is None:
            self.pipe, other = multiprocessing.Pipe()
            self.process = multiprocessing.Process(target=worker, args=(other,), daemon=True)
            self.process.start()
            self.pipe.recv()
        self.pipe.send((path, solver))
        if self.pipe.poll(self.timeout):
            return self.pipe.recv()
        self.process.kill()
        self.process.join()
        self.process = None
        return None

    def close(self):
        if self.process is not None:
            self.process.kill()
