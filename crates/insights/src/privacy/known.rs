//! Finds mentions of user ids in texts.
//!
//! Every part of a text between two boundaries is looked up by an incremental hash, so the time depends on
//! the text and the longest id, and not on the number of users. An automaton over all ids would take some
//! thirty bytes for each byte of an id; this takes about forty bytes per user, and the ids.

use std::{cmp::Reverse, ops::Range};

use super::{
    spelling::{Unit, fold, readings},
    viewer::{Digest, Viewer, digest_shown, pseudonyms_in},
};

/// Ids of ASCII letters and digits need at least this many to be found next to `-` and `_`.
const LONG: usize = 4;

/// A part of a text that mentions a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention<'a> {
    pub place: Range<usize>,
    pub id: &'a str,
}

/// The ids of users, indexed by pseudonym and by spelling.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// All ids, concatenated.
    texts: String,
    ends: Vec<u32>,
    /// The digests of pseudonyms, sorted, each with the index of its id.
    digests: Vec<(Digest, u32)>,
    /// Hashes of the normalised ids, sorted; `whose` has the index of each id.
    hashes: Vec<u64>,
    whose: Vec<u32>,
    /// Where the hashes with the same leading bits start.
    starts: Vec<u32>,
    /// Whether there are ids with this many normalised characters, by number.
    lengths: Vec<bool>,
}

/// The hash extended by one character. Its leading bits depend on all characters.
fn grown(hash: u64, c: char) -> u64 {
    (hash.rotate_left(5) ^ u64::from(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The hash of a normalised id, and its number of characters.
fn hashed(id: &str) -> (u64, usize) {
    let (mut hash, mut length) = (0, 0);
    for c in id.chars() {
        fold(c, |c| {
            hash = grown(hash, c);
            length += 1;
        });
    }
    (hash, length)
}

impl Ids {
    pub fn of<'a>(viewer: Viewer, ids: impl IntoIterator<Item = &'a str>) -> Self {
        let mut made = Self::default();
        let mut hashes: Vec<(u64, u32)> = Vec::new();
        for id in ids.into_iter().filter(|id| !id.is_empty()) {
            let whose = made.ends.len() as u32;
            let (hash, length) = hashed(id);
            if made.lengths.len() <= length {
                made.lengths.resize(length + 1, false);
            }
            made.lengths[length] = true;
            hashes.push((hash, whose));
            made.digests.push((viewer.digest(id), whose));
            made.texts.push_str(id);
            made.ends.push(made.texts.len() as u32);
        }
        made.texts.shrink_to_fit();
        hashes.sort_unstable();
        made.digests.sort_unstable();
        let shift = made.shift();
        let first = |bits| hashes.partition_point(|(hash, _)| hash >> shift < bits) as u32;
        made.starts = (0..=1 << (64 - shift)).map(first).collect();
        (made.hashes, made.whose) = hashes.into_iter().unzip();
        made
    }

    /// Number of ids.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Memory used, in bytes.
    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        let each = size_of::<(Digest, u32)>() + size_of::<u64>() + 2 * size_of::<u32>();
        self.texts.capacity() + self.len() * each + self.starts.len() * size_of::<u32>()
    }

    /// The shift from a hash to its slot: there is one slot for each id, or for every two.
    fn shift(&self) -> u32 {
        64 - self.len().max(2).ilog2()
    }

    fn id(&self, whose: u32) -> &str {
        let whose = whose as usize;
        let start = whose.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[start as usize..self.ends[whose] as usize]
    }

    /// The id whose pseudonym has this digest.
    pub fn behind(&self, digest: Digest) -> Option<&str> {
        let at = self.digests.binary_search_by_key(&digest, |(one, _)| *one);
        at.ok().map(|at| self.id(self.digests[at].1))
    }

    /// All ids, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|whose| self.id(whose as u32))
    }

    fn with_hash(&self, hash: u64) -> impl Iterator<Item = &str> {
        let slot = (hash >> self.shift()) as usize;
        let slot = self.starts[slot] as usize..self.starts[slot + 1] as usize;
        let same = slot.filter(move |&at| self.hashes[at] == hash);
        same.map(|at| self.id(self.whose[at]))
    }

    /// Calls `each` for every id that a text mentions at `start`, with the unit after the mention.
    fn each_at<'a>(&'a self, units: &[Unit], start: usize, mut each: impl FnMut(usize, &'a str)) {
        let mut hash = 0;
        for (end, &is_length) in (start..).zip(&self.lengths) {
            if is_length && !is_within_word(units, end) {
                let written = |id: &&str| is_written(id, &units[start..end]);
                let meant = self.with_hash(hash).filter(written);
                meant
                    .filter(|id| Reach::of(id).covers(units, start, end))
                    .for_each(|id| each(end, id));
            }
            match units.get(end) {
                Some(unit) => hash = grown(hash, unit.is),
                None => break,
            }
        }
    }
}

