//! Which lists a store has had, so that nobody brings an older one back while it is down.

use super::error::TrustError;
use super::signed_list::Provenance;
use super::{SIGNED_LISTS_MAX, TrustStore, keep_newest};
use crate::passive::certificate::Certificate;
use jiff::Timestamp;

/// Most lines that are read of what was kept: two kinds of lists under every root that a desk ever has.
const LINES_MAX: usize = 256;
/// Bytes of a line are fewer.
const LINE_BYTES_MAX: usize = 128;

/// A kind of list that somebody below a pinned root signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignedListKind {
    /// A master list.
    Master,
    /// A defect list.
    Defect,
}

impl SignedListKind {
    const ALL: [Self; 2] = [Self::Master, Self::Defect];

    fn word(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Defect => "defect",
        }
    }
}

/// The newest list of its kind that there has been under a root. Whoever makes a store of files keeps what
/// [`TrustState::newest_lists`](super::TrustState::newest_lists) has, and gives it to [`TrustStore::from_files`] the
/// next time. It tells of nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewestList {
    /// Its kind.
    pub kind: SignedListKind,
    /// SHA-256 of the root's name in DER.
    pub root: [u8; 32],
    /// When it was signed.
    pub signed: Timestamp,
}

/// What was kept of the newest lists isn't as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the note of the newest lists is damaged")]
pub struct DamagedNote;

impl NewestList {
    /// All of them as lines of text, for a file: kind, when it was signed, root.
    #[must_use]
    pub fn to_text(lists: &[Self]) -> String {
        let line = |list: &Self| format!("{} {} {}\n", list.kind.word(), list.signed, hex::encode(list.root));
        lists.iter().map(line).collect()
    }

    /// Reads what [`Self::to_text`] has written; of nothing, which is the first time, there are none.
    ///
    /// # Errors
    /// [`DamagedNote`]: taking it for nothing would let older lists in again.
    pub fn from_text(text: &str) -> Result<Vec<Self>, DamagedNote> {
        if text.len() > LINES_MAX * LINE_BYTES_MAX {
            return Err(DamagedNote);
        }
        text.lines().map(|line| Self::from_line(line).ok_or(DamagedNote)).collect()
    }

    fn from_line(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let kind = words.next()?;
        let kind = SignedListKind::ALL.into_iter().find(|known| known.word() == kind)?;
        let signed = words.next()?.parse().ok()?;
        let mut root = [0; 32];
        hex::decode_to_slice(words.next()?, &mut root).ok()?;
        words.next().is_none().then_some(Self { kind, root, signed })
    }

    fn is_beside(&self, other: &Self) -> bool {
        self.kind == other.kind && self.root == other.root
    }

    fn is_older_than(&self, other: &Self) -> bool {
        self.is_beside(other) && self.signed < other.signed
    }
}

/// A list in the store. Of each kind and root the newest one counts.
pub(super) struct KeptList<T> {
    pub(super) list: NewestList,
    pub(super) signer: Certificate,
    pub(super) contents: T,
}

impl TrustStore {
    /// Takes a list into `lists` of the store, in the place of the one before it under the same root: unless somebody
    /// has revoked its signer, or there is or was a newer one.
    pub(super) fn keep<T>(
        &mut self,
        lists: impl FnOnce(&mut Self) -> &mut Vec<KeptList<T>>,
        Provenance { list, signer }: Provenance,
        contents: T,
    ) -> Result<(), TrustError> {
        if self.is_revoked(&signer) {
            return Err(TrustError::Revoked);
        }
        if self.newest_lists.iter().any(|known| list.is_older_than(known)) {
            return Err(TrustError::Older);
        }
        keep_newest(
            lists(self),
            KeptList { list, signer, contents },
            SIGNED_LISTS_MAX,
            |new, known| new.list.is_beside(&known.list),
            |new, known| new.list.is_older_than(&known.list),
        )?;
        self.newest_lists.retain(|known| !known.is_beside(&list));
        self.newest_lists.push(list);
        Ok(())
    }

    /// The newest lists under roots that are pinned still, of which none is in the store.
    pub(super) fn missing_lists(&self) -> Vec<NewestList> {
        let kept =
            self.master_lists.iter().map(|it| it.list).chain(self.defect_lists.iter().map(|it| it.list));
        let kept: Vec<_> = kept.collect();
        let is_missing = |newest: &&NewestList| self.pinned.contains(&newest.root) && !kept.contains(newest);
        self.newest_lists.iter().filter(is_missing).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_as_it_was_written() {
        let lists = [
            NewestList {
                kind: SignedListKind::Master,
                root: [0xA5; 32],
                signed: "2026-10-28T10:30:00Z".parse().unwrap(),
            },
            NewestList {
                kind: SignedListKind::Defect,
                root: [0; 32],
                signed: "2026-09-28T00:00:00Z".parse().unwrap(),
            },
        ];
        let text = NewestList::to_text(&lists);
        assert_eq!(text.lines().next(), Some(&*format!("master 2026-10-28T10:30:00Z {}", "a5".repeat(32))));
        assert_eq!(NewestList::from_text(&text).unwrap(), lists);
        assert_eq!(NewestList::from_text("").unwrap(), []);
        for damaged in [
            "master",
            "other 2026-10-28T10:30:00Z 00",
            &text[..text.len() - 2],
            &text.replace("master", "masters"),
            &text.replace("2026-10-28", "2026-13-28"),
            &format!("{text}\n"),
            &format!("{} more\n", text.trim_end()),
            &text.repeat(LINES_MAX),
        ] {
            assert_eq!(NewestList::from_text(damaged), Err(DamagedNote), "{damaged:.80}");
        }
    }
}
