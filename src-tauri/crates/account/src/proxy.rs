//! Whether the way to the service leads through a proxy.

use std::str::FromStr;

use reqwest::{ClientBuilder, Url};

use crate::SetupError;

/// A proxy only passes bytes on (`CONNECT`, RFC 9110, 9.3.6): TLS, with the desk's certificate, ends at the service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// None, whatever the environment says.
    #[default]
    None,
    /// That one, for every connection: `http://host:port`.
    Http(String),
    /// The one that the operating system's settings name, or the environment (`HTTPS_PROXY`, `NO_PROXY`).
    System,
}

impl Proxy {
    pub(crate) fn apply(&self, client: ClientBuilder) -> Result<ClientBuilder, SetupError> {
        match self {
            Self::None => Ok(client.no_proxy()),
            Self::Http(address) if is_proxy(address) => {
                let proxy = reqwest::Proxy::https(address).map_err(|_| SetupError::Proxy)?;
                Ok(client.no_proxy().proxy(proxy))
            }
            Self::Http(_) => Err(SetupError::Proxy),
            Self::System => Ok(client),
        }
    }
}

/// As the settings spell it: `none`, `system` or `http://host:port`. A proxy that wants a password is not supported:
/// the settings hold no secrets.
impl FromStr for Proxy {
    type Err = SetupError;

    fn from_str(text: &str) -> Result<Self, SetupError> {
        match text {
            "none" => Ok(Self::None),
            "system" => Ok(Self::System),
            address if is_proxy(address) => Ok(Self::Http(address.to_owned())),
            _ => Err(SetupError::Proxy),
        }
    }
}

/// Whether it is `http://host:port` and nothing more.
fn is_proxy(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let nameless = url.username().is_empty() && url.password().is_none();
    // `Url` leaves the scheme's own port out.
    let with_port = url.port().is_some() || address.trim_end_matches('/').ends_with(":80");
    url.scheme() == "http" && url.has_host() && plain && nameless && with_port
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_named_by_host_and_port_or_left_to_the_system() {
        let named = |text: &str| text.parse::<Proxy>();
        assert_eq!(named("none"), Ok(Proxy::None));
        assert_eq!(named("system"), Ok(Proxy::System));
        for address in ["http://proxy:3128", "http://10.0.0.1:80", "http://[::1]:8080/"] {
            assert_eq!(named(address), Ok(Proxy::Http(address.to_owned())));
        }
        for wrong in [
            "",
            "proxy:3128",
            "http://proxy",
            "https://proxy:3128",
            "socks5://proxy:1080",
            "http://amsel:secret@proxy:3128",
            "http://proxy:3128/pac",
            "http://proxy:3128?x",
        ] {
            assert_eq!(named(wrong), Err(SetupError::Proxy), "{wrong}");
        }
    }
}
