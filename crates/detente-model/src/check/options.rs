//! Which options a council may declare, and which values each may have.
//!
//! The one idea: a theory's unsettled choices are named, so a model file says which ones it means and
//! a misspelt one is found before anything is computed. Words are those of the theories' own files,
//! in lower case with `_` between the parts.

use crate::council::OptionWord;
use detente_exact::Q;

/// The theories that can answer, in the order in which they are shown; baselines first.
///
/// `eu_own` is the expected-utility model with all choices as the options say; the last two need sides.
pub const THEORIES: &[&str] = &[
    "mean",
    "median",
    "eu_sure",
    "eu_even",
    "eu_code",
    "eu_own",
    "spatial",
    "spatial_markov",
    "exchange",
    "nash",
    "kalai_smorodinsky",
];

/// The theories in which two sides bargain; they need both sides and what holds without agreement.
pub const TWO_SIDED: &[&str] = &["nash", "kalai_smorodinsky"];

/// What an option may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowed {
    /// One of these words.
    One(&'static [&'static str]),
    /// Any of these words, in the order wanted.
    Many(&'static [&'static str]),
    /// A whole number between these.
    Whole(i64, i64),
    /// A number between these.
    Number(f64, f64),
    /// Actors of the council.
    Actors,
    /// One place for each issue, on its scale, in the order of the issues.
    Places,
    /// Two numbers, 0 or above: one for each side.
    Pair,
    /// Triples: an actor, the actor it follows, and how much (0 to 1).
    Following,
}

/// An option, what it may hold, and what it decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptionKind {
    pub name: &'static str,
    pub allowed: Allowed,
    /// One line for a user.
    pub about: &'static str,
}

const fn kind(name: &'static str, allowed: Allowed, about: &'static str) -> OptionKind {
    OptionKind { name, allowed, about }
}

