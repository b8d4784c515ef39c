"""Does a set of equilibria, as detente prints it, hold a given equilibrium?

A component gives one point and the range of everything that varies. A point is
held if each of its probabilities is within its range, or equal where nothing
varies. Probabilities at information sets that the point's own player avoids do
not count: they change nothing, and a plan need not say them.
"""

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
    return True


def self_test():
    half = {"value": 0.5, "exact": "1/2"}
    zero, one = {"value": 0.0, "exact": "0"}, {"value": 1.0, "exact": "1"}
    entry = {"player": "A", "decision": "d", "infoset": "h", "reached": True}
    component = {
        "profile": [{**entry, "actions": {"u": one, "d": zero}}, {**entry, "infoset": "g", "actions": {"u": half, "d": half}}],
        "free": [{"what": "action", **entry, "infoset": "g", "action": a, "low": zero, "high": half} for a in "ud"]
        + [{"what": "condition", "condition": "A.g: u + d = 1"}],
    }
    point = lambda h, g: {("A", "h"): {"u": Fraction(h), "d": 1 - Fraction(h)}, ("A", "g"): {"u": Fraction(g), "d": 1 - Fraction(g)}}
    assert holds(component, point(1, "1/2"))
    assert not holds(component, point(1, "1/3")), "d would exceed its range"
    assert not holds(component, point("1/2", "1/2"))
    assert holds(component, {("A", "h"): {"u": Fraction(1), "d": Fraction(0)}}), "avoided sets do not count"
    irrational = {**component, "free": [], "profile": [{**entry, "actions": {"u": {"value": 0.7, "radius": 1e-9}}}]}
    assert holds(irrational, {("A", "h"): {"u": Fraction(7, 10)}})
    assert not holds(irrational, {("A", "h"): {"u": Fraction(71, 100)}})
