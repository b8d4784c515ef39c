//! The file in which a long search keeps its state.
//!
//! The one idea: a checkpoint is written whole under another name and renamed, now and then and at the
//! end; so whatever ends the program, the last complete state is on disk, and nothing else is.

use crate::failure::Failure;
use crate::output::{reason, write_bytes};
use detente_solve::{Checkpoint, read_checkpoint};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Writes checkpoints to one file, not more often than asked.
pub struct Keeper {
    path: PathBuf,
    every: Duration,
    /// When the last one was written, and whether a failure was told.
    last: Mutex<(Instant, bool)>,
}

impl Keeper {
    /// Opens the file, and returns the state in it, if there is one.
    ///
    /// # Errors
    /// A file that cannot be read, or that is no whole checkpoint.
    pub fn open(path: &Path, every: Duration) -> Result<(Keeper, Option<Checkpoint>), Failure> {
        sweep(path);
        let held = match fs::read(path) {
            Ok(bytes) => Some(read_checkpoint(&bytes).map_err(|why| not_taken(path, &why))?),
            Err(e) if e.kind() == ErrorKind::NotFound => None,
            Err(e) => {
                let message = format!("cannot read `{}`: {}", path.display(), reason(&e));
                return Err(Failure::misuse(message, "name a file that may be read and written"));
            }
        };
        let last = Mutex::new((Instant::now(), false));
        Ok((Keeper { path: path.into(), every, last }, held))
    }

    /// Writes the state if it is time, or if the search ends. A disk that is full does not end the
    /// search: it is told once.
    pub fn keep(&self, end: bool, state: &dyn Fn() -> Vec<u8>) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if !end && last.0.elapsed() < self.every {
            return;
        }
        match write_bytes(&self.path, &state()) {
            Ok(()) => *last = (Instant::now(), false),
            Err(failure) => {
                if !last.1 {
                    anstream::eprintln!("warning: no checkpoint is kept; the search goes on without");
                    failure.report();
                }
                *last = (Instant::now(), true);
            }
        }
    }
}

/// A checkpoint that is not used.
pub fn not_taken(path: &Path, why: &detente_solve::Refusal) -> Failure {
    Failure::input(
        format!("the checkpoint `{}` is not used: {why}", path.display()),
        "give the call that made it, or move the file away to start afresh",
    )
}

/// Removes what a program that was killed while writing left beside the file.
fn sweep(path: &Path) {
    let (Some(name), Some(folder)) = (path.file_name().and_then(|n| n.to_str()), path.parent()) else {
        return;
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let left = |found: &str| {
        let number = found.strip_prefix('.')?.strip_prefix(name)?.strip_prefix('.')?.strip_suffix(".tmp")?;
        number.bytes().all(|b| b.is_ascii_digit()).then_some(())
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().and_then(left).is_some() {
            // What cannot be removed only takes room.
            let _ = fs::remove_file(entry.path());
        }
    }
}
