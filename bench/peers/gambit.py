"""pygambit's solvers, run in a process that can be stopped.

The solvers hold Python's lock while they work and cannot be interrupted, so each
call runs in a worker that is ended when its time is up. A game is read anew for each
call, as the reduced strategic form is cached inside it; reading is not timed.
"""

import multiprocessing
import time
from decimal import Decimal
from fractions import Fraction

# Rational arithmetic: what they return should be an equilibrium exactly.
SOLVERS = ["enumpure", "enummixed", "lcp", "lp"]
# Floats: what they return is within their own bound of one.
FLOATS = ["logit", "enumpoly", "gnm", "ipa", "simpdiv", "liap"]
# What detente is asked for beside each: all equilibria, all pure ones, one, or the limit of the logit path.
JOBS = {"enumpure": "pure", "enummixed": "all", "enumpoly": "all", "logit": "limit"}
# Those that work on the table of reduced strategies only.
TABLES = {"gnm", "ipa", "simpdiv", "liap"}


def applies(solver, players, constant_sum):
    if solver in ("enummixed", "lcp", "lp"):
        return players == 2 and (solver != "lp" or constant_sum)
    return players > 1 or solver in ("enumpure", "logit")


def solvers(pygambit):
    nash = pygambit.nash
    start = lambda game, rational: game.mixed_strategy_profile(rational=rational)
    return {
        "enumpure": lambda game: nash.enumpure_solve(game),
        "enummixed": lambda game: nash.enummixed_solve(game, rational=True),
        "lcp": lambda game: nash.lcp_solve(game, rational=True),
        "lp": lambda game: nash.lp_solve(game, rational=True),
        "logit": lambda game: nash.logit_solve(game),
        "enumpoly": lambda game: nash.enumpoly_solve(game),
        "gnm": lambda game: nash.gnm_solve(game),
        "ipa": lambda game: nash.ipa_solve(game),
        "simpdiv": lambda game: nash.simpdiv_solve(start(game, True)),
        "liap": lambda game: nash.liap_solve(start(game, False)),
    }


def worker(pipe):
    import pygambit

    known = solvers(pygambit)
    pipe.send("ready")
    while True:
        path, job = pipe.recv()
        try:
            read = pygambit.read_nfg if path.endswith(".nfg") else pygambit.read_efg
            game = read(path)
            if job is None:
                pipe.send((len(game.players), bool(game.is_const_sum), bool(game.is_perfect_recall)))
            elif job == "shape":
                pipe.send(shape(game))
            elif isinstance(job, dict):
                pipe.send([regret(pygambit, game, profile) for profile in job["profiles"]])
            else:
                start = time.perf_counter()
                found = known[job](game).equilibria
                seconds = time.perf_counter() - start
                pipe.send((seconds, [point(game, profile) for profile in found], [whole(game, p) for p in found]))
        except Exception as error:
            pipe.send(error.__class__.__name__ + ": " + str(error))


def number(p):
    """An exact fraction of what pygambit gives: its rational, a decimal as the file has it, or a float to the last bit."""
    return Fraction(p) if isinstance(p, (float, Decimal)) else Fraction(int(p.numerator), int(p.denominator))


def behaviour_of(profile):
    return profile if hasattr(profile, "behavior") or type(profile).__name__.startswith("MixedBehavior") else profile.as_behavior()


def normal(probs):
    """Probabilities that sum to exactly 1; where nothing is said, the first action."""
    probs = [max(Fraction(0), p) for p in probs]
    total = sum(probs)
    return [p / total for p in probs] if total else [Fraction(k == 0) for k in range(len(probs))]


def whole(game, profile):
    """player -> information set -> list of probabilities as text, everywhere."""
    if not game.is_tree:
        return {
            player.label: {"strategy": [str(p) for p in normal([number(profile[s]) for s in player.strategies])]}
            for player in game.players
        }
    behaviour = behaviour_of(profile)
    table = {player.label: {} for player in game.players}
    for infoset in game.infosets:
        probs = [behaviour[infoset][action] for action in infoset.actions]
        probs = [number(p) if p is not None and p == p else Fraction(0) for p in probs]
        table[infoset.player.label][infoset.label] = [str(p) for p in normal(probs)]
    return table


def regret(pygambit, game, profile):
    """The largest regret of detente's profile in pygambit's own rational arithmetic, as text."""
    if game.is_tree:
        theirs = game.mixed_behavior_profile(rational=True)
        for infoset in game.infosets:
            for action, p in zip(infoset.actions, profile[infoset.player.label][infoset.label]):
                theirs[infoset][action] = pygambit.Rational(p)
    else:
        theirs = game.mixed_strategy_profile(rational=True)
        for player in game.players:
            for strategy, p in zip(player.strategies, profile[player.label]["strategy"]):
                theirs[strategy] = pygambit.Rational(p)
    return str(theirs.max_regret())


def shape(game):
    """What two files must share to be the same game: the tree in order, its sets and all payoffs."""
    if not game.is_tree:
        cells = [[str(number(game[c][p])) for p in game.players] for c in game.contingencies]
        return [[len(p.strategies) for p in game.players] + [0], *cells]
    rows, stack = [], [(game.root, [Fraction(0)] * len(game.players))]
    sets = {}
    while stack:
        node, paid = stack.pop()
        here = payoffs(node, game)
        paid = [a + b for a, b in zip(paid, here)]
        if node.is_terminal:
            rows.append([str(p) for p in paid])
            continue
        chance = node.player.is_chance
        key = (node.player.label, node.infoset.number)
        place = sets.setdefault(key, len(sets)) if not chance else "chance"
        who = "chance" if chance else list(game.players).index(node.player)
        probs = [str(number(a.prob)) for a in node.infoset.actions] if chance else len(node.children)
        rows.append([who, place, probs])
        stack.extend((child, paid) for child in reversed(list(node.children)))
    return rows


def payoffs(node, game):
    """What is paid on reaching a node; a node without an outcome says so by None or by an error."""
    try:
        outcome = node.outcome
        return [number(outcome[p]) for p in game.players] if outcome is not None else [Fraction(0)] * len(game.players)
    except (KeyError, ValueError):
        return [Fraction(0)] * len(game.players)


def point(game, profile):
    """(player, information set) -> action -> probability, without sets the player avoids."""
    if not game.is_tree:
        return {
            (player.label, "strategy"): {s.label: number(profile[s]) for s in player.strategies}
            for player in game.players
        }
    behaviour = behaviour_of(profile)
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
        try:
            if self.pipe.poll(self.timeout):
                return self.pipe.recv()
        except EOFError:
            self.process = None
            return "the process died"
        self.process.kill()
        self.process.join()
        self.process = None
        return None

    def close(self):
        if self.process is not None:
            self.process.kill()
