//! Proofs of completeness as plain data: what a referee needs to replay a search.
//!
//! The game is cut into **stages**, one per subgame, innermost first. A stage is
//! the subgame's tree in which every nested subgame that was solved to single
//! payoff vectors is replaced by a terminal; which of its components is played
//! there is a *choice*. A stage's proof is a tree of cases whose leaves are
//! either refuted or kept as cells of listed equilibria.
//!
//! # State
//! Every action of the stage has a status: `Zero` (probability 0), `Positive`, or
//! undecided. Statuses come from `Split` and `Forced` steps on the way down. When
//! all actions but one of a set are `Zero`, the last is `Positive`
//! (in Nash proofs too). `Split`, `MustBePositive`, `MustBeZero` and `Dominated` are about
//! undecided actions only. (But where the last three contradict a status, they refute the
//! state if `Refuted` follows.) Members of sets are named by their **node ids**, actions by
//! their position in the set. A Nash certificate has one stage; every other stage but the
//! last is nested in exactly one later stage.
//!
//! # Variables, all within [0, 1] except values
//! * `Weight(h, a)`: plan weight, the product of the owner's probabilities along the
//!   owner's own path up to and including `(h, a)` *within the stage*. The weight before
//!   the owner's first move is the constant 1; call `before(h)` the weight of the owner's
//!   last action before `h`. In Nash proofs a `Zero` action has weight 0. In sequential
//!   proofs the weight of a `Zero` action stands for its tremble's leading coefficient:
//!   it is strictly positive, and everything below it is relative to it.
//! * `Value(h)`: the owner's best continuation value at `h`, times the weights of the
//!   others and of chance. It lies in [-M, M], where M sums, over the members x of h,
//!   the chance probability of x within the stage times the largest absolute payoff of
//!   the owner in any terminal below x (over all choices of nested components).
//!
//! A weight is strictly positive if every action of its owner on the way, itself included,
//! is `Positive` (sequential: `Positive` or `Zero`, but not at or below an action whose
//! weight `AnyBelief` lets be 0). With an undecided action on the way it is merely >= 0.
//! In Nash proofs a set behind a `Zero` action of its owner is never played: its weights
//! are 0 whatever their status, and all its `Best` rows are >= 0. Nash proofs decide actions
//! of a set (`Split`, `MustBe..`, `Dominated`) only when all actions of its owner before it
//! are `Positive`.
//!
//! # Rows, each a polynomial p with p = 0 or p >= 0
//! * `Flow(h)`: sum of `Weight(h, b)` over actions not `Zero`, minus `before(h)`; = 0.
//! * `Best(h, b)`: `Value(h)` minus the sum over *live* terminals z reached from h by b
//!   without a further move of the owner, of chance(z) * payoff(owner, z) * product over
//!   the other players of the weight of their last action before z; minus the sum of
//!   `Value(g)` over the owner's next sets g after (h, b) that a live member leads to.
//!   = 0 if `(h, b)` is `Positive`, or if the `Best` rows of all actions of h that are not
//!   `Zero` are the same polynomial (then the owner is indifferent and the value is theirs);
//!   else >= 0. chance(z) is the product within the stage.
//!   In Nash proofs every path is live whose other players' actions are not `Zero`.
//!   In sequential proofs let Z(x) be the set of `Zero` actions of *other* players on the
//!   path from the stage's root to a member x. The leading members of h: if the owner's
//!   previous set has leading members and live paths from them, after the owner's action
//!   there, enter h, those entered (a `Zero` action on all paths between the two sets cuts none of
//!   them off: it makes no member less likely than another). Otherwise those with Z(x) = Z*, where Z* is a member's set contained in every other member's; if no
//!   such member exists, they are the set chosen by a `Beliefs` step, and before that
//!   step h has no rows. Live paths start at leading members and go on through actions
//!   of others that are not `Zero`. A `Value(g)` is included if a live path enters g.
//!   A next set g of the owner must then have as leading members exactly the members
//!   that live paths enter.
//!   After `Beliefs`, h has rows only once every action of others on the paths to the chosen
//!   members is decided: the weight of an undecided action is 0 where it is not played,
//!   which would hide a member that trembles reach.
//!   A nested stage with several payoff vectors must be chosen before a row uses it.
//!   In sequential proofs of stages in which three or more players move, `Best` rows are
//!   relative to what all members share: let C(h) be the weights of other players' actions
//!   that are their owner's last on the path to every member of h, where the owner does not
//!   move below any member of h within the stage. Weights in C(h) are left out of the
//!   products of `Best(h, ..)`, and `Value(g)` is multiplied by the weights in C(g) that are
//!   not in C(h). With two players moving, C(h) is empty.
//! * `Belief(h)`, after an `AnyBelief` step: the sum over members of the weight of the
//!   member's own `Zero` action (the first such on its path) minus 1; = 0. A scale, not a
//!   restriction: these weights occur in no other set's rows.
//! * `Unit(h, a)`, after a `Scale` step whose group contains this weight: the sum of the group's
//!   weights minus 1; = 0.
//! * A weight or value fixed by a `Fix` or `Roots` step is replaced by its number. So is the
//!   weight of the only action of a set that is not `Zero`, if `before(h)` is the constant 1
//!   or such a weight: it is 1, whatever was fixed before.
//!
//! All products are of weights of different players, so with two players every row is
//! linear.
//!
//! # Combinations
//! A list of rows with multipliers proves things about P = sum of multiplier * row:
//! P >= 0 everywhere (multipliers of `>=` rows must be >= 0; of `=` rows any sign).
//! It **refutes** the state if the upper bound of P is negative, where each monomial of
//! weights counts as at most its coefficient if positive and 0 if negative, and a value, or
//! a product with one, counts its coefficient's size times the value's M; or if that bound is 0 and some monomial with
//! a negative coefficient has only strictly positive weights. (A monomial of two or more
//! weights counts as one number in [0, 1]. A constant counts as itself in the bound and is
//! no such monomial.)
//!
//! `Roots` and `Boxes` look at the **reduced** polynomial of a combination: in it the
//! weight of each set's last action that is not `Zero` is replaced by `before(h)` minus the
//! weights of the set's other actions that are not `Zero`, until no such weight is left
//! (sets whose weights are fixed keep their numbers). Values must cancel, but for the
//! variable of a `Fix`.
//!
//! # Scales
//! In a sequential proof, once every action of the stage is decided and every set has its rows,
//! let a group of trembles (as under *Cells*, but none of them and no weight measured in them
//! known yet) be such that multiplying it by one number changes no row. Then every equilibrium has weights
//! in which the group sums to 1: `Scale` says so, once for each group, and adds the row `Unit`.
//!
//! # What must stay true below a step
//! In sequential proofs the meaning of a weight or value changes when an undecided action
//! becomes `Zero`. `Fix` (unless the value is > 0) and `Roots` (unless all are > 0) of
//! `Weight(h, a)` therefore need every action of the
//! owner on the way to be decided, and of `Value(h)` every action of the other players on
//! the paths to the members of h. `Beliefs(h)` and `AnyBelief(h)` must come before a `Fix`
//! whose number they would change (`Value(h)` and the owner's values below h at sets with
//! several members; weights and values at and below the actions that `AnyBelief` frees).
//!
//! # Dominance
//! Sequential: the members that can have positive belief are the leading ones if `Beliefs`
//! chose them or if one of them has no undecided action of others on its path; else all but
//! those whose `Zero` actions strictly contain another's `Zero` *and undecided* actions.
//! Here, and wherever a step needs decided actions on the paths to members, actions on every
//! member's path do not count: they make no member less likely than another.
//! Nash: members are those with no `Zero` action of others on their path, and one of them
//! must have only `Positive` ones there: where play may never come nothing is dominated.
//!
//! # Cells
//! A cell is a proof only if what it leaves is one connected piece. So at the leaf (for a
//! `Both`: in all leaves of one of its parts) every set of the stage must be **settled**: its
//! `Best` rows exist and are linear (as they are or reduced, or, where the owner has not moved
//! before, once one of them that is `= 0` is subtracted from the others) in what is neither fixed nor boxed, and its actions are
//! decided, or the `Best` rows of those that are not `Zero` are the same polynomial, or
//! (Nash) no play of its owner leads to it, or (sequential) `Dominated` left it one action.
//! (Nash) A row that is `>= 0` need not be linear if it is **idle**: reduced, and without values, it is at least 0
//! at every corner of the ranges that the stage's rows in one weight give the weights, each within [0, 1].
//! In sequential proofs rows may become linear by a **scale**: a group G of `Zero` weights,
//! neither known nor boxed nor freed by `AnyBelief`, such that in the `Best` rows of each set
//! of the stage every product without a value holds exactly one weight of G or below it, or no
//! such product does; rows add only values of sets of their own kind, without weights of G;
//! and no set without rows lies behind G. Then G and all that is measured in it may be multiplied by one number, so in
//! reduced rows one weight of G may be replaced by 1 minus the others. A leaf (for a `Both`: a choice of one
//! leaf from each part) must have a component that lists all its cells. In a nested stage every player's
//! expected payoff must follow at each leaf: as a polynomial in the weights, or through the
//! `Value`s of the player's first sets, it equals the component's number after reduction.
//! In proofs about subgame-perfect equilibria, a set in a subgame without a stage of its own is
//! settled only where every action on the way to that subgame has a weight strictly above 0.
//! The last stage's components are the solution's, in order; one that lists no cell claims none.
//! Every listed equilibrium must itself arrive at a leaf of its component.
//!
//! # Contacts
//! `joins` and `points` of a stage show that a component is one piece. They prove nothing about
//! other equilibria: where they fail, that the component is connected is not confirmed. A `Join`
//! is about two lists of cells. Fill both with the same other cells to two choices of a leaf from
//! each part, and all weights not named with the numbers in `points`, or 1. Then `end` is a point of
//! the choice with `to`. Let `start` be a point of the choice with `from`, and follow the line
//! from it to `end`, where weights that are 0 with `to` and not with `from` go to 0: shortly
//! before the end all its points must be equilibria with `from`, and their limit, beliefs
//! included, must be the equilibrium at `end`. (Probabilities and beliefs on the line are
//! quotients of polynomials in the distance from the end, so their limits are quotients of
//! lowest coefficients.)
//!
//! # Logit equilibria
//! With `logit`, the certificate has no stages. It says that an agent logit equilibrium
//! (McKelvey and Palfrey 1998) at `lambda` lies within the printed radius of every printed
//! probability: that the equations y(h, a) = lambda * w * (u(h, a) - u(h, 0)) have a solution y
//! there, where y(h, a) is the logarithm of the odds of `a` against the first action of h,
//! u(h, a) the payoff that its owner expects from it at h, given the beliefs, and w the owner's
//! weight (1 where none are given). The referee
//! finds a box around `odds` that its interval Newton image maps into its own interior
//! (Krawczyk 1969), so it holds exactly one solution, and compares what is printed with what
//! follows from the whole box. That this solution is on the principal branch is not proven.
//! Without `logit`, a `qre` answer is a limit as lambda grows: what is checked is that it is a
//! sequential equilibrium, up to the gap.

