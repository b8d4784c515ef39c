//! All corners of what a case leaves of a player's mixed strategies.
//!
//! The one idea: equations that leave one point give it; else conditions are added one by one, and
//! the edges that each new one cuts give its new corners (Motzkin and others 1953).

use detente_exact::Q;

/// A corner and which conditions it meets with equality.
struct Corner {
    point: Vec<Q>,
    tight: Vec<bool>,
}

/// Most corners at any time.
const LIMIT: usize = 20_000;

/// The corners of { x >= 0 : sum x = 1, forms = 0 for `equal`, forms <= 0 for `below` }. `None` if there
/// are too many.
pub(crate) fn corners(size: usize, equal: &[Vec<Q>], below: &[Vec<Q>]) -> Option<Vec<Vec<Q>>> {
    // Start with the corners of the simplex; each meets all other bounds with equality.
    let total = size + equal.len() + below.len();
    let mut list: Vec<Corner> = (0..size)
        .map(|i| {
            let point = (0..size).map(|j| if i == j { Q::ONE } else { Q::ZERO }).collect();
            Corner { point, tight: (0..total).map(|j| j < size && j != i).collect() }
        })
        .collect();
    let conditions = equal.iter().map(|f| (f, true)).chain(below.iter().map(|f| (f, false)));
    for (k, (form, equality)) in conditions.enumerate() {
        list = cut(list, form, equality, size + k)?;
    }
    Some(list.into_iter().map(|c| c.point).collect())
}

fn cut(list: Vec<Corner>, form: &[Q], equality: bool, number: usize) -> Option<Vec<Corner>> {
    let value = |c: &Corner| -> Q {
        form.iter().zip(&c.point).filter(|(_, p)| !p.is_zero()).map(|(f, p)| f * p).sum()
    };
    let values: Vec<Q> = list.iter().map(value).collect();
    let side = |sign: i32| (0..list.len()).filter(|c| values[*c].signum() == sign).collect::<Vec<usize>>();
    let (inside, outside) = (side(-1), side(1));
    let mut new = Vec::new();
    for a in &inside {
        for b in &outside {
            let common: Vec<usize> =
                (0..number).filter(|t| list[*a].tight[*t] && list[*b].tight[*t]).collect();
            // An edge joins two corners if no third one lies on all that both lie on.
            let third = |c: &usize| c != a && c != b && common.iter().all(|t| list[*c].tight[*t]);
            if (0..list.len()).any(|c| third(&c)) {
                continue;
            }
            let span = &values[*b] - &values[*a];
            let (wa, wb) = (&values[*b] / &span, -(&values[*a] / &span));
            let pairs = list[*a].point.iter().zip(&list[*b].point);
            let point = pairs.map(|(x, y)| x * &wa + y * &wb).collect();
            let mut tight = vec![false; list[*a].tight.len()];
            for t in common {
                tight[t] = true;
            }
            tight[number] = true;
            new.push(Corner { point, tight });
        }
    }
    let keep = |v: &Q| v.is_zero() || (v.is_negative() && !equality);
    for (mut corner, value) in list.into_iter().zip(values).filter(|(_, v)| keep(v)) {
        corner.tight[number] = value.is_zero();
        new.push(corner);
    }
    (new.len() <= LIMIT).then_some(new)
}

/// Whether the equations `sum x = 1, forms = 0` have at most one solution.
pub(crate) fn at_most_one(size: usize, forms: &[Vec<Q>]) -> bool {
    if forms.len() + 1 < size {
        return false;
    }
    let mut rows: Vec<Vec<Q>> = forms.to_vec();
    rows.push(vec![Q::ONE; size]);
    rank_by_prime(&rows, size).unwrap_or_else(|| rank(rows, size)) == size
}

