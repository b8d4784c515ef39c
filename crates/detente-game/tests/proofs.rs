//! Written proofs are read back however deep they nest, up to a limit.

use detente_exact::Q;
use detente_game::certificate::{Certificate, Proof, Stage, Variable};
use detente_game::solution::{Concept, Solution, Status};

fn nested(steps: usize) -> Solution {
    let mut proof = Proof::Cell { cell: 0 };
    for _ in 0..steps {
        let variable = Variable::Weight(0, 0);
        proof = Proof::Fix { variable, value: Q::ONE, combination: vec![], then: Box::new(proof) };
    }
    let stage = Stage {
        root: 0,
        nested: vec![],
        payoffs: vec![],
        components: vec![],
        proof,
        joins: vec![],
        points: vec![],
    };
    let certificate = Certificate { version: 1, stages: vec![stage], ..Certificate::default() };
    let concept = Concept::Sequential;
    Solution { concept, status: Status::ExactSome, unresolved: vec![], components: vec![], certificate }
}

/// Runs on a stack as large as the command's.
fn with_room(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 << 20).spawn(work);
    thread.expect("a thread starts").join().expect("the test passes");
}

#[test]
fn deep_proofs_are_read_back() {
    with_room(|| {
        let solution = nested(4_000);
        let text = serde_json::to_string(&solution).expect("plain data");
        assert_eq!(Solution::from_json(&text).expect("reads back"), solution);
    });
}

#[test]
fn proofs_nested_without_end_are_refused_in_words() {
    let text = "[".repeat(1_000_000);
    assert!(Solution::from_json(&text).expect_err("too deep").contains("levels deep"));
    let quoted = format!("\"{}\"", "[{".repeat(100_000));
    assert!(!Solution::from_json(&quoted).expect_err("no solution").contains("levels deep"));
}