use detente_exact::Q;
use serde::{Deserialize, Serialize};

/// A whole proof.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// Format version, 1.
    pub version: u32,
    /// Digest of the game, see [`crate::Game::sha256`].
    pub game: String,
    /// Value of every parameter, in order: the game proven is the game at these numbers.
    pub params: Vec<Q>,
    /// `nash`, `spe`, `sequential` or `qre`.
    pub concept: String,
    /// Innermost subgames first; the last stage is the whole game. Empty where nothing is
    /// said about other equilibria.
    pub stages: Vec<Stage>,
    /// Only with the concept `qre`: the precision, and where the equilibrium lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logit: Option<Logit>,
    /// Only for two players in strategic form: the proof by cases of [`crate::matrix`], in place of
    /// stages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrix: Option<crate::matrix::MatrixProof>,
    /// Only for Nash equilibria of two players: the proof by cases of [`crate::sequences`], in place of stages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequences: Option<crate::sequences::SequenceProof>,
    /// Beside one Nash profile with a gap: a device that is certainly a coarse correlated equilibrium within its
    /// own gain. It says nothing about the list of equilibria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coarse: Option<crate::coarse::Coarse>,
}

/// What the proof of a logit equilibrium needs, see the module's documentation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logit {
    /// The precision of choice, at least 0, in 1 / payoff units.
    pub lambda: Q,
    /// Per player: what `lambda` is multiplied by to give the player's own precision, at least 0.
    /// Empty where all choose with the same precision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<Q>,
    /// `odds[h][a]`: about the logarithm of the probability of action `a` over that of
    /// action 0. These steer the proof and claim nothing.
    pub odds: Vec<Vec<f64>>,
}

