//! What PC/SC's codes mean for a conversation with a card.

use pcsc::Error;
use smartcard::ChannelError;

/// The one translation of PC/SC's errors (PC/SC Part 5; pcsc-lite `pcsclite.h`).
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "some sixty codes that no conversation produces share one answer"
)]
pub(crate) fn channel_error(error: Error) -> ChannelError {
    match error {
        Error::RemovedCard | Error::ResetCard | Error::NoSmartcard => ChannelError::CardRemoved,
        // A memory card speaks neither T=0 nor T=1: to the person, a card that doesn't answer.
        Error::UnresponsiveCard
        | Error::UnpoweredCard
        | Error::UnsupportedCard
        | Error::ProtoMismatch
        | Error::NotTransacted
        | Error::CommDataLost
        | Error::Timeout => ChannelError::CardMute,
        Error::SharingViolation => ChannelError::CardBusy,
        Error::UnknownReader | Error::ReaderUnavailable | Error::NoReadersAvailable => {
            ChannelError::ReaderRemoved
        }
        Error::NoService
        | Error::ServiceStopped
        | Error::CommError
        | Error::InvalidHandle
        | Error::Shutdown
        | Error::SystemCancelled => ChannelError::ServiceLost,
        Error::Cancelled => ChannelError::Cancelled,
        // More came than a response APDU of this command can hold.
        Error::InsufficientBuffer => ChannelError::Malformed,
        other => ChannelError::Transport(other as u32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_code_is_kept_for_the_report() {
        assert_eq!(channel_error(Error::UnsupportedFeature), ChannelError::Transport(0x8010_001F));
    }
}
