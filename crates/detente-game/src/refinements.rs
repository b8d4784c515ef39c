//! What refinements of beliefs say of an equilibrium of a signalling game: a table as plain data.
//!
//! The one idea: for each message that nobody sends, each test says from which types the message cannot be expected,
//! and whether the equilibrium stands when the receiver believes so.

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
    /// Another single type gains whenever this one does not lose (D1, the same).
    pub d1: bool,
    /// Whenever this one does not lose, some other type gains (D2, the same; one step of universal divinity: Banks
    /// and Sobel, "Equilibrium selection in signaling games", Econometrica, 1987).
    pub d2: bool,
}

/// One message that nobody sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// The receiver's information set.
    pub set: u32,
    pub types: Vec<TypeRow>,
    /// Whether the equilibrium stands by each test: intuitive criterion, divinity (one step: a type that another
    /// outdoes may not become likelier against it than it was), D1, D2.
    pub intuitive: bool,
    pub divine: bool,
    pub d1: bool,
    pub d2: bool,
}
