//! The choices of the spatial model, each by name, with the defaults of its reference runs.
//!
//! The one idea: nothing that changes an answer is a constant in the code. Names are those of KTAB's
//! files, so that a scenario can be read and written without a table in between.
//! Source: KTAB, King Abdullah Petroleum Studies and Research Center, 2015–2019 (MIT licence), and the
//! reference runs printed with it on 30 May 2017.

/// A choice with the names that scenario files use.
pub trait Named: Copy + PartialEq + 'static {
    /// Every choice with its name, in the order in which they are listed to a user.
    const NAMES: &'static [(Self, &'static str)];

    /// Returns the name of the choice.
    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(choice, _)| *choice == self).map_or("", |(_, name)| name)
    }

    /// Returns the choice of that name, if there is one.
    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(choice, _)| *choice)
    }
}

/// How strongly an actor votes when one option is better for it by `t` than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VotingRule {
    /// All of its weight as soon as there is any difference (linear within 1e-8).
    Binary,
    /// Four fifths proportional, one fifth binary.
    PropBin,
    /// Weight times `t`.
    Proportional,
    /// Half proportional, half cubic.
    PropCbc,
    /// Weight times the cube of `t`.
    Cubic,
    /// Proportional, but gains count two thirds of losses (prospect theory). As published, of two options
    /// the later one is judged against the earlier, so under this rule alone the order of actors matters.
    AsymProsp,
}

impl Named for VotingRule {
    const NAMES: &'static [(Self, &'static str)] = &[
        (VotingRule::Binary, "Binary"),
        (VotingRule::PropBin, "PropBin"),
        (VotingRule::Proportional, "Prop"),
        (VotingRule::PropCbc, "PropCbc"),
        (VotingRule::Cubic, "Cubic"),
        (VotingRule::AsymProsp, "ASymProsp"),
    ];
}

/// How likely a coalition beats another, from their strengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Victory {
    /// In proportion to strength.
    Linear,
    /// In proportion to the square of strength.
    Square,
    /// In proportion to the fourth power.
    Quartic,
    /// In proportion to the eighth power.
    Octic,
    /// An edge of a tenth wins for sure; linear between.
    Binary,
}

impl Named for Victory {
    const NAMES: &'static [(Self, &'static str)] = &[
        (Victory::Linear, "Linear"),
        (Victory::Square, "Square"),
        (Victory::Quartic, "Quartic"),
        (Victory::Octic, "Octic"),
        (Victory::Binary, "Binary"),
    ];
}

/// How the odds of pairs become one distribution over options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Election {
    /// The option that beats all others, given that one does.
    Conditional,
    /// The long run of challenges, each option challenging equally often.
    MarkovUniform,
    /// The long run of challenges, each in proportion to what its coalition would gain.
    MarkovIncentive,
}

impl Named for Election {
    const NAMES: &'static [(Self, &'static str)] = &[
        (Election::Conditional, "Conditional"),
        (Election::MarkovUniform, "MarkovUniform"),
        (Election::MarkovIncentive, "MarkovIncentive"),
    ];
}

/// Which risk attitudes the least and the most secure actor are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RiskRange {
    /// From 0 to 1.
    Min,
    /// From -1/2 to 1.
    Mid,
    /// From -1 to 1.
    Max,
}

impl Named for RiskRange {
    const NAMES: &'static [(Self, &'static str)] =
        &[(RiskRange::Min, "Min"), (RiskRange::Mid, "Mid"), (RiskRange::Max, "Max")];
}

/// How far an observer puts itself in the place of others when it guesses their risk attitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RiskAdjust {
    /// Not at all: all are like the observer.
    No,
    OneThird,
    Half,
    TwoThirds,
    /// Fully: the observer sees their true attitude.
    Full,
}

impl Named for RiskAdjust {
    const NAMES: &'static [(Self, &'static str)] = &[
        (RiskAdjust::No, "None"),
        (RiskAdjust::OneThird, "OneThird"),
        (RiskAdjust::Half, "Half"),
        (RiskAdjust::TwoThirds, "TwoThirds"),
        (RiskAdjust::Full, "Full"),
    ];
}

/// What a third party stakes when it joins a contest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThirdParty {
    /// It keeps its own position whoever wins. As published, joining then changes nothing for it, so
    /// that no third party ever votes.
    No,
    /// It moves with the losers, not with the winners.
    Semi,
    /// It moves to the winner's position in any case. As published, no third party ever votes either.
    Full,
}

impl Named for ThirdParty {
    const NAMES: &'static [(Self, &'static str)] =
        &[(ThirdParty::No, "NoCommit"), (ThirdParty::Semi, "SemiCommit"), (ThirdParty::Full, "FullCommit")];
}

