//! A model's own tests, each asked of its own game where its settings change the tree.

use super::councils::councils;
use super::{Games, room, to_council};
use crate::ask::Asker;
use crate::elaborate::Elaborated;
use crate::files::Gathered;
use crate::model::*;
use crate::program::Program;
use crate::question::Body;
use crate::resolve::Resolved;

/// The tests, with what they expect as questions.
pub(super) fn tests<'a>(
    gathered: &Gathered,
    resolved: &Resolved,
    games: &'a Games,
    asker: &mut Asker<'a>,
) -> Vec<Test> {
    let mut tests = Vec::new();
    for (at, code) in resolved.extras.tests.iter().enumerate() {
        let Some(own) = games.tests.get(at) else { continue };
        let (base, variants) = (asker.base, asker.variants.clone());
        if let Some(elaborated) = own {
            asker.base = room(elaborated, true);
            // The model's variants are variants of another tree than this one.
            asker.variants.clear();
            asker.without_variants = true;
        }
        let room = asker.base;
        let mut expects = Vec::new();
        for expect in &code.expects {
            let body = match &expect.near {
                Some(_) => asker.number(&expect.body, room).map(Body::Number),
                None => asker.truth(&expect.body, room).map(Body::Truth),
            };
            let near = expect
                .near
                .as_ref()
                .map(|n| (asker.number(&n.target, room), asker.number(&n.tolerance, room)));
            let near = match near {
                Some((Some(target), Some(tolerance))) => Some((target, tolerance)),
                Some(_) => continue,
                None => None,
            };
            if let Some(body) = body {
                to_council(&body, asker);
                let text = gathered.sources.text(expect.span).to_string();
                expects.push(Expect { some: expect.some, body, near, text, span: expect.span });
            }
        }
        (asker.base, asker.variants) = (base, variants);
        asker.without_variants = false;
        let sets = games.sets[at].clone();
        tests.push(Test {
            name: code.name.clone(),
            sets,
            game: None,
            councils: Vec::new(),
            expects,
            support: code.support.clone(),
        });
    }
    tests
}

/// Gives each test that changes the tree its game.
pub(super) fn attach(program: &Program, mut tests: Vec<Test>, games: Vec<Option<Elaborated>>) -> Vec<Test> {
    for (test, game) in tests.iter_mut().zip(games) {
        let Some(elaborated) = game else { continue };
        test.councils = councils(program, &elaborated);
        test.game = Some(Box::new(elaborated.game));
    }
    tests
}
