//! The reader with a pad stands beside the others.

use anyhow::Result;
use workshop::{namespace, pcscd::Pcscd, pin_pad::Pad};

#[test]
fn pcscd_has_the_reader_with_a_pad_also_after_a_crash() -> Result<()> {
    namespace::inside("pcscd_has_the_reader_with_a_pad_also_after_a_crash", || {
        let pad = Pad::new()?;
        let mut pcscd = Pcscd::start_with_pad(&pad)?;
        // It is ready when all three readers take cards.
        pcscd.restart()?;
        assert!(pad.asked().is_empty());
        Ok(())
    })
    .map(drop)
}
