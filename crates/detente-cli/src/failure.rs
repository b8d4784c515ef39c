//! Why a command ends without an answer, and with which exit code.
//!
//! The one idea: 1 means the input or a check is at fault, 2 means the call or the machine is,
//! 130 means the user said stop. An answer of any strength is 0.

use std::fmt::Display;
use std::process::ExitCode;

/// A command that did not end well. Messages go to the error stream.
#[derive(Debug)]
pub enum Failure {
    /// The input has errors, or a check failed; the text says so in full.
    Input(String),
    /// The call is wrong, or a file cannot be read or written.
    Misuse(String),
    /// The user pressed Ctrl-C.
    Interrupted,
    /// The user pressed Ctrl-C, and what was complete is on disk.
    InterruptedKept,
    /// The reader of our output went away; nobody is left to tell.
    Unheard,
}

/// What a command returns.
pub type Outcome = Result<ExitCode, Failure>;

impl Failure {
    /// An error in the input: the message, then what to do.
    pub fn input(message: impl Display, help: impl Display) -> Failure {
        Failure::Input(format!("error: {message}\n  help: {help}"))
    }

    /// A wrong call or a failing machine: the message, then what to do.
    pub fn misuse(message: impl Display, help: impl Display) -> Failure {
        Failure::Misuse(format!("error: {message}\n  help: {help}"))
    }

    /// Prints the message and returns the exit code.
    pub fn report(&self) -> ExitCode {
        match self {
            Failure::Input(text) => {
                anstream::eprintln!("{text}");
                ExitCode::from(1)
            }
            Failure::Misuse(text) => {
                anstream::eprintln!("{text}");
                ExitCode::from(2)
            }
            Failure::Interrupted => {
                anstream::eprintln!("interrupted; nothing was written");
                ExitCode::from(130)
            }
            Failure::InterruptedKept => {
                anstream::eprintln!("interrupted; what was complete is kept");
                ExitCode::from(130)
            }
            Failure::Unheard => ExitCode::SUCCESS,
        }
    }
}
