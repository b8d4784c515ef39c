//! What is written comes back bit for bit; what is no table of ours is refused.

use crate::{Column, Field, Kind, Reader, StoreError, Writer};
use bytes::Bytes;

fn fields() -> Vec<Field> {
    vec![Field::new("draw", Kind::Whole), Field::new("param.q", Kind::Number), Field::new("w", Kind::Word)]
}

fn group(from: u64) -> Vec<Column> {
    let names = vec!["true in all".to_string(), "undefined".to_string()];
    vec![
        Column::Whole(vec![from, from + 1, u64::MAX]),
        Column::Number(vec![Some(0.1), None, Some(-0.0)]),
        Column::Word(names, vec![Some(1), Some(0), None]),
    ]
}

fn written() -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &fields()).unwrap();
    writer.group(&group(0)).unwrap();
    writer.group(&group(7)).unwrap();
    writer.finish(&[("detente".into(), "what is known".into())]).unwrap()
}

#[test]
fn cells_come_back_bit_for_bit() {
    let reader = Reader::new(Bytes::from(written())).unwrap();
    assert_eq!(reader.fields(), fields());
    assert_eq!((reader.groups(), reader.known("detente")), (2, Some("what is known")));
    let Column::Number(q) = &reader.columns(1, &[1]).unwrap()[0] else { panic!("another kind") };
    assert_eq!(q[2].unwrap().to_bits(), (-0.0f64).to_bits());
    let back = reader.group(1).unwrap();
    assert_eq!(back[0], group(7)[0]);
    assert_eq!(back[1], group(7)[1]);
    // Words are numbered as they come.
    let names = vec!["undefined".to_string(), "true in all".to_string()];
    assert_eq!(back[2], Column::Word(names, vec![Some(0), Some(1), None]));
    assert_eq!(written(), written());
}

#[test]
fn other_files_are_refused_in_words() {
    let open = |bytes: &[u8]| Reader::new(Bytes::copy_from_slice(bytes)).err();
    let whole = written();
    assert_eq!(open(b"game \"S1\""), Some(StoreError::Foreign));
    assert_eq!(open(b""), Some(StoreError::Foreign));
    for cut in [4, 9, 100, whole.len() - 1] {
        assert_eq!(open(&whole[..cut]), Some(StoreError::CutShort), "{cut}");
    }
    assert!(open(b"PAR1PAR1").is_some());
    // The footer's length points outside of the file.
    let mut bent = whole.clone();
    let at = bent.len() - 8;
    bent[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(open(&bent), Some(StoreError::Damaged(_))));
}

#[test]
fn damaged_cells_are_an_error_and_no_panic() {
    let whole = written();
    let mut refused = 0;
    for at in 4..whole.len() - 8 {
        let mut bent = whole.clone();
        bent[at] ^= 0x55;
        let all = Reader::new(Bytes::from(bent))
            .and_then(|r| (0..r.groups()).try_for_each(|g| r.group(g).map(|_| ())));
        refused += usize::from(all.is_err());
    }
    // A changed digit of a value or of a name is still a table.
    assert!(refused > whole.len() / 4, "{refused} of {}", whole.len());
}

#[test]
fn columns_must_fit() {
    let mut writer = Writer::new(Vec::new(), &fields()).unwrap();
    let mut short = group(0);
    short[1] = Column::Number(vec![None]);
    assert!(matches!(writer.group(&short), Err(StoreError::Shape(_))));
    assert!(matches!(writer.group(&group(0)[..2]), Err(StoreError::Shape(_))));
}

#[test]
fn cells_move_from_group_to_group() {
    let mut whole = group(0);
    for (column, more) in whole.iter_mut().zip(group(3)) {
        column.append(more).unwrap();
        assert_eq!(column.len(), 6);
        let first = column.take(4);
        assert_eq!((first.len(), column.len(), column.take(9).len()), (4, 2, 2));
    }
    let mut words = Column::Word(vec!["b".into()], vec![Some(0)]);
    words.append(Column::Word(vec!["a".into(), "b".into()], vec![Some(0), Some(1), None])).unwrap();
    assert_eq!(words, Column::Word(vec!["b".into(), "a".into()], vec![Some(0), Some(1), Some(0), None]));
    assert!(words.append(Column::Whole(vec![1])).is_err());
}
