//! Where stores lie whose own disk isn't what is measured.

use std::path::Path;

use anyhow::Result;
use rustix::fs::statvfs;
use tempfile::TempDir;

/// File system in memory.
const MEMORY: &str = "/dev/shm";

/// A temporary folder for so many bytes: in memory if there is a file system with twice as much room, or on the disk.
pub(crate) fn in_memory(bytes: u64) -> Result<TempDir> {
    let memory = Path::new(MEMORY);
    let room = statvfs(memory).map_or(0, |it| it.f_bavail.saturating_mul(it.f_frsize));
    Ok(if room / 2 >= bytes { TempDir::new_in(memory)? } else { TempDir::new()? })
}
