//! What kind of game a tree is: a strategic form, a game of constant sum.
//!
//! The one idea: these are read off the tree and its numbers, whatever the game was written in, so that a table
//! is spoken of as a table also where it came as a tree.

use crate::game::{Game, NodeId, NodeKind};
use crate::numbers::Numbers;
use detente_exact::Q;

impl Game {
    /// Returns whether every player who moves does so once and in every play, at one information set: a table,
    /// in which nobody knows anything of what the others do.
    ///
    /// Every set is then reached whatever is played, so that beliefs are but the others' probabilities, and Nash
    /// and sequential equilibria are the same.
    pub fn is_strategic_form(&self) -> bool {
        let sets = self.infosets.len();
        let mut owners: Vec<_> = self.infosets.iter().map(|h| h.player.index()).collect();
        owners.sort_unstable();
        owners.dedup();
        if sets < 2 || owners.len() < sets {
            return false;
        }
        // Nobody forgets having moved, so that a set is crossed at most once in a play.
        let mut crossed = vec![0usize; self.nodes.len()];
        for (n, node) in self.nodes.iter().enumerate() {
            let before = node.parent.map_or(0, |(parent, _)| crossed[parent.index()]);
            crossed[n] = before + usize::from(matches!(node.kind, NodeKind::Decision(_)));
        }
        let ends = self.nodes.iter().zip(&crossed).filter(|(n, _)| matches!(n.kind, NodeKind::Terminal(_)));
        self.is_crossed_once() && ends.into_iter().all(|(_, count)| *count == sets)
    }

    /// Whether no play comes to an information set twice.
    fn is_crossed_once(&self) -> bool {
        let crossed_before = |at: NodeId| {
            let NodeKind::Decision(set) = self.nodes[at.index()].kind else { return false };
            let mut node = at;
            while let Some((parent, _)) = self.nodes[node.index()].parent {
                if self.nodes[parent.index()].kind == NodeKind::Decision(set) {
                    return true;
                }
                node = parent;
            }
            false
        };
        !(0..self.nodes.len()).any(|n| crossed_before(NodeId(n as u32)))
    }

    /// Returns what the payoffs of two players add up to, if that is the same in every play.
    ///
    /// Such a game has a value: all its Nash equilibria pay a player the same (von Neumann 1928).
    pub fn constant_sum(&self, numbers: &Numbers) -> Option<Q> {
        if self.players.len() != 2 {
            return None;
        }
        let mut sums = (0..self.nodes.len())
            .filter(|n| matches!(self.nodes[*n].kind, NodeKind::Terminal(_)))
            .map(|n| &numbers.payoffs[2 * n] + &numbers.payoffs[2 * n + 1]);
        let first = sums.next()?;
        sums.all(|sum| sum == first).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use crate::formats::{efg, nfg};

    fn sum(text: &str) -> Option<String> {
        let game = nfg::read(text).expect("a table");
        let numbers = game.numbers(&[]).expect("numbers");
        game.constant_sum(&numbers).map(|q| q.to_string())
    }

    #[test]
    fn a_table_is_a_strategic_form_and_may_have_a_constant_sum() {
        let pennies = r#"NFG 1 R "Pennies" { "A" "B" } { 2 2 }  3 -1 -1 3 -1 3 3 -1"#;
        assert!(nfg::read(pennies).expect("a table").is_strategic_form());
        assert_eq!(sum(pennies), Some("2".into()));
        assert_eq!(sum(r#"NFG 1 R "" { "A" "B" } { 2 2 }  3 -1 -1 3 -1 3 3 0"#), None);
        assert_eq!(sum(r#"NFG 1 R "" { "A" "B" "C" } { 1 1 1 }  1 0 0"#), None);
    }

    #[test]
    fn a_tree_in_which_somebody_may_not_move_is_none() {
        let entry = r#"EFG 2 R "" { "A" "B" }
p "" 1 1 "" { "out" "in" } 0
t "" 1 "" { 0, 2 }
p "" 2 1 "" { "fight" "share" } 0
t "" 2 "" { -1, -1 }
t "" 3 "" { 1, 1 }
"#;
        assert!(!efg::read(entry).expect("a tree").is_strategic_form());
        // B sees what A does: two sets.
        let seen = r#"EFG 2 R "" { "A" "B" }
p "" 1 1 "" { "l" "r" } 0
p "" 2 1 "" { "l" "r" } 0
t "" 1 "" { 0, 2 }
t "" 2 "" { 1, 1 }
p "" 2 2 "" { "l" "r" } 0
t "" 3 "" { 1, 1 }
t "" 4 "" { 0, 2 }
"#;
        assert!(!efg::read(seen).expect("a tree").is_strategic_form());
    }
}
