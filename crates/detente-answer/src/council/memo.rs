//! What it takes to break a coalition, worked out once for each theory at one table.
//!
//! The one idea: claims and questions ask the same of the same coalition, and each answer plays a theory hundreds of
//! times; so it is kept with the table that it is about.

use detente_bargain::coalition::Breaking;
use std::sync::Mutex;

/// What is asked: the position of the theory among the council's voices, the issue, and the members.
type Asked = (usize, usize, Vec<usize>);

/// Answers given before. A copy of a table starts without any.
#[derive(Debug, Default)]
pub(super) struct Memo(Mutex<Vec<(Asked, Result<Breaking, String>)>>);

impl Clone for Memo {
    fn clone(&self) -> Memo {
        Memo::default()
    }
}

impl Memo {
    /// The answer given before, or the one that `work` gives now.
    pub fn get(
        &self,
        asked: (usize, usize, &[usize]),
        work: impl FnOnce() -> Result<Breaking, String>,
    ) -> Result<Breaking, String> {
        let asked = (asked.0, asked.1, asked.2.to_vec());
        // Nobody breaks down while holding the list: a list that says so is still whole.
        let list = || self.0.lock().unwrap_or_else(|e| e.into_inner());
        if let Some((_, known)) = list().iter().find(|(known, _)| *known == asked) {
            return known.clone();
        }
        let found = work();
        list().push((asked, found.clone()));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_is_worked_out_once() {
        let memo = Memo::default();
        let one = || Ok(Breaking { broken: false, inducement: vec![Some(3.0)] });
        assert_eq!(memo.get((0, 1, &[2, 3]), one), one());
        assert_eq!(memo.get((0, 1, &[2, 3]), || panic!("known")), one());
        let refused = || Err("no such theory".to_string());
        assert_eq!(memo.get((1, 1, &[2, 3]), refused), refused());
        assert_eq!(memo.clone().get((0, 1, &[2, 3]), refused), refused());
    }
}
