//! Results of `test` blocks as text: failures with what was found, then a count.

use super::verdict;
use crate::number::significant;
use crate::paint::{Paint, printable};
use detente_answer::tests::{ExpectResult, TestResult};

/// Returns the results of tests, by file.
pub fn tests_text(files: &[(String, Vec<TestResult>)], colour: bool) -> String {
    let paint = Paint { colour };
    let mut out = String::new();
    let (mut passed, mut failed) = (0, 0);
    for (file, results) in files {
        for result in results {
            let mark = if result.passed { paint.good("pass") } else { paint.bad("FAIL") };
            out.push_str(&format!("{mark}  {}  {}\n", printable(file), printable(&result.name)));
            *(if result.passed { &mut passed } else { &mut failed }) += 1;
            if let Some(error) = &result.error {
                out.push_str(&format!("      {}\n", printable(&error.words)));
            }
            for expect in result.expects.iter().filter(|e| !e.passed) {
                failure(&mut out, expect);
            }
        }
    }
    let words = match (passed, failed) {
        (0, 0) => "No tests: these models have no `test` block.".to_string(),
        (n, 0) => format!("{n} passed."),
        (n, m) => format!("{m} failed, {n} passed."),
    };
    out.push_str(&words);
    out.push('\n');
    out
}

fn failure(out: &mut String, expect: &ExpectResult) {
    let one = if expect.theories { "theory" } else { "equilibrium" };
    let some = if expect.some { format!("in no {one}") } else { format!("not in every {one}") };
    out.push_str(&format!("      {some}: {}\n", printable(&expect.text)));
    for f in &expect.failing {
        let found = match f.found {
            Some((low, high)) if low == high => format!("found {}", significant(low)),
            Some((low, high)) => format!("found {} to {}", significant(low), significant(high)),
            None => verdict(&f.verdict),
        };
        out.push_str(&format!("        {}: {found}\n", f.equilibria.join(" with ")));
    }
}
