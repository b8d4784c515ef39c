//! What the expected-utility model leaves open, each opening a named choice.
//!
//! The one idea: published accounts agree on the utilities and differ on almost everything around them,
//! and the differences move the answer; so nobody may have to guess which reading was run.
//! Sources: Bueno de Mesquita, B. "A decision making model: its structure and form", International
//! Interactions 23 (1997); Scholz, J., Calbert, G., Smith, G. "Unravelling Bueno de Mesquita's group
//! decision model", Journal of Theoretical Politics 23 (2011); their public re-implementations, which
//! disagree with each other.

use crate::spatial::options::Named;

/// What stands above the line in the probability that one position beats another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numerator {
    /// The votes for the position (Scholz et al. 2011; most re-implementations).
    VotesFor,
    /// The votes for it less the votes against it, if that is positive (the net support that the text of
    /// the 1990s can also be read to mean).
    NetVotes,
}

impl Named for Numerator {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Numerator::VotesFor, "votes for"), (Numerator::NetVotes, "net votes")];
}

/// What stands below the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denominator {
    /// All votes cast between these two positions, so that the two probabilities sum to 1 (1997).
    Pair,
    /// All votes over all ordered pairs of actors: probabilities become tiny (the code of Scholz et al.,
    /// as replicated).
    AllPairs,
}

impl Named for Denominator {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Denominator::Pair, "this pair"), (Denominator::AllPairs, "all pairs")];
}

/// Whose risk exponent bends the votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteRisk {
    /// Nobody's: votes are linear in distance.
    Nobody,
    /// Each voter's own (the code of Scholz et al., as replicated).
    Voter,
}

impl Named for VoteRisk {
    const NAMES: &'static [(Self, &'static str)] =
        &[(VoteRisk::Nobody, "nobody"), (VoteRisk::Voter, "each voter")];
}

/// Whose risk exponent an actor uses for the gains of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GainRisk {
    /// Its own, for everybody (1997; Scholz et al. 2011).
    Viewer,
    /// That of whoever would gain, as if known.
    Gainer,
}

impl Named for GainRisk {
    const NAMES: &'static [(Self, &'static str)] =
        &[(GainRisk::Viewer, "the viewer"), (GainRisk::Gainer, "the gainer")];
}

/// Whether things are thought to get better without a challenge: the share T of `better` in what
/// happens when the status quo does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// T is 1 if the actor is nearer to the median than to its rival, else 0 (1997).
    NearerMedian,
    /// T is one half.
    Even,
    /// T is 0: things only get worse.
    Worse,
}

impl Named for Trend {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Trend::NearerMedian, "nearer the median"), (Trend::Even, "even"), (Trend::Worse, "worse")];
}

/// The length that distances are measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The occupied range at the start, kept (as replicated).
    Initial,
    /// The occupied range of each round.
    EachRound,
    /// The whole scale of the issue.
    Scale,
}

impl Named for Range {
    const NAMES: &'static [(Self, &'static str)] = &[
        (Range::Initial, "occupied at the start"),
        (Range::EachRound, "occupied each round"),
        (Range::Scale, "whole scale"),
    ];
}

/// Where an actor's risk exponent comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// From how much others would gain by challenging it, compared across actors (Scholz et al. 2011).
    AcrossActors,
    /// All exponents are 1.
    Neutral,
}

impl Named for Security {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Security::AcrossActors, "compared across actors"), (Security::Neutral, "all neutral")];
}

/// Which compromise an actor takes when several are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compromise {
    /// The one that moves it least (the text of 1997 and 2011).
    LeastMove,
    /// The one whose mean of both positions, weighted by gains, is lowest on the scale (the code of
    /// Scholz et al., as replicated; it favours one end of the scale).
    LowestMean,
}

impl Named for Compromise {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Compromise::LeastMove, "least move"), (Compromise::LowestMean, "lowest mean")];
}

/// Whether an actor yields fully to a rival who gains less than it would lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compelled {
    /// Yes (the text).
    Yields,
    /// Never: in the replicated code the condition compares a number with its own size.
    Never,
}

impl Named for Compelled {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Compelled::Yields, "yields"), (Compelled::Never, "never")];
}

/// Which kind of offer goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Confrontation, then compromise, then compulsion; within a kind the smallest move.
    ByKind,
    /// The smallest move of all, whatever its kind.
    LeastMove,
}

impl Named for Priority {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Priority::ByKind, "by kind"), (Priority::LeastMove, "least move")];
}

/// Which of two equally small moves is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// Towards the actor who stands first in the list (as replicated).
    FirstActor,
    /// Towards the weightier rival, then the first.
    Weightier,
}

impl Named for Tie {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Tie::FirstActor, "first actor"), (Tie::Weightier, "weightier rival")];
}

/// What is read off as the outcome of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The weighted median position (the forecast of the literature).
    Median,
    /// The weighted mean position.
    Mean,
}

impl Named for Outcome {
    const NAMES: &'static [(Self, &'static str)] = &[(Outcome::Median, "median"), (Outcome::Mean, "mean")];
}

/// All choices of the expected-utility model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UtilityOptions {
    pub numerator: Numerator,
    pub denominator: Denominator,
    pub vote_risk: VoteRisk,
    pub gain_risk: GainRisk,
    /// Q, the probability that the status quo holds if nobody challenges: 1 in Scholz et al. (2011), one
    /// half by default in a public re-implementation.
    pub status_quo_holds: f64,
    pub trend: Trend,
    pub range: Range,
    pub security: Security,
    pub compromise: Compromise,
    pub compelled: Compelled,
    pub priority: Priority,
    pub tie: Tie,
    pub outcome: Outcome,
    /// The most rounds played.
    pub rounds: usize,
    /// Settled when no actor moves by more than this share of the range.
    pub settled: f64,
}

impl UtilityOptions {
    /// Returns the equations of the text with that probability of the status quo.
    pub fn textbook(status_quo_holds: f64) -> UtilityOptions {
        UtilityOptions {
            numerator: Numerator::VotesFor,
            denominator: Denominator::Pair,
            vote_risk: VoteRisk::Nobody,
            gain_risk: GainRisk::Viewer,
            status_quo_holds,
            trend: Trend::NearerMedian,
            range: Range::Initial,
            security: Security::AcrossActors,
            compromise: Compromise::LeastMove,
            compelled: Compelled::Yields,
            priority: Priority::ByKind,
            tie: Tie::FirstActor,
            outcome: Outcome::Median,
            rounds: 10,
            settled: 1e-9,
        }
    }

    /// Returns the choices of the code of Scholz et al. (2011), as a public replication gives them.
    pub fn scholz_code() -> UtilityOptions {
        UtilityOptions {
            denominator: Denominator::AllPairs,
            vote_risk: VoteRisk::Voter,
            compromise: Compromise::LowestMean,
            compelled: Compelled::Never,
            ..UtilityOptions::textbook(1.0)
        }
    }
}

impl Default for UtilityOptions {
    fn default() -> UtilityOptions {
        UtilityOptions::textbook(1.0)
    }
}
