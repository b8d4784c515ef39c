//! Polynomials of a map as a reader writes them, and regions in a few words.
//!
//! The one idea: a border that can be solved for one parameter is written so.

use super::{Axis, Seen};
use crate::formula::{Atom, Kind};
use detente_exact::Q;
use detente_exact::poly::MPoly;
use detente_game::Param;

/// The names of all variables: the two parameters, then what the atoms stand for.
pub fn names(params: &[Param], x: &Axis, y: &Axis, atoms: &[Atom]) -> Vec<String> {
    let name = |axis: &Axis| params[axis.param.index()].name.clone();
    variables(vec![name(x), name(y)], atoms)
}

/// These names, then what the atoms stand for.
pub fn variables(mut names: Vec<String>, atoms: &[Atom]) -> Vec<String> {
    for atom in atoms {
        let list: Vec<String> = atom.operands.iter().map(|f| fraction(f, &names)).collect();
        let word = match atom.kind {
            Kind::Exp => "exp",
            Kind::Ln => "ln",
            Kind::Sqrt => "sqrt",
            Kind::Power => "pow",
        };
        names.push(format!("{word}({})", list.join(", ")));
    }
    names
}

/// A polynomial, the highest powers first.
pub fn polynomial(poly: &MPoly, names: &[String]) -> String {
    let mut terms: Vec<(Vec<(u32, u16)>, &Q)> = poly.terms().map(|(m, c)| (m.powers().to_vec(), c)).collect();
    let degree = |powers: &[(u32, u16)]| powers.iter().map(|p| u32::from(p.1)).sum::<u32>();
    terms.sort_by(|a, b| degree(&b.0).cmp(&degree(&a.0)).then_with(|| a.0.cmp(&b.0)));
    // A sum that starts with a plus reads better.
    if let Some(k) = terms.iter().position(|t| t.1.is_positive()).filter(|_| terms.len() > 1)
        && terms[0].1.is_negative()
    {
        let first = terms.remove(k);
        terms.insert(0, first);
    }
    let mut text = String::new();
    for (k, (powers, c)) in terms.iter().enumerate() {
        text.push_str(match (k, c.is_negative()) {
            (0, false) => "",
            (0, true) => "-",
            (_, false) => " + ",
            (_, true) => " - ",
        });
        let mut parts: Vec<String> = vec![];
        if !c.abs().is_one() || powers.is_empty() {
            parts.push(c.abs().to_string());
        }
        for (v, e) in powers {
            let name = names.get(*v as usize).map_or("?", String::as_str);
            parts.push(if *e == 1 { name.to_string() } else { format!("{name}^{e}") });
        }
        text.push_str(&parts.join(" "));
    }
    if text.is_empty() { "0".into() } else { text }
}

/// A quotient of polynomials.
pub fn fraction((num, den): &(MPoly, MPoly), names: &[String]) -> String {
    let around = |p: &MPoly| match p.len() {
        0 | 1 => polynomial(p, names),
        _ => format!("({})", polynomial(p, names)),
    };
    match den.as_constant() {
        Some(c) => polynomial(&num.scale(&c.checked_recip().unwrap_or(Q::ONE)), names),
        None => {
            // Whole coefficients above, where they are small.
            let whole = num.primitive();
            let factor = num.terms().next_back().zip(whole.terms().next_back());
            let factor = factor.and_then(|((_, a), (_, b))| a.checked_div(b)).unwrap_or(Q::ONE);
            let (mut up, mut down) = (whole.scale(&factor.numerator()), den.scale(&factor.denominator()));
            if up.terms().all(|(_, c)| c.is_negative()) {
                (up, down) = (-&up, -&down);
            }
            let mut below = polynomial(&down, names);
            if below.contains(' ') {
                below = format!("({below})");
            }
            format!("{} / {below}", around(&up))
        }
    }
}

/// Where a polynomial is 0.
pub fn equation(poly: &MPoly, names: &[String]) -> String {
    let vars = poly.vars();
    // The second parameter as a function of the first reads like the picture.
    for v in [1u32, 0] {
        let parts = poly.coefficients_in(v);
        if parts.len() != 2 || vars.iter().any(|w| *w > 1) {
            continue;
        }
        let short = parts[0].len() <= 6 && parts[1].len() <= 4;
        if short || vars.len() == 1 {
            let name = names.get(v as usize).map_or("?", String::as_str);
            let lead = parts[1].primitive();
            let scale = parts[1].terms().next_back().zip(lead.terms().next_back());
            let scale = scale.and_then(|((_, a), (_, b))| a.checked_div(b)).unwrap_or(Q::ONE);
            let num = (-&parts[0]).scale(&scale.checked_recip().unwrap_or(Q::ONE));
            let common = num.gcd(&lead);
            let reduced = num.exact_div(&common).zip(lead.exact_div(&common)).unwrap_or((num, lead));
            return format!("{name} = {}", fraction(&reduced, names));
        }
    }
    format!("{} = 0", polynomial(poly, names))
}

/// What happens in a region, in a few words.
pub fn title(equilibria: &[Vec<Seen>]) -> String {
    const MOST: usize = 3;
    let one = |list: &Vec<Seen>| -> String {
        let mut order: Vec<&Seen> = list.iter().collect();
        order.sort_by(|a, b| (b.low + b.high).total_cmp(&(a.low + a.high)));
        let more = order.len().saturating_sub(MOST);
        let mut names: Vec<&str> = order.iter().take(MOST).map(|s| s.outcome.as_str()).collect();
        if more > 0 {
            names.push("…");
        }
        names.join(" or ").replace(" or …", " …")
    };
    let mut all: Vec<String> = equilibria.iter().map(one).collect();
    all.dedup();
    match all.len() {
        0 => String::new(),
        1 if equilibria.len() == 1 => all.remove(0),
        _ => format!("{} equilibria: {}", equilibria.len(), all.join("; ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Vec<String> {
        vec!["q".into(), "a".into()]
    }

    #[test]
    fn a_border_is_solved_for_a_parameter_where_that_is_possible() {
        let (x, y) = (MPoly::variable(0), MPoly::variable(1));
        let number = |n: i64| MPoly::constant(Q::from(n));
        assert_eq!(equation(&(&x.scale(&Q::from(3)) - &number(2)), &named()), "q = 2/3");
        assert_eq!(equation(&(&(&x * &y) - &number(1)), &named()), "a = 1 / q");
        assert_eq!(equation(&(&(&x * &x) - &y), &named()), "a = q^2");
        let circle = &(&(&x * &x) + &(&y * &y)) - &number(1);
        assert_eq!(equation(&circle, &named()), "q^2 + a^2 - 1 = 0");
    }

    #[test]
    fn a_quotient_keeps_its_value() {
        let (x, y) = (MPoly::variable(0), MPoly::variable(1));
        let half = (x.scale(&Q::new(1, 2)), &y + &MPoly::one());
        assert_eq!(fraction(&half, &named()), "q / (2 a + 2)");
    }
}
