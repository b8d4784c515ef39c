//! Boxes and trees against the reference programs, on the data of Bryant and Lempert (2010).
//!
//! Where the numbers come from is said in `data/bryant-lempert-2010.txt`.

use detente_stats::scenario::{
    Cases, PrimSettings, Rule, Side, TreeSettings, find_box, grow, reproduce, restrictions, simplify,
};

const BRYANT_LEMPERT: &str = include_str!("data/bryant-lempert-2010.csv");
const PASTING: &str = include_str!("data/pasting.csv");

fn data() -> (Vec<&'static str>, Vec<Vec<f64>>, Vec<bool>) {
    table(BRYANT_LEMPERT)
}

/// Names and columns of the inputs, and the last column as the verdict.
fn table(text: &'static str) -> (Vec<&'static str>, Vec<Vec<f64>>, Vec<bool>) {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a heading").split(',').collect();
    let rows: Vec<Vec<f64>> =
        lines.map(|l| l.split(',').map(|w| w.parse().expect("a number")).collect()).collect();
    let inputs = names.len() - 1;
    let columns = (0..inputs).map(|c| rows.iter().map(|r| r[c]).collect()).collect();
    (names[..inputs].to_vec(), columns, rows.iter().map(|r| r[inputs] == 1.0).collect())
}

/// A coarse peel overshoots, and three pastes give back six draws: `data/pasting.txt`.
#[test]
fn pasting_is_that_of_the_reference() {
    let (_, columns, holds) = table(PASTING);
    let cases = Cases::new(&columns, &holds).unwrap();
    let settings = PrimSettings { peel: 0.3, paste: 0.1, ..PrimSettings::default() };
    let trajectory = find_box(&cases, &cases.rows(), &settings).unwrap();
    let have: Vec<(usize, usize)> = trajectory.boxes.iter().map(|(_, m)| (m.n, m.hits)).collect();
    let want = [(200, 68), (140, 68), (98, 59), (68, 55), (47, 43), (33, 32), (34, 33), (35, 34), (39, 38)];
    assert_eq!(have, want);
    let bounds = &trajectory.boxes[8].0.bounds;
    // The reference writes the largest b of all draws, 0.998, where we write that there is no end.
    for (end, want) in [(bounds[0].low, 0.371), (bounds[0].high, 0.8085), (bounds[1].low, 0.6375)] {
        assert!((end.unwrap() - want).abs() < 1e-9, "{end:?} {want}");
    }
    assert!(bounds[1].high.is_none() && bounds[2].open());
}

#[test]
fn the_peeling_trajectory_is_that_of_the_reference() {
    let (_, columns, holds) = data();
    let cases = Cases::new(&columns, &holds).unwrap();
    let settings = PrimSettings { peel: 0.1, ..PrimSettings::default() };
    let trajectory = find_box(&cases, &cases.rows(), &settings).unwrap();
    // (draws, draws of interest, restricted inputs) of each box.
    let want = [
        (882, 89, 0),
        (792, 89, 1),
        (710, 89, 2),
        (638, 89, 2),
        (573, 89, 3),
        (513, 89, 3),
        (458, 89, 3),
        (412, 89, 3),
        (368, 89, 3),
        (329, 89, 3),
        (296, 89, 3),
        (264, 88, 3),
        (237, 87, 3),
        (213, 86, 3),
        (191, 85, 4),
        (170, 82, 4),
        (152, 81, 4),
        (136, 78, 4),
        (121, 75, 4),
        (108, 74, 4),
        (97, 71, 4),
        (87, 67, 4),
        (78, 65, 4),
        (70, 61, 4),
        (63, 57, 4),
        (56, 52, 5),
        (50, 48, 6),
        (45, 45, 6),
    ];
    let have: Vec<(usize, usize, usize)> =
        trajectory.boxes.iter().map(|(r, m)| (m.n, m.hits, r.restricted())).collect();
    assert_eq!(have, want);
}

