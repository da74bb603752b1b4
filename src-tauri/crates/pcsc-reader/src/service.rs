//! The smart card service: pcscd on Linux, the Smart Card service on Windows.

use pcsc::{Context, Error, Scope};

/// Whether the smart card service answers us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceState {
    /// It answers.
    Running,
    /// It isn't running, or isn't installed.
    Down,
    /// It runs and turns us away: the socket's permissions, or polkit outside an active session (pcsc-lite asks it for
    /// `org.debian.pcsc-lite.access_pcsc`).
    Denied,
}

/// Opens a connection to the service.
///
/// # Errors
/// [`ServiceState::Down`] or [`ServiceState::Denied`].
pub(crate) fn establish() -> Result<Context, ServiceState> {
    let error = match Context::establish(Scope::User) {
        Ok(context) => return Ok(context),
        Err(error) => error,
    };
    tracing::debug!(code = error as u32, "no connection to the smart card service");
    if error == Error::SecurityViolation {
        return Err(ServiceState::Denied);
    }
    match door() {
        Door::Shut => Err(ServiceState::Down),
        Door::Locked => Err(ServiceState::Denied),
        // It came up between the two looks, or it hangs up on us, which is how pcscd tells a client that polkit said
        // no (depending on the moment `SecurityViolation`, `CommError` or `NoService`): only a second try tells.
        Door::Open => Context::establish(Scope::User).map_err(|error| {
            if error == Error::ServiceStopped { ServiceState::Down } else { ServiceState::Denied }
        }),
    }
}

/// What connecting to the service's socket shows. PC/SC answers `NoService` for each of them.
enum Door {
    /// Nobody listens.
    Shut,
    /// The file permissions forbid it.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only a socket has them"))]
    Locked,
    /// Somebody listens.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only a socket has one"))]
    Open,
}

#[cfg(target_os = "linux")]
fn door() -> Door {
    use std::{io::ErrorKind, os::unix::net::UnixStream};

    /// Compiled into pcsc-lite; the variable is pcsc-lite's, too.
    const SOCKET: &str = "/run/pcscd/pcscd.comm";
    const SOCKET_VARIABLE: &str = "PCSCLITE_CSOCK_NAME";

    let socket = std::env::var_os(SOCKET_VARIABLE).unwrap_or_else(|| SOCKET.into());
    match UnixStream::connect(socket) {
        Ok(_) => Door::Open,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Door::Locked,
        Err(_) => Door::Shut,
    }
}

#[cfg(not(target_os = "linux"))]
fn door() -> Door {
    Door::Shut
}