/// How far each side of an offer moves on an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// Weights are salience times probability.
    S1P1,
    /// Weights are the squares of salience and probability.
    S2P2,
    /// Only the weaker side moves.
    S2PMax,
}

impl Named for Interpolation {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Interpolation::S1P1, "S1P1"), (Interpolation::S2P2, "S2P2"), (Interpolation::S2PMax, "S2PMax")];
}

/// Whose view of the odds shapes the offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferModel {
    /// The initiator's.
    InitOnly,
    /// Two offers, one from each side's view.
    InitReceiver,
    /// One offer, the mean of both views weighted by power.
    PowerWeighted,
}

impl Named for OfferModel {
    const NAMES: &'static [(Self, &'static str)] = &[
        (OfferModel::InitOnly, "InitOnlyInterp"),
        (OfferModel::InitReceiver, "InitRcvrInterp"),
        (OfferModel::PowerWeighted, "PWCompInterp"),
    ];
}

/// How the target's view enters offers; without effect under [`OfferModel::InitOnly`].
///
/// The published program departs from its description twice, and its printed offers show it: in the
/// target's view it takes the initiator's expected gain for its odds, and in the mean of both views it
/// takes the initiator's capability for both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetView {
    /// Odds are odds, and power is each side's own capability times its own total salience.
    AsDescribed,
    /// Both departures, to reproduce published runs.
    AsPublished,
}

impl Named for TargetView {
    const NAMES: &'static [(Self, &'static str)] =
        &[(TargetView::AsDescribed, "AsDescribed"), (TargetView::AsPublished, "AsPublished")];
}

/// How an actor takes one of the offers in its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// The likeliest; on a tie the earliest in the queue (first the status quo, then by initiator).
    Deterministic,
    /// Drawn with the election's odds. A draw depends on seed, draw number, actor's name and turn alone.
    Stochastic { seed: u64, draw: u64 },
}

/// When the table rises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// No stop before this many turns.
    pub least_turns: usize,
    /// A stop after this many turns in any case.
    pub most_turns: usize,
    /// Settled when a turn moves less than this share of the first turn.
    pub share: f64,
    /// Added to the first turn's movement, in parts of a scale.
    pub floor: f64,
}

/// All choices of the spatial model.
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialOptions {
    pub voting: VotingRule,
    pub victory: Victory,
    pub election: Election,
    pub risk_range: RiskRange,
    pub risk_adjust: RiskAdjust,
    pub third_party: ThirdParty,
    pub interpolation: Interpolation,
    pub offers: OfferModel,
    pub target_view: TargetView,
    pub transition: Transition,
    /// Round offers to four decimals of a scale, as published. Rounding is why a run can settle exactly.
    pub round_offers: bool,
    /// A target must promise more than this to be challenged.
    pub least_gain: f64,
    pub stop: Stop,
    /// How much each actor's ideal follows each position (rows sum to at most 1); what is missing to 1
    /// stays with the old ideal. `None`: an actor's ideal is wherever it stands.
    pub affinity: Option<Vec<Vec<f64>>>,
}

impl Default for SpatialOptions {
    /// Returns the choices of the published deterministic reference runs.
    fn default() -> SpatialOptions {
        SpatialOptions {
            voting: VotingRule::Proportional,
            victory: Victory::Linear,
            election: Election::Conditional,
            risk_range: RiskRange::Mid,
            risk_adjust: RiskAdjust::OneThird,
            third_party: ThirdParty::Semi,
            interpolation: Interpolation::S2P2,
            offers: OfferModel::InitOnly,
            target_view: TargetView::AsDescribed,
            transition: Transition::Deterministic,
            round_offers: true,
            least_gain: 1e-5,
            stop: Stop { least_turns: 2, most_turns: 100, share: 0.02, floor: 1e-4 },
            affinity: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_read_back<T: Named + std::fmt::Debug>() {
        for (choice, name) in T::NAMES {
            assert_eq!(T::from_name(name), Some(*choice));
            assert_eq!(choice.name(), *name);
        }
        assert_eq!(T::from_name("no such choice"), None);
    }

    #[test]
    fn every_choice_has_one_name() {
        names_read_back::<VotingRule>();
        names_read_back::<Victory>();
        names_read_back::<Election>();
        names_read_back::<RiskRange>();
        names_read_back::<RiskAdjust>();
        names_read_back::<ThirdParty>();
        names_read_back::<Interpolation>();
        names_read_back::<OfferModel>();
        names_read_back::<TargetView>();
    }
}
