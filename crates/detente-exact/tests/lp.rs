//! Linear programs: every answer carries a proof, and small ones are compared with brute force.

use detente_exact::Q;
use detente_exact::lp::{
    Lp, Outcome, Rel, Row, dual_bound, farkas_refutes, fast_refute, feasible, maximize, vertices,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Small whole numbers make degenerate and infeasible systems common.
fn coefficient() -> impl Strategy<Value = Q> {
    prop_oneof![
        3 => Just(Q::ZERO),
        6 => (-3i64..4).prop_map(Q::from),
        1 => (-9i64..10, 1i64..8).prop_map(|(p, q)| Q::new(p, q)),
    ]
}

fn row(variables: usize) -> impl Strategy<Value = Row> {
    (vec(coefficient(), variables), 0usize..3, coefficient()).prop_map(|(coefs, rel, rhs)| Row {
        coefs: coefs.into_iter().enumerate().filter(|(_, c)| !c.is_zero()).collect(),
        rel: [Rel::Le, Rel::Ge, Rel::Eq][rel],
        rhs,
    })
}

fn bounds(bounded: bool) -> impl Strategy<Value = (Option<Q>, Option<Q>)> {
    (-3i64..3, 0i64..5, 0u8..6).prop_map(move |(low, width, kind)| {
        let (low, high) = (Q::from(low), Q::from(low + width));
        match kind {
            0 if !bounded => (None, None),
            1 if !bounded => (Some(low), None),
            2 if !bounded => (None, Some(high)),
            _ => (Some(low), Some(high)),
        }
    })
}

fn system(variables: usize, rows: usize, bounded: bool) -> impl Strategy<Value = Lp> {
    (1..=variables, 0..=rows).prop_flat_map(move |(variables, rows)| {
        (vec(bounds(bounded), variables), vec(row(variables), rows)).prop_map(|(bounds, rows)| {
            let (lower, upper) = bounds.into_iter().unzip();
            Lp { lower, upper, rows }
        })
    })
}

/// Solves square linear equations; `None` if they are singular.
fn solve(mut matrix: Vec<Vec<Q>>) -> Option<Vec<Q>> {
    let n = matrix.len();
    for column in 0..n {
        let pivot = (column..n).find(|&r| !matrix[r][column].is_zero())?;
        matrix.swap(column, pivot);
        let inverse = matrix[column][column].recip();
        matrix[column].iter_mut().for_each(|cell| *cell *= &inverse);
        let pivot_row = matrix[column].clone();
        for (index, other) in matrix.iter_mut().enumerate() {
            let factor = other[column].clone();
            if index != column {
                other.iter_mut().zip(&pivot_row).for_each(|(cell, p)| cell.sub_mul(&factor, p));
            }
        }
    }
    Some(matrix.into_iter().map(|row| row[n].clone()).collect())
}

/// Every choice of as many tight conditions as variables.
fn brute_force_vertices(lp: &Lp) -> Vec<Vec<Q>> {
    let n = lp.lower.len();
    let mut planes: Vec<Vec<Q>> = Vec::new();
    let mut plane = |coefs: &[(usize, Q)], rhs: &Q| {
        let mut full = vec![Q::ZERO; n + 1];
        coefs.iter().for_each(|(j, c)| full[*j] += c);
        full[n] = rhs.clone();
        planes.push(full);
    };
    for row in &lp.rows {
        plane(&row.coefs, &row.rhs);
    }
    for j in 0..n {
        for bound in [&lp.lower[j], &lp.upper[j]].into_iter().flatten() {
            plane(&[(j, Q::ONE)], bound);
        }
    }
    let mut found = Vec::new();
    for mask in 0u32..1 << planes.len() {
        if mask.count_ones() as usize == n {
            let chosen = (0..planes.len()).filter(|i| mask >> i & 1 == 1).map(|i| planes[i].clone());
            found.extend(solve(chosen.collect()).filter(|x| lp.holds(x)));
        }
    }
    found.sort();
    found.dedup();
    found
}

fn dot(objective: &[(usize, Q)], x: &[Q]) -> Q {
    objective.iter().map(|(j, c)| c * &x[*j]).sum()
}

/// Asserts that an outcome proves itself.
fn check_outcome(lp: &Lp, objective: &[(usize, Q)], outcome: &Outcome) {
    match outcome {
        Outcome::Infeasible { farkas } => assert!(farkas_refutes(lp, farkas)),
        Outcome::Optimal { x, value, dual } => {
            assert!(lp.holds(x));
            assert_eq!(&dot(objective, x), value);
            assert_eq!(dual_bound(lp, objective, dual).as_ref(), Some(value));
        }
        Outcome::Unbounded { ray, x } => {
            assert!(lp.holds(x));
            assert!(dot(objective, ray).is_positive());
            for (j, along) in ray.iter().enumerate() {
                assert!(lp.lower[j].is_none() || !along.is_negative());
                assert!(lp.upper[j].is_none() || !along.is_positive());
            }
            for row in &lp.rows {
                let along = row.value(ray).signum();
                assert!(match row.rel {
                    Rel::Le => along <= 0,
                    Rel::Ge => along >= 0,
                    Rel::Eq => along == 0,
                });
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn feasibility_is_proved_either_way(lp in system(8, 10, false)) {
        match feasible(&lp) {
            Ok(x) => {
                prop_assert!(lp.holds(&x));
                prop_assert_eq!(fast_refute(&lp), None);
            }
            Err(y) => prop_assert!(farkas_refutes(&lp, &y)),
        }
    }

    #[test]
    fn optima_are_proved(lp in system(7, 8, false), costs in vec(coefficient(), 7)) {
        let objective: Vec<(usize, Q)> = costs.into_iter().enumerate().take(lp.lower.len()).collect();
        check_outcome(&lp, &objective, &maximize(&lp, &objective));
    }

    #[test]
    fn no_vector_refutes_what_has_a_solution(lp in system(4, 5, false), y in vec(coefficient(), 5)) {
        let y = &y[..lp.rows.len()];
        if feasible(&lp).is_ok() {
            prop_assert!(!farkas_refutes(&lp, y));
        }
    }

    #[test]
    fn spoiled_vectors_are_rejected(lp in system(6, 8, false), at in 0usize..8) {
        if let Err(y) = feasible(&lp) {
            let boxed = lp.lower.iter().zip(&lp.upper).all(|(l, u)| l.is_none() || u.is_none() || l <= u);
            prop_assert!(boxed);
            // Nothing combined refutes nothing.
            prop_assert!(!farkas_refutes(&lp, &vec![Q::ZERO; y.len()]));
            prop_assert!(!farkas_refutes(&lp, &y[1..]));
            let negated: Vec<Q> = y.iter().map(|y| -y).collect();
            let one_sided = lp.rows.iter().zip(&y).any(|(row, y)| row.rel != Rel::Eq && !y.is_zero());
            if one_sided {
                prop_assert!(!farkas_refutes(&lp, &negated));
            }
            // Scaling keeps a proof a proof.
            let scaled: Vec<Q> = y.iter().map(|y| y * Q::new(7, 3)).collect();
            prop_assert!(farkas_refutes(&lp, &scaled));
            // Leaving out a row that matters to an irreducible conflict unmakes it.
            let used: Vec<usize> = (0..y.len()).filter(|i| !y[*i].is_zero()).collect();
            let mut without = lp.clone();
            let row = used[at % used.len()];
            without.rows.remove(row);
            let mut shorter = y.clone();
            shorter.remove(row);
            if feasible(&without).is_ok() {
                prop_assert!(!farkas_refutes(&without, &shorter));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn vertices_match_brute_force(lp in system(3, 5, true), costs in vec(coefficient(), 3)) {
        let expected = brute_force_vertices(&lp);
        prop_assert_eq!(vertices(&lp, 1000), Some(expected.clone()));
        prop_assert_eq!(feasible(&lp).is_ok(), !expected.is_empty());
        if expected.len() > 1 {
            prop_assert_eq!(vertices(&lp, expected.len() - 1), None);
        }
        let objective: Vec<(usize, Q)> = costs.into_iter().enumerate().take(lp.lower.len()).collect();
        let best = expected.iter().map(|x| dot(&objective, x)).max();
        match maximize(&lp, &objective) {
            Outcome::Optimal { value, .. } => prop_assert_eq!(Some(value), best),
            Outcome::Infeasible { .. } => prop_assert_eq!(best, None),
            Outcome::Unbounded { .. } => prop_assert!(false, "a box is bounded"),
        }
    }
}

#[test]
fn floats_alone_refute_most_small_systems() {
    // A fixed stream of 20 × 30 systems, each with a contradiction hidden in dense rows.
    let mut state = 7u64;
    let mut draw = |span: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 33) % span) as i64
    };
    let (mut refuted, mut impossible) = (0, 0);
    for _ in 0..60 {
        let mut lp = Lp::with_variables(20, Some(Q::ZERO), Some(Q::ONE));
        for _ in 0..30 {
            let coefs = (0..20).map(|j| (j, Q::from(draw(11) - 5))).collect();
            let rhs = Q::from(draw(21) - 10);
            lp.add_row(coefs, if draw(2) == 0 { Rel::Le } else { Rel::Ge }, rhs);
        }
        if let Err(y) = feasible(&lp) {
            assert!(farkas_refutes(&lp, &y));
            impossible += 1;
            refuted += i32::from(fast_refute(&lp).is_some());
        }
    }
    assert!(impossible >= 20, "{impossible}");
    assert!(refuted * 10 >= impossible * 9, "{refuted} of {impossible}");
}

/// Sizes at which rounding no longer finds the answer: free variables, equalities, decimals.
#[test]
fn larger_systems_prove_their_answers() {
    let mut state = 11u64;
    let mut draw = |span: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((state >> 33) % span) as i64
    };
    let mut seen = [0; 3];
    for round in 0..24 {
        let (n, m) = (30, 20 + round);
        let mut lp = Lp::with_variables(n, Some(Q::ZERO), None);
        for j in 0..n {
            match draw(4) {
                0 => lp.lower[j] = None,
                1 => lp.upper[j] = Some(Q::from(10)),
                _ => {}
            }
        }
        for i in 0..m {
            let coefs = (0..n).filter(|_| draw(2) == 0).collect::<Vec<_>>();
            let coefs = coefs.into_iter().map(|j| (j, Q::new(draw(201) - 100, 10))).collect();
            let rel = [Rel::Le, Rel::Ge, Rel::Eq][(i % 3).min(draw(3) as usize)];
            lp.add_row(coefs, rel, Q::from(draw(30)));
        }
        let objective: Vec<(usize, Q)> = (0..n).map(|j| (j, Q::from(draw(9) - 6))).collect();
        let outcome = maximize(&lp, &objective);
        check_outcome(&lp, &objective, &outcome);
        seen[match outcome {
            Outcome::Infeasible { .. } => 0,
            Outcome::Optimal { .. } => 1,
            Outcome::Unbounded { .. } => 2,
        }] += 1;
        match feasible(&lp) {
            Ok(x) => assert!(lp.holds(&x)),
            Err(y) => assert!(farkas_refutes(&lp, &y)),
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

#[test]
fn differences_below_every_float_tolerance_are_seen() {
    let tiny = Q::from(10).pow(-30);
    for gap in [Q::ZERO, tiny.clone(), -tiny] {
        let mut lp = Lp::with_variables(2, None, None);
        lp.add_row(vec![(0, Q::ONE), (1, Q::new(1, 3))], Rel::Ge, Q::ONE + &gap);
        lp.add_row(vec![(0, Q::from(3)), (1, Q::ONE)], Rel::Le, Q::from(3));
        match feasible(&lp) {
            Ok(x) => assert!(lp.holds(&x) && !gap.is_positive()),
            Err(y) => assert!(farkas_refutes(&lp, &y) && gap.is_positive()),
        }
    }
}

#[test]
fn numbers_beyond_floats_are_decided() {
    let huge = Q::from(10).pow(400);
    let mut lp = Lp::with_variables(1, Some(Q::ZERO), None);
    lp.add_row(vec![(0, huge.clone())], Rel::Eq, &huge * Q::from(2));
    assert_eq!(feasible(&lp), Ok(vec![Q::from(2)]));
    lp.add_row(vec![(0, Q::ONE)], Rel::Le, Q::ONE);
    assert!(feasible(&lp).is_err_and(|y| farkas_refutes(&lp, &y)));
}

#[test]
fn corner_cases() {
    let nothing = Lp::default();
    assert_eq!(feasible(&nothing), Ok(vec![]));
    assert_eq!(vertices(&nothing, 5), Some(vec![vec![]]));
    let mut absurd = Lp::default();
    absurd.add_row(vec![], Rel::Ge, Q::ONE);
    assert!(feasible(&absurd).is_err_and(|y| farkas_refutes(&absurd, &y)));
    assert_eq!(vertices(&absurd, 5), Some(vec![]));
    let crossed = Lp::with_variables(1, Some(Q::ONE), Some(Q::ZERO));
    assert!(feasible(&crossed).is_err_and(|y| farkas_refutes(&crossed, &y)));
    let ray = Lp::with_variables(1, Some(Q::ZERO), None);
    assert_eq!(vertices(&ray, 5), None);
    assert!(matches!(maximize(&ray, &[(0, Q::ONE)]), Outcome::Unbounded { .. }));
    let malformed = Lp { rows: vec![Row::new(vec![(3, Q::ONE)], Rel::Le, Q::ZERO)], ..Lp::default() };
    assert!(!farkas_refutes(&malformed, &[Q::ONE]));
    let cube = Lp::with_variables(10, Some(Q::ZERO), Some(Q::ONE));
    assert_eq!(vertices(&cube, 1024).map(|all| all.len()), Some(1024));
    let mut simplex = Lp::with_variables(30, Some(Q::ZERO), Some(Q::ONE));
    simplex.add_row((0..30).map(|j| (j, Q::ONE)).collect(), Rel::Eq, Q::ONE);
    assert_eq!(vertices(&simplex, 100).map(|all| all.len()), Some(30));
}