/// A lower bound on the rank that is exact where it is full: elimination modulo a prime. `None` if a
/// number is too long, or the bound is not full.
fn rank_by_prime(rows: &[Vec<Q>], size: usize) -> Option<usize> {
    const PRIME: u128 = (1 << 61) - 1;
    let power = |base: u128, mut exponent: u128| {
        let (mut result, mut base) = (1, base);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result * base % PRIME;
            }
            base = base * base % PRIME;
            exponent >>= 1;
        }
        result
    };
    let residue = |q: &Q| -> Option<u128> {
        let reduce = |x: i64| (i128::from(x)).rem_euclid(PRIME as i128) as u128;
        let (num, den) = (reduce(q.numerator().to_i64()?), reduce(q.denominator().to_i64()?));
        match den {
            0 => None,
            1 => Some(num),
            _ => Some(num * power(den, PRIME - 2) % PRIME),
        }
    };
    let mut table: Vec<Vec<u128>> =
        rows.iter().map(|r| r.iter().map(residue).collect()).collect::<Option<_>>()?;
    for column in 0..size {
        let row = (column..table.len()).find(|r| table[*r][column] != 0)?;
        table.swap(column, row);
        let inverse = power(table[column][column], PRIME - 2);
        let (done, left) = table.split_at_mut(column + 1);
        let lead = &done[column];
        for line in left.iter_mut().filter(|l| l[column] != 0) {
            let factor = line[column] * inverse % PRIME;
            for c in column..size {
                line[c] = (line[c] + (PRIME - factor) * lead[c]) % PRIME;
            }
        }
    }
    Some(size)
}

fn rank(mut rows: Vec<Vec<Q>>, size: usize) -> usize {
    let mut found = 0;
    for column in 0..size {
        let Some(row) = (found..rows.len()).find(|r| !rows[*r][column].is_zero()) else { continue };
        rows.swap(found, row);
        let (done, left) = rows.split_at_mut(found + 1);
        let lead = &done[found];
        for line in left.iter_mut().filter(|l| !l[column].is_zero()) {
            let factor = &line[column] / &lead[column];
            for c in column..size {
                line[c].sub_mul(&factor, &lead[c]);
            }
        }
        found += 1;
    }
    found
}

/// The sign of a determinant.
pub(crate) fn determinant_sign(mut rows: Vec<Vec<Q>>) -> i32 {
    let size = rows.len();
    let mut sign = 1;
    for column in 0..size {
        let Some(row) = (column..size).find(|r| !rows[*r][column].is_zero()) else { return 0 };
        if row != column {
            rows.swap(row, column);
            sign = -sign;
        }
        sign *= rows[column][column].signum();
        let (done, left) = rows.split_at_mut(column + 1);
        let lead = &done[column];
        for line in left.iter_mut().filter(|l| !l[column].is_zero()) {
            let factor = &line[column] / &lead[column];
            for c in column..size {
                line[c].sub_mul(&factor, &lead[c]);
            }
        }
    }
    sign
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(list: &[i64]) -> Vec<Q> {
        list.iter().map(|x| Q::from(*x)).collect()
    }

    #[test]
    fn corners_of_a_cut_triangle() {
        let half = Q::new(1, 2);
        // x1 <= x2 cuts the triangle through the corner of x3.
        let mut found = corners(3, &[], &[row(&[1, -1, 0])]).unwrap();
        found.sort();
        assert_eq!(found, vec![row(&[0, 0, 1]), row(&[0, 1, 0]), vec![half.clone(), half.clone(), Q::ZERO]]);
        let found = corners(3, &[row(&[1, -1, 0])], &[row(&[0, 0, 1])]).unwrap();
        assert_eq!(found, vec![vec![half.clone(), half, Q::ZERO]]);
        assert_eq!(corners(2, &[row(&[1, 1])], &[]), Some(vec![]));
    }

    #[test]
    fn one_solution_or_more() {
        assert!(at_most_one(2, &[row(&[1, -1])]));
        assert!(!at_most_one(3, &[row(&[1, -1, 0]), row(&[2, -2, 0])]));
        let tenth = Q::from_f64(0.1).unwrap();
        let long = vec![&tenth * &tenth * &tenth * &tenth, Q::from(-3)];
        assert!(at_most_one(2, &[long]));
    }

    #[test]
    fn signs_of_determinants() {
        assert_eq!(determinant_sign(vec![row(&[0, 2]), row(&[3, 1])]), -1);
        assert_eq!(determinant_sign(vec![row(&[1, 2]), row(&[2, 4])]), 0);
        assert_eq!(determinant_sign(vec![row(&[1, 2, 0]), row(&[0, 0, 1]), row(&[0, -5, 7])]), 1);
    }
}
