//! Connections that are kept and lent.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::Error;

/// Longest wait for a connection. A desk gives up a request after 10 s; until then it may as well be told.
const PATIENCE: Duration = Duration::from_secs(8);

/// What becomes of a connection that was lent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Afterwards {
    Keep,
    Close,
}

/// At most so many connections, opened when they are first needed.
pub(super) struct Pool<T> {
    open: Box<dyn Fn() -> Result<T, Error> + Send + Sync>,
    limit: usize,
    state: Mutex<State<T>>,
    freed: Condvar,
}

struct State<T> {
    idle: Vec<T>,
    lent: usize,
}

/// The right to one connection.
struct Place<'a, T>(&'a Pool<T>);

impl<T> Pool<T> {
    pub(super) fn new(limit: usize, open: impl Fn() -> Result<T, Error> + Send + Sync + 'static) -> Self {
        let state = Mutex::new(State { idle: Vec::new(), lent: 0 });
        Self { open: Box::new(open), limit, state, freed: Condvar::new() }
    }

    /// Lends `work` a connection as soon as there is one.
    ///
    /// # Errors
    /// Not within [`PATIENCE`], or it can't be opened.
    pub(super) fn lend<R>(&self, work: impl FnOnce(&mut T) -> (R, Afterwards)) -> Result<R, Error> {
        let (_place, idle) = self.take()?;
        let mut connection = match idle {
            Some(connection) => connection,
            None => (self.open)()?,
        };
        let (done, afterwards) = work(&mut connection);
        if afterwards == Afterwards::Keep {
            self.lock().idle.push(connection);
        }
        Ok(done)
    }

    /// Closes the connections that aren't lent.
    pub(super) fn clear(&self) {
        let idle = std::mem::take(&mut self.lock().idle);
        drop(idle);
    }

    fn take(&self) -> Result<(Place<'_, T>, Option<T>), Error> {
        let busy = |state: &mut State<T>| state.lent >= self.limit;
        let waited = self.freed.wait_timeout_while(self.lock(), PATIENCE, busy);
        let (mut state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(Error::Lost(anyhow::anyhow!("every connection is busy")));
        }
        state.lent += 1;
        let idle = state.idle.pop();
        drop(state);
        Ok((Place(self), idle))
    }

    /// Nothing is done under the lock that could leave the state half changed.
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        self.0.lock().lent -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn counted(limit: usize) -> Pool<u32> {
        let opened = AtomicU32::new(0);
        Pool::new(limit, move || Ok(opened.fetch_add(1, Ordering::SeqCst)))
    }

    #[test]
    fn a_connection_is_kept_until_somebody_closes_it() {
        let pool = counted(2);
        let lend = |afterwards| pool.lend(|connection| (*connection, afterwards)).unwrap();
        assert_eq!(lend(Afterwards::Keep), 0);
        assert_eq!(lend(Afterwards::Close), 0);
        assert_eq!(lend(Afterwards::Keep), 1);
        pool.clear();
        assert_eq!(lend(Afterwards::Keep), 2);
    }

    #[test]
    fn never_more_connections_are_lent_than_there_may_be() {
        let pool = counted(3);
        let (lent, most) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let work = |_: &mut u32| {
                            most.fetch_max(lent.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                            std::thread::yield_now();
                            lent.fetch_sub(1, Ordering::SeqCst);
                            ((), Afterwards::Keep)
                        };
                        pool.lend(work).unwrap();
                    }
                });
            }
        });
        assert!((1..=3).contains(&most.into_inner()));
        assert!(pool.lend(|opened| (*opened < 3, Afterwards::Keep)).unwrap());
    }

    #[test]
    fn a_panic_gives_back_the_place_and_closes_the_connection() {
        let pool = counted(1);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.lend(|_| -> ((), Afterwards) { panic!("on purpose") })
        }));
        assert!(panicked.is_err());
        assert_eq!(pool.lend(|connection| (*connection, Afterwards::Keep)).unwrap(), 1);
    }
}
