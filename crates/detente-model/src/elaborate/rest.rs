//! What a path still has to do behind its current block: frames that its siblings share.

use super::Builder;
use crate::elaborate::run::Runner;
use crate::program::*;
use std::rc::Rc;

/// What to do after the current block.
pub(super) enum After<'p> {
    Block(&'p [Stmt]),
    Loop { id: usize, body: &'p [Stmt], value: i64, to: i64 },
    Close,
}

pub(super) struct Rest<'p> {
    pub after: After<'p>,
    pub next: Option<Rc<Rest<'p>>>,
}

impl<'p> Builder<'p> {
    pub(super) fn set_counter(&mut self, runner: &mut Runner<'p>, id: usize, value: Option<i64>) {
        runner.state.counters[id] = value;
        self.counters[id] = value;
    }

    /// Returns the block that comes after the current one; `None` at the end of play.
    pub(super) fn unwind(
        &mut self,
        runner: &mut Runner<'p>,
        rest: &mut Option<Rc<Rest<'p>>>,
    ) -> Option<&'p [Stmt]> {
        let frame = rest.take()?;
        *rest = frame.next.clone();
        match &frame.after {
            After::Block(block) => Some(block),
            After::Close => {
                self.close(runner);
                Some(&[])
            }
            After::Loop { id, body, value, to } => {
                if value < to {
                    self.set_counter(runner, *id, Some(value + 1));
                    let after = After::Loop { id: *id, body, value: value + 1, to: *to };
                    *rest = Some(Rc::new(Rest { after, next: rest.take() }));
                    Some(body)
                } else {
                    self.set_counter(runner, *id, None);
                    Some(&[])
                }
            }
        }
    }

    pub(super) fn close(&mut self, runner: &mut Runner<'p>) {
        runner.state.together -= 1;
        if runner.state.together == 0 {
            for (sight, seen) in std::mem::take(&mut runner.state.pending) {
                self.observe(runner, sight, seen);
            }
        }
    }

    /// Goes on after the innermost `repeat`.
    pub(super) fn leave(&mut self, runner: &mut Runner<'p>, rest: &mut Option<Rc<Rest<'p>>>) -> &'p [Stmt] {
        while let Some(frame) = rest.take() {
            *rest = frame.next.clone();
            match &frame.after {
                After::Block(_) => {}
                After::Close => self.close(runner),
                After::Loop { id, .. } => {
                    self.set_counter(runner, *id, None);
                    return &[];
                }
            }
        }
        &[]
    }
}
