//! What pcscd calls (`ifdhandler.h` of pcsc-lite): vpcd's functions, and the pad behind `IFDHControl`.
#![allow(unsafe_code, reason = "C functions that pcscd calls with pointers")]
#![allow(non_snake_case, reason = "their names are pcsc-lite's")]

use std::{
    ffi::{c_char, c_uchar},
    slice,
};

use crate::{
    structure::PinVerify,
    typing::{Ended, Somebody, enter},
    vpcd::{
        COMMUNICATION_ERROR, Dword, ICC_NOT_PRESENT, INSUFFICIENT_BUFFER, IoHeader, NO_SUCH_DEVICE,
        ResponseCode, SUCCESS, Vpcd,
    },
};

/// Tags of `IFDHGetCapabilities`.
const TAG_SLOTS_NUMBER: Dword = 0x0FAE;

/// `CM_IOCTL_GET_FEATURE_REQUEST`
const GET_FEATURE_REQUEST: Dword = 0x4200_0000 + 3400;
/// The control codes that libccid gives its features, too.
const VERIFY_PIN_DIRECT: Dword = 0x4233_0006;
const IFD_PIN_PROPERTIES: Dword = 0x4233_000A;
/// What the reader offers: tag, length, control code in big endian (Part 10, 2.2).
const FEATURES: [u8; 12] = [0x06, 0x04, 0x42, 0x33, 0x00, 0x06, 0x0A, 0x04, 0x42, 0x33, 0x00, 0x0A];
/// `PIN_PROPERTIES_STRUCTURE`: a display of two lines of 16 characters, each way to end an entry, two times.
const PIN_PROPERTIES: [u8; 4] = [0x10, 0x02, 0x07, 0x01];

/// What the reader answers in the card's place (Part 10, 2.5.2).
const TIMED_OUT: [u8; 2] = [0x64, 0x00];
const CANCELLED: [u8; 2] = [0x64, 0x01];
const WRONG_LENGTH: [u8; 2] = [0x64, 0x03];
const INVALID_STRUCTURE: [u8; 2] = [0x6B, 0x80];

/// Has the PIN typed and sent; answers a status word.
fn verify_pin(vpcd: &Vpcd, lun: Dword, structure: &[u8]) -> Result<Vec<u8>, ResponseCode> {
    let Ok(entry) = PinVerify::parse(structure) else { return Ok(INVALID_STRUCTURE.to_vec()) };
    let ended = Somebody::asked(structure)
        .and_then(|mut somebody| enter(&entry, &mut somebody, || vpcd.has_card(lun)))
        .map_err(|_| COMMUNICATION_ERROR)?;
    match ended {
        Ended::Digits(digits) => vpcd.transmit(lun, &entry.command(&digits)),
        Ended::Cancelled => Ok(CANCELLED.to_vec()),
        Ended::TimedOut => Ok(TIMED_OUT.to_vec()),
        Ended::WrongLength => Ok(WRONG_LENGTH.to_vec()),
        Ended::CardGone => Err(ICC_NOT_PRESENT),
    }
}

/// Forwards a call to vpcd's driver.
macro_rules! forward {
    ($(#[$attribute:meta])* fn $name:ident = $function:ident ( $($argument:ident : $kind:ty),* )) => {
        $(#[$attribute])*
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($argument: $kind),*) -> ResponseCode {
            // SAFETY: pcscd's arguments as they are.
            Vpcd::get().map_or(NO_SUCH_DEVICE, |vpcd| unsafe { (vpcd.$function)($($argument),*) })
        }
    };
}

forward!(fn IFDHCreateChannelByName = create_channel_by_name(lun: Dword, device: *const c_char));
forward!(fn IFDHCreateChannel = create_channel(lun: Dword, channel: Dword));
forward!(fn IFDHCloseChannel = close_channel(lun: Dword));
forward!(fn IFDHSetCapabilities = set_capabilities(lun: Dword, tag: Dword, length: Dword, value: *mut c_uchar));
forward!(
    fn IFDHSetProtocolParameters =
        set_protocol_parameters(lun: Dword, protocol: Dword, flags: c_uchar, pts1: c_uchar, pts2: c_uchar, pts3: c_uchar)
);
forward!(fn IFDHPowerICC = power_icc(lun: Dword, action: Dword, atr: *mut c_uchar, atr_length: *mut Dword));
forward!(
    fn IFDHTransmitToICC = transmit_to_icc(
        lun: Dword,
        sent_header: IoHeader,
        sent: *const c_uchar,
        sent_length: Dword,
        received: *mut c_uchar,
        received_length: *mut Dword,
        received_header: *mut IoHeader
    )
);
forward!(fn IFDHICCPresence = icc_presence(lun: Dword));

/// As vpcd, but with one slot.
///
/// # Safety
/// As `ifdhandler.h` says: `length` is of the room behind `value`.
#[unsafe(no_mangle)]
unsafe extern "C" fn IFDHGetCapabilities(
    lun: Dword,
    tag: Dword,
    length: *mut Dword,
    value: *mut c_uchar,
) -> ResponseCode {
    let Some(vpcd) = Vpcd::get() else { return NO_SUCH_DEVICE };
    if tag != TAG_SLOTS_NUMBER {
        // SAFETY: pcscd's arguments as they are.
        return unsafe { (vpcd.get_capabilities)(lun, tag, length, value) };
    }
    // SAFETY: pcscd gives at least one byte for it.
    unsafe {
        *length = 1;
        *value = 1;
    }
    SUCCESS
}

/// The pad; everything else is vpcd's.
///
/// # Safety
/// As `ifdhandler.h` says: both lengths are of the buffers before them, and `returned` takes a number.
#[unsafe(no_mangle)]
unsafe extern "C" fn IFDHControl(
    lun: Dword,
    code: Dword,
    sent: *const c_uchar,
    sent_length: Dword,
    received: *mut c_uchar,
    received_length: Dword,
    returned: *mut Dword,
) -> ResponseCode {
    let Some(vpcd) = Vpcd::get() else { return NO_SUCH_DEVICE };
    let answer = match code {
        GET_FEATURE_REQUEST => Ok(FEATURES.to_vec()),
        IFD_PIN_PROPERTIES => Ok(PIN_PROPERTIES.to_vec()),
        VERIFY_PIN_DIRECT => {
            let length = usize::try_from(sent_length).unwrap_or(0);
            let structure = if sent.is_null() {
                &[]
            } else {
                // SAFETY: pcscd has so many bytes there, and leaves them until we return.
                unsafe { slice::from_raw_parts(sent, length) }
            };
            verify_pin(vpcd, lun, structure)
        }
        _ => {
            // SAFETY: pcscd's arguments as they are.
            return unsafe {
                (vpcd.control)(lun, code, sent, sent_length, received, received_length, returned)
            };
        }
    };
    match answer {
        Ok(answer) if Dword::try_from(answer.len()).is_ok_and(|length| length <= received_length) => {
            // SAFETY: there is as much room.
            unsafe {
                received.copy_from_nonoverlapping(answer.as_ptr(), answer.len());
                *returned = Dword::try_from(answer.len()).unwrap_or(0);
            }
            SUCCESS
        }
        Ok(_) => INSUFFICIENT_BUFFER,
        Err(code) => code,
    }
}
