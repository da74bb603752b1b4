//! Commands about the PIN (gemSpec_COS, 14.6): its state, proving, changing and unblocking it.

use super::{Answer, Card, status};
use crate::{
    apdu::{Command, sw},
    pin::{Pin, PinState, TRIES, digits},
};

/// MRPIN.home, which opens what the cardholder may use without a card of the telematics infrastructure.
const HOME: u8 = 0x02;
/// PIN.CH and its references for applications; PIN.CH opens nothing without such a card.
const REFERENCES: [u8; 8] = [0x01, HOME, 0x03, 0x04, 0x05, 0x07, 0x09, 0x0C];
/// References that cards are delivered with disabled (MRPIN.NFD and MRPIN.DPE).
const DISABLED: [u8; 2] = [0x03, 0x04];

/// A PIN block.
const BLOCK: usize = 8;
/// Digits of a PIN.
const PIN_DIGITS: std::ops::RangeInclusive<usize> = 6..=8;

impl Card {
    /// Whether the cardholder's consent was given by PIN, or isn't asked for.
    pub(super) fn is_holder_present(&self) -> bool {
        self.volatile.proven.contains(&HOME)
            || self.secrets.pin.as_ref().is_some_and(|pin| pin.state == PinState::Disabled)
    }

    /// GET PIN STATUS.
    pub(super) fn get_pin_status(&self, command: &Command<'_>) -> Answer {
        let (pin, reference) = match self.addressed(command, &[0]) {
            Ok(addressed) => addressed,
            Err(refusal) => return status(refusal),
        };
        status(match pin.state {
            PinState::Disabled => sw::PIN_DISABLED,
            _ if DISABLED.contains(&reference) => sw::PIN_DISABLED,
            PinState::Transport => sw::TRANSPORT_PIN,
            PinState::Empty => sw::EMPTY_PIN,
            PinState::Regular if self.volatile.proven.contains(&reference) => sw::OK,
            PinState::Regular => sw::TRIES_LEFT | u16::from(pin.tries),
        })
    }

    /// VERIFY.
    pub(super) fn verify(&mut self, command: &Command<'_>) -> Answer {
        let outcome = self.addressed(command, &[0]).map(|(pin, reference)| (pin.clone(), reference));
        let (mut pin, reference) = match outcome {
            Ok(addressed) => addressed,
            Err(refusal) => return status(refusal),
        };
        if matches!(pin.state, PinState::Transport | PinState::Empty) {
            return status(sw::CONDITIONS);
        }
        let outcome = compare(&mut pin, command.data);
        self.volatile.proven.retain(|proven| *proven != reference);
        if outcome == sw::OK {
            self.volatile.proven.push(reference);
        }
        self.secrets.pin = Some(pin);
        status(outcome)
    }

    /// CHANGE REFERENCE DATA: P1 00 old and new PIN; 01 the first PIN of a card that has none.
    pub(super) fn change_reference_data(&mut self, command: &Command<'_>) -> Answer {
        let mut pin = match self.addressed(command, &[0, 1]) {
            Ok((pin, _)) => pin.clone(),
            Err(refusal) => return status(refusal),
        };
        let empty = pin.state == PinState::Empty;
        if (command.p1 == 1) != empty {
            return status(sw::CONDITIONS);
        }
        let old_length = if empty { 0 } else { BLOCK };
        let Some((old, new)) = command.data.split_at_checked(old_length) else {
            return status(sw::WRONG_LENGTH);
        };
        let outcome = match new_secret(new) {
            Err(refusal) => refusal,
            Ok(new) => {
                let outcome = if empty { sw::OK } else { compare(&mut pin, old) };
                if outcome == sw::OK {
                    pin.secret = new;
                    if pin.state != PinState::Disabled {
                        pin.state = PinState::Regular;
                    }
                }
                outcome
            }
        };
        self.secrets.pin = Some(pin);
        status(outcome)
    }

    /// RESET RETRY COUNTER: P1 00 PUK and new PIN, 01 PUK alone.
    pub(super) fn reset_retry_counter(&mut self, command: &Command<'_>) -> Answer {
        let mut pin = match self.addressed(command, &[0, 1]) {
            Ok((pin, _)) => pin.clone(),
            Err(refusal) => return status(refusal),
        };
        let Some((puk, new)) = command.data.split_at_checked(BLOCK) else { return status(sw::WRONG_LENGTH) };
        let new = match (command.p1, new) {
            (1, []) => None,
            (0, new) => match new_secret(new) {
                Ok(new) => Some(new),
                Err(refusal) => return status(refusal),
            },
            _ => return status(sw::WRONG_LENGTH),
        };
        let Some(left) = pin.unblockings.checked_sub(1) else { return status(sw::BLOCKED) };
        pin.unblockings = left;
        let right = digits(puk).is_some_and(|puk| puk == pin.unblocking_secret);
        if right {
            pin.tries = TRIES;
            if let Some(new) = new {
                pin.secret = new;
                pin.state = PinState::Regular;
            }
        }
        self.secrets.pin = Some(pin);
        status(if right { sw::OK } else { sw::TRIES_LEFT | u16::from(left) })
    }

    /// The PIN that P2 refers to, and the reference.
    fn addressed(&self, command: &Command<'_>, allowed: &[u8]) -> Result<(&Pin, u8), u16> {
        if !allowed.contains(&command.p1) {
            return Err(sw::WRONG_P1_P2);
        }
        let pin = self.secrets.pin.as_ref().filter(|_| REFERENCES.contains(&command.p2));
        let pin = pin.ok_or(sw::PROTECTION_WRONG)?;
        if self.is_private() { Ok((pin, command.p2)) } else { Err(sw::SECURITY_STATUS) }
    }
}

/// Compares and counts.
fn compare(pin: &mut Pin, block: &[u8]) -> u16 {
    if block.len() != BLOCK {
        return sw::WRONG_LENGTH;
    }
    let Some(left) = pin.tries.checked_sub(1) else { return sw::BLOCKED };
    if digits(block).is_some_and(|digits| digits == pin.secret) {
        pin.tries = TRIES;
        sw::OK
    } else {
        pin.tries = left;
        sw::TRIES_LEFT | u16::from(left)
    }
}

/// A new PIN of allowed length.
fn new_secret(block: &[u8]) -> Result<String, u16> {
    if block.len() != BLOCK {
        return Err(sw::WRONG_LENGTH);
    }
    digits(block).filter(|digits| PIN_DIGITS.contains(&digits.len())).ok_or(sw::CONDITIONS)
}
