//! What refinements of beliefs say of an equilibrium of a signalling game: a table as plain data.
//!
//! The one idea: for each message that nobody sends, each test says, round by round, from which types the message
//! cannot be expected, and whether the equilibrium stands when the receiver believes so.
//!
//! A reply is *reasonable* in a round if it is a mixture that is best for one belief that the round before left; in
//! the first round any belief will do. An equilibrium *stands* if some belief that is left has a best reply by which
//! no type gains. Rounds end when it falls, or when a round changes nothing. All tests are taken in their strict
//! variant: a rival must *gain*, not only keep what it has, whenever the type does not lose. A type that went in an
//! earlier round is nobody's rival later.

use serde::{Deserialize, Serialize};

/// One type that could send a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeRow {
    /// The type's information set, and the action that is the message.
    pub set: u32,
    pub action: u32,
    /// Sending it would be worse than the equilibrium whatever the receiver reasonably replies (intuitive
    /// criterion: Cho and Kreps, "Signaling games and stable equilibria", Quarterly Journal of Economics, 1987).
    pub never_gains: bool,
    /// The round, from 1, in which it goes since another single type that is left gains whenever this one does
    /// not lose (D1, the same).
    pub d1: Option<u32>,
    /// The round in which it goes since whenever it does not lose, some other type that is left gains (D2, the same;
    /// universal divinity: Banks and Sobel, "Equilibrium selection in signaling games", Econometrica, 1987).
    pub d2: Option<u32>,
}

/// One message that nobody sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// The receiver's information set.
    pub set: u32,
    /// In the order of their sets.
    pub types: Vec<TypeRow>,
    /// Whether the equilibrium stands by the intuitive criterion (one round).
    pub intuitive: bool,
    /// Whether it stands by divinity (Banks and Sobel 1987); `None` where the types are too many.
    pub divine: Option<bool>,
    /// What divinity leaves, per round: the groups of types (places in `types`, in order) that some reasonable reply
    /// makes send the message together. Types that gain send it, types that lose do not, types that neither gain nor
    /// lose may or may not. The receiver believes in a mixture of groups, each with its types' prior odds. A
    /// round that leaves what the one before left is not listed.
    pub groups: Vec<Vec<Vec<u32>>>,
    /// Whether it stands by D1, and by D2, when no round excludes anybody any more.
    pub d1: bool,
    pub d2: bool,
}