/// The proof of one subgame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Root node of the subgame.
    pub root: u32,
    /// Stages whose roots are replaced by terminals here.
    pub nested: Vec<u32>,
    /// Payoff vector of each component of this stage, at its root (payments before the
    /// root included, as in [`crate::Numbers::payoffs`]); empty if this stage is the
    /// whole game or is not used as nested.
    pub payoffs: Vec<Vec<Q>>,
    /// The cells that make up each component. Every cell of the proof is in some component.
    pub components: Vec<Vec<u32>>,
    pub proof: Proof,
    /// Where cells of one component touch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<Join>,
    /// Per cell that is one factor of several: one of its points.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<(u32, Weights)>,
}

/// Numbers of weights: information set, action, weight.
pub type Weights = Vec<(u32, u32, Q)>;

/// Two lists of cells that touch, see *Contacts* in the module's documentation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Join {
    pub from: Vec<u32>,
    pub to: Vec<u32>,
    pub start: Weights,
    pub end: Weights,
}

/// One step of a proof by cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A stage with perfect information and no nested continuum: the set of its
    /// equilibria (subgame-perfect ones, so not in Nash proofs) is nonempty and connected, because at each node the best actions are a
    /// closed convex-valued correspondence of connected continuations. One component.
    /// Only as the whole proof of a stage; nested stages must have one component each, and
    /// if this stage is nested, tied actions must give everybody equal payoffs.
    PerfectInformation { cell: u32 },
    /// The action is `Zero` or `Positive`.
    Split { infoset: u32, action: u32, zero: Box<Proof>, positive: Box<Proof> },
    /// A nested stage plays one of its components.
    Choose { stage: u32, options: Vec<Proof> },
    /// The action must be `Zero`: at every member that can have positive belief (the
    /// leading members, if chosen by a belief step or if one of them has no undecided
    /// action of others on its path apart from those on every member's path; else all
    /// members), its highest continuation value is below the lowest one of `than`, whatever is played
    /// at actions not `Zero` and whichever component nested stages play. If it is
    /// `Positive` already, the state is impossible and `then` is `Refuted` by nothing.
    /// In Nash proofs, some member's path has only `Positive` actions (the owner's too).
    Dominated { infoset: u32, action: u32, than: u32, then: Box<Proof> },
    /// An action must be `Positive`, because `Zero` is refuted by the combination.
    MustBePositive { infoset: u32, action: u32, combination: Vec<(Row, Q)>, then: Box<Proof> },
    /// An action must be `Zero`, because `Positive` is refuted by the combination.
    MustBeZero { infoset: u32, action: u32, combination: Vec<(Row, Q)>, then: Box<Proof> },
    /// The leading members of a set whose `Zero` sets are incomparable: each nonempty
    /// subset of members is an option or is excluded by a labelling refutation. Subsets may be
    /// left out that part members with equal `Zero` sets (all decided), or hold a member
    /// whose `Zero` set strictly contains another's `Zero` and undecided actions. Labels
    /// refute if the sum of multiplier * condition has only coefficients <= 0 of orders
    /// (each is >= 0, and 0 if `Positive`) and a right side > 0. `Equal` and `Larger` speak
    /// of this set's subset and of sets with an earlier `Beliefs` step.
    Beliefs { infoset: u32, options: Vec<(Vec<u32>, Proof)>, excluded: Vec<(Vec<u32>, Vec<(Label, Q)>)> },
    /// As `Beliefs`, for a set where every nonempty set of leading members is possible:
    /// each member has its own `Zero` action that leads to no other set with several
    /// members. All members count as leading and these weights may be 0 (not all).
    /// Every action of others on the members' paths must be decided.
    AnyBelief { infoset: u32, then: Box<Proof> },
    /// A weight or value is a number: the combination of `=` rows equals
    /// S * (variable - value), where S is a sum of products of weights with coefficients of one
    /// sign, at least one product strictly positive.
    Fix { variable: Variable, value: Q, combination: Vec<(Row, Q)>, then: Box<Proof> },
    /// The combination's polynomial in one weight has these roots in [0, 1], and no
    /// other; one case each, in ascending order. Irrational roots are isolating intervals.
    /// `=` rows only; a common monomial of strictly positive weights is divided out.
    Roots { variable: Variable, combination: Vec<(Row, Q)>, cases: Vec<(Q, Q, Proof)> },
    /// The weights of these trembles sum to 1, because only their ratios matter: see *Scales*.
    Scale { group: Vec<(u32, u32)>, then: Box<Proof> },
    /// Independent parts: every equilibrium of the state lies in a leaf of each part.
    Both { parts: Vec<Proof> },
    /// No equilibrium has this state.
    Refuted { combination: Vec<(Row, Q)> },
    /// Refuted because a fixed number leaves its domain: the last `Fix` of this variable.
    OutOfRange { variable: Variable },
    /// Every point of the state's remaining box is excluded or lies in a listed root box.
    Boxes { boxes: BoxProof },
    /// Equilibria of this state, if any, belong to the stage's components that list this
    /// cell; under a `Both`, the cell is one factor of them.
    Cell { cell: u32 },
    /// Not decided: the answer is at most `exact-some`.
    Open { why: String },
}