/// Every option there is: general, spatial, expected-utility, exchange, two sides.
pub const OPTIONS: &[OptionKind] = &[
    kind("models", Allowed::Many(THEORIES), "the theories that answer, in this order"),
    kind("turns", Allowed::Whole(1, 1000), "the most turns a theory plays"),
    kind(
        "voting",
        Allowed::One(&["binary", "prop_bin", "prop", "prop_cbc", "cubic", "asym_prosp"]),
        "spatial: how strongly an actor votes for what is better for it",
    ),
    kind(
        "victory",
        Allowed::One(&["linear", "square", "quartic", "octic", "binary"]),
        "spatial: how likely the stronger coalition wins",
    ),
    kind(
        "election",
        Allowed::One(&["conditional", "markov_uniform", "markov_incentive"]),
        "spatial: how the odds of pairs become one distribution (`spatial_markov` keeps its own)",
    ),
    kind("risk_range", Allowed::One(&["min", "mid", "max"]), "spatial: from where to where attitudes reach"),
    kind(
        "risk_adjust",
        Allowed::One(&["none", "one_third", "half", "two_thirds", "full"]),
        "spatial: how far an observer sees the true attitudes of others",
    ),
    kind(
        "third_party",
        Allowed::One(&["no_commit", "semi_commit", "full_commit"]),
        "spatial: what a third party stakes",
    ),
    kind("interpolation", Allowed::One(&["s1p1", "s2p2", "s2pmax"]), "spatial: how far each side moves"),
    kind(
        "offers",
        Allowed::One(&["init_only_interp", "init_rcvr_interp", "pw_comp_interp"]),
        "spatial: whose view of the odds shapes an offer",
    ),
    kind(
        "target_view",
        Allowed::One(&["as_described", "as_published"]),
        "spatial: the target's view, as described or with the departures of published runs",
    ),
    kind(
        "transition",
        Allowed::One(&["deterministic", "stochastic"]),
        "spatial: the likeliest offer is taken, or one is drawn with its odds",
    ),
    kind("seed", Allowed::Whole(0, i64::MAX), "spatial: the seed of stochastic transitions"),
    kind("round_offers", Allowed::One(&["yes", "no"]), "spatial: offers to four decimals of a scale"),
    kind("least_gain", Allowed::Number(0.0, 4.0), "spatial: a challenge must promise more than this"),
    kind("least_turns", Allowed::Whole(1, 1000), "spatial: no rest before this turn"),
    kind(
        "rest_share",
        Allowed::Number(0.0, 1.0),
        "spatial: at rest below this share of the first turn's moves",
    ),
    kind("rest_floor", Allowed::Number(0.0, 1.0), "spatial: added to the first turn's moves"),
    kind("reading", Allowed::One(&["mean", "median", "winner"]), "spatial: what is read off the last turn"),
    kind("affinity", Allowed::Following, "spatial: whose positions an actor's ideal follows, and how much"),
    kind(
        "eu_numerator",
        Allowed::One(&["votes_for", "net_votes"]),
        "expected utility: above the line in the odds of winning",
    ),
    kind(
        "eu_denominator",
        Allowed::One(&["this_pair", "all_pairs"]),
        "expected utility: below the line in the odds of winning",
    ),
    kind(
        "eu_vote_risk",
        Allowed::One(&["nobody", "each_voter"]),
        "expected utility: whose risk exponent bends votes",
    ),
    kind(
        "eu_gain_risk",
        Allowed::One(&["the_viewer", "the_gainer"]),
        "expected utility: whose risk exponent values the gains of others",
    ),
    kind(
        "eu_status_quo",
        Allowed::Number(0.0, 1.0),
        "expected utility: Q, the chance that things stay if nobody challenges",
    ),
    kind(
        "eu_trend",
        Allowed::One(&["nearer_the_median", "even", "worse"]),
        "expected utility: T, whether things get better without a challenge",
    ),
    kind(
        "eu_range",
        Allowed::One(&["occupied_at_the_start", "occupied_each_round", "whole_scale"]),
        "expected utility: D, what distances are measured against",
    ),
    kind(
        "eu_risk",
        Allowed::One(&["compared_across_actors", "all_neutral"]),
        "expected utility: where risk exponents come from",
    ),
    kind(
        "eu_compromise",
        Allowed::One(&["least_move", "lowest_mean"]),
        "expected utility: which of several compromises is taken",
    ),
    kind(
        "eu_compelled",
        Allowed::One(&["yields", "never"]),
        "expected utility: whether an actor yields to a rival who gains less than it loses",
    ),
    kind(
        "eu_priority",
        Allowed::One(&["by_kind", "least_move"]),
        "expected utility: which kind of offer goes first",
    ),
    kind(
        "eu_tie",
        Allowed::One(&["first_actor", "weightier_rival"]),
        "expected utility: which of two equal moves is taken",
    ),
    kind("eu_outcome", Allowed::One(&["median", "mean"]), "expected utility: what is read off a round"),
    kind(
        "eu_settled",
        Allowed::Number(0.0, 1.0),
        "expected utility: settled when nobody moves by more than this share of the range",
    ),
    kind("exchange_rounds", Allowed::Whole(1, 1000), "exchange: the most rounds of trades"),
    kind("exchange_least_gain", Allowed::Number(0.0, 1.0), "exchange: each side must gain more than this"),
    kind(
        "coalition",
        Allowed::Actors,
        "studies: whose power as one voter, and whose weakest link, is looked at",
    ),
    kind("side_a", Allowed::Actors, "nash, kalai_smorodinsky: who bargains on the first side"),
    kind("side_b", Allowed::Actors, "nash, kalai_smorodinsky: who bargains on the second side"),
    kind(
        "no_agreement",
        Allowed::Places,
        "nash, kalai_smorodinsky: what holds without agreement, a place for each issue",
    ),
    kind(
        "breakdown_cost",
        Allowed::Pair,
        "nash, kalai_smorodinsky: what failing costs each side besides, in salience times parts of a scale",
    ),
    kind("power_a", Allowed::Number(0.0, 1.0), "nash: the bargaining power of the first side"),
];

/// The names of all options.
pub fn known_options() -> impl Iterator<Item = &'static str> + Clone {
    OPTIONS.iter().map(|option| option.name)
}

/// What the option of this name may hold.
pub fn option_values(name: &str) -> Option<Allowed> {
    OPTIONS.iter().find(|option| option.name == name).map(|option| option.allowed)
}

