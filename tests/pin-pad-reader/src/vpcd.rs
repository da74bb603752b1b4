//! vpcd's own driver, loaded at run time (PC/SC Part 3 as pcsc-lite has it: `ifdhandler.h`).
#![allow(unsafe_code, reason = "a shared library's C functions")]

use std::{
    env,
    ffi::{c_char, c_long, c_uchar, c_ulong},
    path::Path,
    ptr,
    sync::OnceLock,
};

use libloading::Library;

use crate::DRIVER_VARIABLE;

pub(crate) type Dword = c_ulong;
pub(crate) type ResponseCode = c_long;

/// `SCARD_IO_HEADER`
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(crate) struct IoHeader {
    pub(crate) protocol: Dword,
    pub(crate) length: Dword,
}

/// `IFD_SUCCESS` and what else a driver answers.
pub(crate) const SUCCESS: ResponseCode = 0;
pub(crate) const COMMUNICATION_ERROR: ResponseCode = 612;
pub(crate) const ICC_PRESENT: ResponseCode = 615;
pub(crate) const ICC_NOT_PRESENT: ResponseCode = 616;
pub(crate) const NO_SUCH_DEVICE: ResponseCode = 617;
pub(crate) const INSUFFICIENT_BUFFER: ResponseCode = 618;

/// T=1, as health cards speak it; vpcd doesn't look.
const T1: IoHeader = IoHeader { protocol: 1, length: size_of::<IoHeader>() as Dword };

pub(crate) type CreateChannelByName = unsafe extern "C" fn(Dword, *const c_char) -> ResponseCode;
pub(crate) type CreateChannel = unsafe extern "C" fn(Dword, Dword) -> ResponseCode;
pub(crate) type CloseChannel = unsafe extern "C" fn(Dword) -> ResponseCode;
pub(crate) type GetCapabilities =
    unsafe extern "C" fn(Dword, Dword, *mut Dword, *mut c_uchar) -> ResponseCode;
pub(crate) type SetCapabilities = unsafe extern "C" fn(Dword, Dword, Dword, *mut c_uchar) -> ResponseCode;
pub(crate) type SetProtocolParameters =
    unsafe extern "C" fn(Dword, Dword, c_uchar, c_uchar, c_uchar, c_uchar) -> ResponseCode;
pub(crate) type PowerIcc = unsafe extern "C" fn(Dword, Dword, *mut c_uchar, *mut Dword) -> ResponseCode;
pub(crate) type TransmitToIcc = unsafe extern "C" fn(
    Dword,
    IoHeader,
    *const c_uchar,
    Dword,
    *mut c_uchar,
    *mut Dword,
    *mut IoHeader,
) -> ResponseCode;
pub(crate) type Control = unsafe extern "C" fn(
    Dword,
    Dword,
    *const c_uchar,
    Dword,
    *mut c_uchar,
    Dword,
    *mut Dword,
) -> ResponseCode;
pub(crate) type IccPresence = unsafe extern "C" fn(Dword) -> ResponseCode;

/// The driver's functions.
pub(crate) struct Vpcd {
    pub(crate) create_channel_by_name: CreateChannelByName,
    pub(crate) create_channel: CreateChannel,
    pub(crate) close_channel: CloseChannel,
    pub(crate) get_capabilities: GetCapabilities,
    pub(crate) set_capabilities: SetCapabilities,
    pub(crate) set_protocol_parameters: SetProtocolParameters,
    pub(crate) power_icc: PowerIcc,
    pub(crate) transmit_to_icc: TransmitToIcc,
    pub(crate) control: Control,
    pub(crate) icc_presence: IccPresence,
    /// The functions are in it.
    _library: Library,
}

impl Vpcd {
    /// The driver, loaded once; `None` where the variable names none.
    pub(crate) fn get() -> Option<&'static Self> {
        static LOADED: OnceLock<Option<Vpcd>> = OnceLock::new();
        LOADED.get_or_init(|| Self::load(Path::new(&env::var_os(DRIVER_VARIABLE)?)).ok()).as_ref()
    }

    fn load(path: &Path) -> Result<Self, libloading::Error> {
        // SAFETY: pcscd would load this driver in the same way; its functions have the types of ifdhandler.h, and stay
        // as long as the library, which is never unloaded.
        unsafe {
            let library = Library::new(path)?;
            Ok(Self {
                create_channel_by_name: *library.get(b"IFDHCreateChannelByName\0")?,
                create_channel: *library.get(b"IFDHCreateChannel\0")?,
                close_channel: *library.get(b"IFDHCloseChannel\0")?,
                get_capabilities: *library.get(b"IFDHGetCapabilities\0")?,
                set_capabilities: *library.get(b"IFDHSetCapabilities\0")?,
                set_protocol_parameters: *library.get(b"IFDHSetProtocolParameters\0")?,
                power_icc: *library.get(b"IFDHPowerICC\0")?,
                transmit_to_icc: *library.get(b"IFDHTransmitToICC\0")?,
                control: *library.get(b"IFDHControl\0")?,
                icc_presence: *library.get(b"IFDHICCPresence\0")?,
                _library: library,
            })
        }
    }

    /// Whether a card is in the slot.
    pub(crate) fn has_card(&self, lun: Dword) -> bool {
        // SAFETY: the function takes a number alone.
        unsafe { (self.icc_presence)(lun) == ICC_PRESENT }
    }

    /// Sends a command to the card, whose answer is a status word.
    pub(crate) fn transmit(&self, lun: Dword, command: &[u8]) -> Result<Vec<u8>, ResponseCode> {
        /// A short answer of a card.
        const ANSWER_MAX: usize = 258;
        let mut answer = vec![0; ANSWER_MAX];
        let mut length = Dword::try_from(ANSWER_MAX).unwrap_or(0);
        let mut answered = T1;
        let sent = Dword::try_from(command.len()).map_err(|_| COMMUNICATION_ERROR)?;
        // SAFETY: both buffers are as long as the lengths say.
        let code = unsafe {
            (self.transmit_to_icc)(
                lun,
                T1,
                command.as_ptr(),
                sent,
                answer.as_mut_ptr(),
                &raw mut length,
                ptr::from_mut(&mut answered),
            )
        };
        if code != SUCCESS {
            return Err(code);
        }
        answer.truncate(usize::try_from(length).unwrap_or(0));
        Ok(answer)
    }
}