impl Proof {
    /// Returns the steps that follow this one, in the order in which they are written.
    pub fn next_mut(&mut self) -> Vec<&mut Proof> {
        match self {
            Proof::Split { zero, positive, .. } => vec![zero, positive],
            Proof::Choose { options, .. } | Proof::Both { parts: options } => options.iter_mut().collect(),
            Proof::Beliefs { options, .. } => options.iter_mut().map(|(_, proof)| proof).collect(),
            Proof::Roots { cases, .. } => cases.iter_mut().map(|(_, _, proof)| proof).collect(),
            Proof::Dominated { then, .. }
            | Proof::MustBePositive { then, .. }
            | Proof::MustBeZero { then, .. }
            | Proof::AnyBelief { then, .. }
            | Proof::Fix { then, .. }
            | Proof::Scale { then, .. } => vec![then],
            Proof::PerfectInformation { .. }
            | Proof::Refuted { .. }
            | Proof::OutOfRange { .. }
            | Proof::Boxes { .. }
            | Proof::Cell { .. }
            | Proof::Open { .. } => vec![],
        }
    }
}

/// A row of the state, see the module's documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    Flow(u32),
    Best(u32, u32),
    Belief(u32),
    Unit(u32, u32),
}

/// A variable of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variable {
    Weight(u32, u32),
    Value(u32),
}

