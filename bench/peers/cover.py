"""Does a set of equilibria, as detente prints it, hold a given equilibrium?

A component gives one point, the range of everything that varies, and the joint
conditions, piece by piece. A point is held if each of its probabilities is within
its range, or equal where nothing varies, and all conditions of some piece hold. Probabilities at information sets that the point's own player avoids do
not count: they change nothing, and a plan need not say them.
"""

import re
from fractions import Fraction


def bounds(number):
    """The interval of a printed number: exact, or value with radius."""
    if "exact" in number:
        exact = Fraction(number["exact"])
        return exact, exact
    value, radius = Fraction(number["value"]), Fraction(number.get("radius", 0))
    return value - radius, value + radius


def ranges(component):
    """(player, information set) -> action -> lowest and highest probability."""
    table = {}
    for entry in component["profile"]:
        key = (entry["player"], entry["infoset"])
        if key in table:
            key = (entry["player"], f"{entry['decision']}: {entry['infoset']}")
        table[key] = {action: bounds(number) for action, number in entry["actions"].items()}
    for entry in component["free"]:
        if entry.get("what") == "action":
            low, high = bounds(entry["low"])[0], bounds(entry["high"])[1]
            table[(entry["player"], entry["infoset"])][entry["action"]] = (low, high)
    return table


def names(component):
    """How conditions write the probability of each action: text -> (player, information set, action)."""
    table = {}
    for entry in component["profile"]:
        player, decision, infoset = entry["player"], entry["decision"], entry["infoset"]
        place = f"{player}.{decision}" if infoset in ("", decision) else f"{player}.{decision}[{infoset}]"
        for action in entry["actions"]:
            table[f"{place}.{action}"] = (player, infoset, action)
    return table


def evaluate(side, table, point):
    """A sum of products of numbers and names; None if it names a set the point avoids."""
    total = Fraction(0)
    for term in side.split(" + "):
        product, unknown = Fraction(1), False
        for factor in re.findall(r"@\d+|[^*]+", term):
            if factor.startswith("@"):
                player, infoset, action = table[int(factor[1:])]
                actions = point.get((player, infoset))
                unknown |= actions is None
                product *= actions[action] if actions else 1
            else:
                product *= Fraction(factor)
        if unknown and product != 0:
            return None
        total += product
    return total


def satisfies(condition, component, point):
    """Whether a condition holds; beliefs and avoided sets do not count."""
    listed = names(component)
    order = sorted(listed, key=len, reverse=True)
    for k, name in enumerate(order):
        condition = condition.replace(name, f"@{k}")
    table = [listed[name] for name in order]
    sides = re.fullmatch(r"(.*) (<=|>=|=) (.*)", condition)
    if "belief(" in condition or "tremble(" in condition or sides is None:
        return True
    left, right = (evaluate(side, table, point) for side in (sides[1], sides[3]))
    if left is None or right is None:
        return True
    return {"<=": left <= right, ">=": left >= right, "=": left == right}[sides[2]]


def in_some_piece(component, point):
    pieces = {}
    for entry in component["free"]:
        if entry.get("what") == "condition":
            pieces.setdefault(entry.get("piece", 1), []).append(entry["condition"])
    listed = [pieces.get(k, []) for k in range(1, max(pieces, default=1) + 1)]
    return any(all(satisfies(c, component, point) for c in piece) for piece in listed)


def holds(component, point):
    """`point` maps (player, information set) to action -> probability, avoided sets left out."""
    table = ranges(component)
    for key, actions in point.items():
        if key not in table:
            raise KeyError(f"the answer has no information set {key}")
        for action, probability in actions.items():
            low, high = table[key][action]
            if not low <= probability <= high:
                return False
    return in_some_piece(component, point)


def self_test():
    half = {"value": 0.5, "exact": "1/2"}
    zero, one = {"value": 0.0, "exact": "0"}, {"value": 1.0, "exact": "1"}
    entry = {"player": "A", "decision": "d", "infoset": "h", "reached": True}
    component = {
        "profile": [{**entry, "actions": {"u": one, "d": zero}}, {**entry, "infoset": "g", "actions": {"u": half, "d": half}}],
        "free": [{"what": "action", **entry, "infoset": "g", "action": a, "low": zero, "high": half} for a in "ud"]
        + [{"what": "condition", "condition": "3*A.d[g].u <= 2*A.d[g].d + 1/2"}],
    }
    point = lambda h, g: {("A", "h"): {"u": Fraction(h), "d": 1 - Fraction(h)}, ("A", "g"): {"u": Fraction(g), "d": 1 - Fraction(g)}}
    assert holds(component, point(1, "1/2"))
    assert not holds(component, point(1, "1/3")), "d would exceed its range"
    assert not holds(component, point("1/2", "1/2"))
    assert holds(component, {("A", "h"): {"u": Fraction(1), "d": Fraction(0)}}), "avoided sets do not count"
    assert not in_some_piece(component, point(1, "3/4")), "9/4 is more than 1"
    irrational = {**component, "free": [], "profile": [{**entry, "actions": {"u": {"value": 0.7, "radius": 1e-9}}}]}
    assert holds(irrational, {("A", "h"): {"u": Fraction(7, 10)}})
    assert not holds(irrational, {("A", "h"): {"u": Fraction(71, 100)}})