/// Whether a position is between two characters of one word.
fn is_within_word(units: &[Unit], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| units.get(before));
    let (before, after) = (before.copied(), units.get(at).copied());
    before.is_some_and(Unit::is_of_word) && after.is_some_and(Unit::is_of_word)
}

/// Whether the units spell an id.
fn is_written(id: &str, units: &[Unit]) -> bool {
    let (mut at, mut same) = (0, true);
    for c in id.chars() {
        fold(c, |c| {
            same &= units.get(at).is_some_and(|unit| unit.is == c);
            at += 1;
        });
    }
    same && at == units.len()
}

/// Where an id counts as a mention, if it is not within a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Everywhere.
    Anywhere,
    /// If it is not joined to another word by `-` or `_`: short words are parts of many names.
    Words,
    /// If it is surrounded by blanks: it has no letters or digits.
    Alone,
}

impl Reach {
    fn of(id: &str) -> Self {
        let is_short = id.len() < LONG && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match id.chars().any(char::is_alphanumeric) {
            false => Self::Alone,
            true if is_short => Self::Words,
            true => Self::Anywhere,
        }
    }

    fn covers(self, units: &[Unit], start: usize, end: usize) -> bool {
        let around = |nearest: Option<Unit>, next: Option<Unit>| match self {
            Self::Anywhere => true,
            Self::Words => {
                let joins = nearest.is_some_and(|unit| matches!(unit.is, '-' | '_'));
                !(joins && next.is_some_and(Unit::is_of_word))
            }
            Self::Alone => nearest.is_none_or(Unit::is_blank),
        };
        let before = |back: usize| start.checked_sub(back).map(|at| units[at]);
        let after = |on: usize| units.get(end + on).copied();
        around(before(1), before(2)) && around(after(0), after(1))
    }
}

/// The mentions of users in a text. Of overlapping mentions, the first counts, and of several at one position
/// the longest. Pseudonyms that are already in the text are not mentions.
pub(super) fn mentions<'a>(known: &[&'a Ids], text: &str) -> Vec<Mention<'a>> {
    let is_shown = |place: &Range<usize>| behind(known, &text[place.clone()]).is_some();
    let shown: Vec<_> = pseudonyms_in(text).filter(is_shown).collect();
    let mut found: Vec<_> = readings(text)
        .iter()
        .flat_map(|units| mentions_of(known, text, units))
        .filter(|mention| !shown.iter().any(|place| overlap(place, &mention.place)))
        .collect();
    found.sort_by_key(|mention| (mention.place.start, Reverse(mention.place.end)));
    let mut end = 0;
    found.retain(|mention| {
        let is_free = mention.place.start >= end;
        if is_free {
            end = mention.place.end;
        }
        is_free
    });
    found
}

/// The user that a pseudonym stands for.
pub(super) fn behind<'a>(known: &[&'a Ids], pseudonym: &str) -> Option<&'a str> {
    let digest = digest_shown(pseudonym)?;
    known.iter().find_map(|ids| ids.behind(digest))
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// The mentions in one reading of a text.
fn mentions_of<'a>(known: &[&'a Ids], text: &str, units: &[Unit]) -> Vec<Mention<'a>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < units.len() {
        let best = match is_within_word(units, at) {
            true => None,
            false => best(known, text, units, at),
        };
        match best {
            Some((end, mention)) => {
                found.push(mention);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The longest id at a position, and the unit after it. Of several that differ only in case, the one spelled
/// as in the text.
fn best<'a>(
    known: &[&'a Ids],
    text: &str,
    units: &[Unit],
    start: usize,
) -> Option<(usize, Mention<'a>)> {
    let mut best: Option<(usize, Mention<'a>)> = None;
    let rank = |end: usize, mention: &Mention<'a>| {
        let is_other = mention.id != &text[mention.place.clone()];
        (Reverse(end), is_other, mention.id)
    };
    for ids in known {
        ids.each_at(units, start, |end, id| {
            let place = units[start].from as usize..units[end - 1].to as usize;
            let mention = Mention { place, id };
            let before = best.as_ref().map(|(end, mention)| rank(*end, mention));
            if before.is_none_or(|before| rank(end, &mention) < before) {
                best = Some((end, mention));
            }
        });
    }
    best
}