/// A condition on tremble orders, used to exclude a set of leading members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// order(h, a) >= 1 for a `Zero` action.
    AtLeastOne(u32, u32),
    /// The orders of two leading members of a set are equal: order(x) - order(y) = 0.
    Equal(u32, u32),
    /// A member that is not leading has a larger order: order(x) - order(y) >= 1.
    Larger(u32, u32),
}

/// A search over boxes for the roots of a square system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxProof {
    /// The unknown weights, in the order of the boxes' coordinates.
    pub variables: Vec<Variable>,
    /// One combination per unknown; `=` rows only, values cancel.
    pub equations: Vec<Vec<(Row, Q)>>,
    /// Further combinations that are >= 0.
    pub inequalities: Vec<Vec<(Row, Q)>>,
    pub root: BoxStep,
}

/// Conditions of a box search times numbers. In every equilibrium, equations are 0, inequalities and
/// weights at least 0; so a sum in which only equations have negative multipliers is never below 0.
pub type BoxSum = Vec<(BoxPart, Q)>;

/// A condition of a box search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxPart {
    /// The equation with this position.
    Equation(u32),
    /// The inequality with this position.
    Inequality(u32),
    /// The weight of this action of this information set, as the unknowns give it.
    Weight(u32, u32),
}

/// A part of a box that is left out: what lies above `at` along a coordinate, or below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxCut {
    pub coordinate: u32,
    pub at: Q,
    pub above: bool,
    /// Below 0 all over the part.
    pub sum: BoxSum,
}

/// One step of a box search; boxes are bisected at their midpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxStep {
    /// Bisect along a coordinate.
    Bisect(u32, Box<BoxStep>, Box<BoxStep>),
    /// The equation's range over the box excludes 0. (A polynomial in which every unknown
    /// has power 1 takes its extremes at the box's corners.)
    NoRoot(u32),
    /// The inequality's range over the box is negative.
    Violated(u32),
    /// Krawczyk's image of the box does not meet the box: no root.
    Missed,
    /// The sum is below 0 all over the box, so no equilibrium lies there.
    Never(BoxSum),
    /// Parts of the box are left out one after the other, each because its sum is below 0 all over it.
    Cuts { cuts: Vec<BoxCut>, then: Box<BoxStep> },
    /// Not decided: equilibria in this box may be missing from the list.
    Open,
    /// All roots in this box lie in the listed one, which contains every point that the box
    /// shares with its Krawczyk image.
    Shrink { low: Vec<Q>, high: Vec<Q>, then: Box<BoxStep> },
    /// Any root in this box is the one root in the listed box, found by Krawczyk's test: the
    /// listed box contains this box and is mapped into its own interior.
    Root { low: Vec<Q>, high: Vec<Q>, cell: u32 },
    /// Any root in this box is the one root in the listed box, as for `Root`, and there the
    /// action's weight is below 0, or is 0 though the action is used. `point` is that root
    /// where it is rational.
    Outside {
        low: Vec<Q>,
        high: Vec<Q>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        point: Option<Vec<Q>>,
        infoset: u32,
        action: u32,
    },
}
