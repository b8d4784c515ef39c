//! What the tests of the command share: a folder each, a small game, and how the program is called.
// Each test file is a program of its own and uses a part of this.
#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

pub const ENTRY: &str = r#"EFG 2 R "Entry deterrence" { "Entrant" "Incumbent" }
""

p "" 1 1 "entry" { "out" "in" } 0
t "" 1 "stay_out" { 0, 2 }
p "" 2 1 "reply" { "fight" "accommodate" } 0
t "" 2 "fight" { -1, -1 }
t "" 3 "share" { 1, 1 }
"#;

/// A folder of its own for one test, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(test: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("detente-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a temporary folder");
        let folder = Folder(path);
        folder.write("entry.efg", ENTRY.as_bytes());
        folder
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.join(name), bytes).expect("a temporary file");
    }

    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the folder");
        let mut names: Vec<String> =
            entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn detente(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente")).args(args).output().expect("the program starts")
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The README's model, with a claim and a test that fail.
pub fn threats() -> Vec<u8> {
    let first = fs::read_to_string(root().join("docs/first.det")).expect("the first model");
    let more = r#"
ask bluffing "Is it a bluff?" = prob(Home.resolve == weak given Home.message == threat as evidence)
claim peace "War is out of the question" assumed "x" = prob(war) < 0.05
test "a wrong number" {
  expect prob(Home.resolve == weak do Home.message == threat) near 1 / 3 within 0.0001
}
"#;
    format!("{first}{more}").into_bytes()
}
