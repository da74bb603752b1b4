//! Opening the chip: PACE where it offers that, else basic access control (ICAO Doc 9303-11, 4).

use crate::directory::{LDS1_APPLICATION, names_application};
use crate::error::MrtdError;
use crate::mrz::AccessKey;
use smartcard::bac::{self, BacError};
use smartcard::pace::{self, Can, PaceError, PacePassword};
use smartcard::security_infos::SecurityInfos;
use smartcard::{CardChannel, CardChannelExt, CommandApdu, Entropy, SecureMessaging, StatusWord};
use zeroize::Zeroizing;

/// What opens the chip. Neither has a retry counter.
pub enum Password {
    /// The card access number: PACE only.
    Can(Can),
    /// Number, date of birth and date of expiry of the machine-readable zone.
    Zone(AccessKey),
}

impl Password {
    fn for_pace(&self) -> PacePassword {
        match self {
            Self::Can(can) => can.password(),
            Self::Zone(key) => PacePassword::Mrz(Zeroizing::new(key.information().to_vec())),
        }
    }
}

/// How the chip was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Password authenticated connection establishment.
    Pace,
    /// Basic access control, whose keys are no stronger than the zone.
    Bac,
}

/// An open session.
pub(crate) struct Opened {
    pub(crate) access: Access,
    pub(crate) messaging: SecureMessaging,
    /// What PACE with the chip authentication mapping leaves to be compared with EF.CardSecurity.
    pub(crate) mapping: Option<pace::ChipAuthenticationMapping>,
}

/// Opens a chip whose root is selected. After PACE it still is, after basic access control the application
/// is.
pub(crate) fn open(
    channel: &mut dyn CardChannel,
    card_access: Option<&SecurityInfos>,
    password: &Password,
    entropy: &mut dyn Entropy,
) -> Result<Opened, MrtdError> {
    // They come with the best first.
    let Some(info) = card_access.and_then(|infos| infos.pace().first()) else {
        return open_with_bac(channel, password, entropy);
    };
    match pace::establish(channel, info, &password.for_pace(), entropy) {
        Ok(established) => Ok(Opened {
            access: Access::Pace,
            messaging: established.messaging,
            mapping: established.chip_authentication_mapping,
        }),
        Err(PaceError::Channel(error)) => Err(error.into()),
        Err(PaceError::Entropy(error)) => Err(error.into()),
        Err(PaceError::WrongPassword) => Err(name_wrong_password(channel, password)?),
        Err(failure @ (PaceError::Refused(_) | PaceError::NotSupported)) => {
            fall_back(channel, failure, password, entropy)
        }
        Err(failure) => Err(MrtdError::Pace(failure)),
    }
}

/// Health cards have access numbers, too: a wrong one of theirs isn't a wrong one of a document.
fn name_wrong_password(channel: &mut dyn CardChannel, password: &Password) -> Result<MrtdError, MrtdError> {
    let other_card = matches!(password, Password::Can(_))
        && select_application(channel)? == StatusWord::NOT_FOUND
        && !names_application(channel, &LDS1_APPLICATION)?;
    Ok(if other_card { MrtdError::NotATravelDocument } else { MrtdError::WrongPassword })
}

/// Chips are known that offer PACE, refuse it, and open with basic access control.
fn fall_back(
    channel: &mut dyn CardChannel,
    failure: PaceError,
    password: &Password,
    entropy: &mut dyn Entropy,
) -> Result<Opened, MrtdError> {
    match open_with_bac(channel, password, entropy) {
        Err(MrtdError::Bac(BacError::Refused(_)) | MrtdError::ApplicationRefused(_)) => {
            let without_zone = failure == PaceError::Refused(StatusWord::REFERENCE_NOT_FOUND);
            Err(if without_zone { MrtdError::CanNeeded } else { MrtdError::Pace(failure) })
        }
        // A chip without an access number refuses its name; anything else isn't about the password.
        Err(MrtdError::ZoneNeeded) if !matches!(failure, PaceError::Refused(_)) => {
            Err(MrtdError::Pace(failure))
        }
        outcome => outcome,
    }
}

fn open_with_bac(
    channel: &mut dyn CardChannel,
    password: &Password,
    entropy: &mut dyn Entropy,
) -> Result<Opened, MrtdError> {
    match select_application(channel)? {
        StatusWord::NOT_FOUND => return Err(MrtdError::NotATravelDocument),
        status if status.is_error() => return Err(MrtdError::ApplicationRefused(status)),
        _ => {}
    }
    let Password::Zone(key) = password else { return Err(MrtdError::ZoneNeeded) };
    match bac::establish(channel, key.information(), entropy) {
        Ok(messaging) => Ok(Opened { access: Access::Bac, messaging, mapping: None }),
        Err(BacError::Channel(error)) => Err(error.into()),
        Err(BacError::Entropy(error)) => Err(error.into()),
        Err(BacError::WrongKey) => Err(MrtdError::WrongPassword),
        Err(failure) => Err(MrtdError::Bac(failure)),
    }
}

/// SELECT of the application for travel documents, without Le: German chips refuse one.
pub(crate) fn select_application(channel: &mut dyn CardChannel) -> Result<StatusWord, MrtdError> {
    Ok(channel.execute(&CommandApdu::select_application(&LDS1_APPLICATION))?.status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_and_nothing_else_are_a_can() {
        assert!(Can::parse("123123").is_some());
        assert!(Can::parse("000000").is_some());
        for text in ["", "12312", "1231234", "12312a", " 123123", "１２３１２３"] {
            assert!(Can::parse(text).is_none(), "{text}");
        }
    }
}