#[test]
fn box_21_has_the_ends_and_quasi_p_values_of_the_reference() {
    let (names, columns, holds) = data();
    let cases = Cases::new(&columns, &holds).unwrap();
    let settings = PrimSettings { peel: 0.1, ..PrimSettings::default() };
    let trajectory = find_box(&cases, &cases.rows(), &settings).unwrap();
    let (region, measure) = &trajectory.boxes[21];
    assert_eq!(trajectory.at_density(0.75), Some(21));
    let want = [
        ("Cellulosic cost", Side::Low, 72.65, 0.157_413_335_289_273_26),
        ("Total biomass", Side::High, 755.8, 4.716_968_553_178_767e-6),
        ("Demand elasticity", Side::Low, -0.422, 1.184_929_911_576_220_8e-16),
        ("Biomass backstop price", Side::Low, 150.05, 3.515_112_530_263_05e-11),
    ];
    let ends = restrictions(&cases, &cases.rows(), region);
    assert_eq!(ends.len(), want.len());
    for (end, (name, side, at, p)) in ends.iter().zip(want) {
        assert_eq!((names[end.column], end.side), (name, side));
        assert!((end.end - at).abs() < 1e-9, "{name}: {}", end.end);
        assert!((end.quasi_p / p - 1.0).abs() < 1e-6, "{name}: {} {p}", end.quasi_p);
    }
    let rule = Rule { region: region.clone(), measure: *measure };
    assert_eq!(
        rule.rounded(&cases, &cases.rows(), 4).sentence(&names, "the policy's failure"),
        "When Cellulosic cost is at least 72.65, Total biomass is at most 755.8, Demand elasticity is at \
         least -0.422 and Biomass backstop price is at least 150.1, the policy's failure holds in 77 % of \
         draws; that covers 75 % of the draws where it holds."
    );
    // The cost is the end that the reference calls insignificant; without it three remain.
    let (simple, wider) = simplify(&cases, &cases.rows(), region, 0.05);
    assert_eq!(simple.restricted(), 3);
    assert!(wider.coverage() >= measure.coverage());
}

/// The reference's own test of box 21 by ten random halves restricts biomass, demand and the backstop
/// price again in all, the cost in nine, and no other input in more than two. Halves differ, so only
/// what holds for any is asked here.
#[test]
fn the_inputs_that_matter_are_found_again_on_halves() {
    let (names, columns, holds) = data();
    let cases = Cases::new(&columns, &holds).unwrap();
    let settings = PrimSettings { peel: 0.1, ..PrimSettings::default() };
    let trajectory = find_box(&cases, &cases.rows(), &settings).unwrap();
    let found = reproduce(&cases, &settings, &trajectory.boxes[21].1, 20, 4).unwrap();
    assert_eq!(found.halves, 20);
    for (name, share) in names.iter().zip(&found.by_density) {
        match *name {
            "Total biomass" | "Demand elasticity" | "Biomass backstop price" => {
                assert!(*share > 0.8, "{name} {share}")
            }
            "Cellulosic cost" => assert!(*share > 0.5, "{name} {share}"),
            _ => assert!(*share < 0.5, "{name} {share}"),
        }
    }
    // A claim that holds in one draw alone is in half of the halves.
    let mut rare = vec![false; holds.len()];
    rare[5] = true;
    let rare_cases = Cases::new(&columns, &rare).unwrap();
    let measure = rare_cases.measure(&[5]);
    let halves = reproduce(&rare_cases, &settings, &measure, 10, 1).unwrap().halves;
    assert!((1..10).contains(&halves), "{halves}");
    assert!(reproduce(&cases, &settings, &measure, 0, 1).is_err());
}

#[test]
fn the_tree_is_that_of_the_reference() {
    let (names, columns, holds) = data();
    let cases = Cases::new(&columns, &holds).unwrap();
    let tree = grow(&cases, &TreeSettings::default()).unwrap();
    let leaves: Vec<(usize, usize)> =
        tree.leaves().iter().map(|l| (l.measure.n - l.measure.hits, l.measure.hits)).collect();
    assert_eq!(leaves, [(45, 1), (482, 0), (91, 0), (40, 4), (26, 20), (34, 10), (45, 0), (30, 54)]);
    let rule = &tree.rules(0.5)[0];
    assert_eq!(
        rule.condition(&names).unwrap(),
        "Demand elasticity is at least -0.3165 and Biomass backstop price is at least 148.3"
    );
}