impl Allowed {
    /// The words that may stand here; none if it is a number or speaks of the council.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Allowed::One(words) | Allowed::Many(words) => words,
            _ => &[],
        }
    }

    /// May several values stand here?
    pub fn many(self) -> bool {
        !matches!(self, Allowed::One(_) | Allowed::Whole(..) | Allowed::Number(..))
    }

    /// May the same value stand here twice?
    pub fn repeats(self) -> bool {
        matches!(self, Allowed::Places | Allowed::Pair | Allowed::Following)
    }

    /// What may stand here, for a user.
    pub fn describe(self) -> String {
        match self {
            Allowed::One(words) => words.join(", "),
            Allowed::Many(words) => format!("any of {}", words.join(", ")),
            Allowed::Whole(lo, i64::MAX) => format!("a whole number from {lo}"),
            Allowed::Whole(lo, hi) => format!("a whole number from {lo} to {hi}"),
            Allowed::Number(lo, hi) => format!("a number from {lo} to {hi}"),
            Allowed::Actors => "actors of the council".into(),
            Allowed::Places => "a place on the scale of each issue, in their order".into(),
            Allowed::Pair => "two numbers, 0 or above".into(),
            Allowed::Following => "actor, actor it follows, share from 0 to 1; and so on".into(),
        }
    }

    /// Is everything right with an option's values at a table of these actors and issues (with their
    /// scales)?
    ///
    /// # Errors
    /// The position of the value that is at fault, and what is wrong with it; the number of values if
    /// something is missing.
    pub fn judge(
        self,
        values: &[OptionWord],
        actors: &[&str],
        scales: &[(f64, f64)],
    ) -> Result<(), (usize, String)> {
        let count = values.len();
        for (at, value) in values.iter().enumerate() {
            self.accepts(at, value, actors, scales).map_err(|problem| (at, problem))?;
            if !self.repeats() && values[..at].contains(value) {
                return Err((at, "named twice; name it once".into()));
            }
            if at > 0 && !self.many() {
                return Err((at, "one value too many; keep one of them".into()));
            }
        }
        match self {
            _ if count == 0 => Err((0, "it has no value".into())),
            Allowed::Places if count != scales.len() => {
                Err((count, format!("it needs a place for each of {} issues", scales.len())))
            }
            Allowed::Pair if count != 2 => Err((count, "it needs two numbers, one for each side".into())),
            Allowed::Following if !count.is_multiple_of(3) => {
                Err((count, "it needs three values each time: actor, actor it follows, share".into()))
            }
            _ => Ok(()),
        }
    }

    fn accepts(
        self,
        at: usize,
        value: &OptionWord,
        actors: &[&str],
        scales: &[(f64, f64)],
    ) -> Result<(), String> {
        let number = |lo: f64, hi: f64| match value {
            OptionWord::Number(x) if (lo..=hi).contains(&x.to_f64()) => Ok(()),
            OptionWord::Number(_) if hi.is_finite() => Err(format!("not a number from {lo} to {hi}")),
            OptionWord::Number(_) => Err(format!("not a number from {lo}")),
            OptionWord::Word(_) => Err("a word, where a number is needed".into()),
        };
        let actor = || match value {
            OptionWord::Word(word) if actors.contains(&word.as_str()) => Ok(()),
            OptionWord::Word(_) => Err(format!("not an actor; actors are {}", actors.join(", "))),
            OptionWord::Number(_) => Err("a number, where an actor is needed".into()),
        };
        match (self, value) {
            (Allowed::One(words) | Allowed::Many(words), OptionWord::Word(word)) => {
                let known = words.contains(&word.as_str());
                known.then_some(()).ok_or_else(|| "not one of its values".to_string())
            }
            (Allowed::One(_) | Allowed::Many(_), OptionWord::Number(_)) => {
                Err("a number, where a word is needed".into())
            }
            (Allowed::Whole(lo, hi), OptionWord::Number(number)) => {
                let inside = *number >= Q::new(lo, 1) && *number <= Q::new(hi, 1);
                let fits = inside && number.to_i64().is_some();
                fits.then_some(()).ok_or_else(|| format!("not {}", self.describe()))
            }
            (Allowed::Whole(..), OptionWord::Word(_)) => Err("a word, where a number is needed".into()),
            (Allowed::Number(lo, hi), _) => number(lo, hi),
            (Allowed::Pair, _) => number(0.0, f64::INFINITY),
            (Allowed::Places, _) => match scales.get(at) {
                Some((lo, hi)) => number(*lo, *hi),
                None => Err(format!("one too many: the council has {} issues", scales.len())),
            },
            (Allowed::Actors, _) => actor(),
            (Allowed::Following, _) if at % 3 == 2 => number(0.0, 1.0),
            (Allowed::Following, _) => actor(),
        }
    }
}

/// What the two-sided theories still need, if one of them is named or a side is declared. Where only two
/// actors sit at the table they are the sides.
///
/// `given` tells whether an option was given.
pub fn missing_sides(models: &[&str], actors: usize, given: impl Fn(&str) -> bool) -> Option<&'static str> {
    let wanted = models.iter().any(|m| TWO_SIDED.contains(m)) || given("side_a") || given("side_b");
    let own = actors == 2 && !given("side_a") && !given("side_b");
    let needed = if own { &["no_agreement"][..] } else { &["side_a", "side_b", "no_agreement"] };
    needed.iter().copied().find(|name| wanted && !given(name))
}
