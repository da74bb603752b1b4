//! Signing in with a PIN.

use std::{fmt, path::Path};

use jiff::Timestamp;

use crate::{
    MAX_TRIES, Member, Pin, PinError, StaffError,
    accounts_file::{self, Account},
    hash::{PinHash, match_nothing},
    tries::{Count, TriesFile},
};

/// The accounts of a desk. No PIN and no hash ever leaves.
pub struct Accounts {
    accounts: Vec<Account>,
    tries: TriesFile,
}

impl Accounts {
    /// Reads the administrator's file `accounts`, once: a change counts from the next time. `tries` is where wrong tries are
    /// counted, in a folder that belongs to the desk's OS account; the file comes with the first try. Beside it lie
    /// `….lock`, and for a moment `….new`; `….damaged` is what was left of a file that wasn't whole.
    ///
    /// # Errors
    /// Every [`StaffError`] but [`StaffError::Hash`].
    pub fn open(accounts: &Path, tries: &Path) -> Result<Self, StaffError> {
        let accounts = accounts_file::read(accounts)?;
        let tries =
            TriesFile::open(tries).map_err(|source| StaffError::Tries { path: tries.to_owned(), source })?;
        Ok(Self { accounts, tries })
    }

    /// Everybody who may work here, in the file's order.
    pub fn members(&self) -> impl ExactSizeIterator<Item = &Member> + Clone {
        self.accounts.iter().map(|account| &account.member)
    }

    /// Lets a member in whose PIN is right, and forgets the wrong tries before. A try counts as wrong, on disk, before it is
    /// compared: nobody wins a try by pulling the plug. Instances that share the file of tries check one after the other.
    ///
    /// # Errors
    /// [`PinError`]. The last wrong try is answered with [`PinError::Locked`].
    pub fn check(&self, id: &str, pin: &Pin, now: Timestamp) -> Result<Member, PinError> {
        self.attempt(id, now, |hash| hash.map_or_else(|| match_nothing(pin), |hash| hash.matches(pin)))
    }

    /// An id that nobody has goes the same way as any other, so that it takes as long.
    fn attempt(
        &self,
        id: &str,
        now: Timestamp,
        is_right: impl FnOnce(Option<&PinHash>) -> bool,
    ) -> Result<Member, PinError> {
        let mut tries = self.tries.take(self.members().map(Member::id), now).map_err(PinError::Storage)?;
        let Some(Account { member, pin }) = self.accounts.iter().find(|account| account.member.id() == id)
        else {
            tries.save().map_err(PinError::Storage)?;
            is_right(None);
            return Err(PinError::Unknown);
        };
        let count = tries.count(id, now)?;
        if is_right(Some(pin)) {
            tries.clear(id).map_err(PinError::Storage)?;
            return Ok(member.clone());
        }
        Err(match count {
            Count::Wrong(wrong) => PinError::Wrong { tries_left: MAX_TRIES - wrong },
            Count::LockedUntil(until) => PinError::Locked { until },
        })
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Accounts").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
