//! Where a printer is, and whether it may be spoken to in plain text.

use std::net::IpAddr;

use reqwest::Url;

use crate::Error;

/// The port of `ipp` (RFC 3510) and of `ipps` (RFC 7472).
const DEFAULT_PORT: u16 = 631;

/// The longest `uri` value that IPP carries (RFC 8011, section 5.1.6).
const MAX_URI: usize = 1023;

/// Whether documents may travel without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// `ipps` only.
    TlsRequired,
    /// `ipps`, and plain `ipp` on this machine's loopback: that is where printers on USB are offered (IPP over USB)
    /// and where a local print server listens. Plain `ipp` over a network is refused even so.
    PlainAllowed,
}

/// A printer's address, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// `printer-uri` of every request.
    pub(crate) printer_uri: String,
    /// The same address in terms of HTTP (RFC 8010, section 4).
    pub(crate) url: Url,
}

impl Address {
    /// Reads `uri` and holds it against the policy.
    pub(crate) fn new(uri: &str, transport: Transport) -> Result<Self, Error> {
        if uri.len() > MAX_URI {
            return Err(Error::Address);
        }
        let ipp = Url::parse(uri).map_err(|_| Error::Address)?;
        let scheme = match ipp.scheme() {
            "ipp" => "http",
            "ipps" => "https",
            _ => return Err(Error::Address),
        };
        // Parsed anew as HTTP, so that a host like 127.1 or LOCALHOST takes its normal form before it is judged.
        let (_, rest) = uri.trim().split_once(':').ok_or(Error::Address)?;
        let mut url = Url::parse(&format!("{scheme}:{rest}")).map_err(|_| Error::Address)?;
        let port = ipp.port().unwrap_or(DEFAULT_PORT);
        url.set_port(Some(port)).map_err(|()| Error::Address)?;

        let has_host = ipp.host_str().is_some_and(|host| !host.is_empty());
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !has_host || !bare {
            return Err(Error::Address);
        }
        let host = url.host_str().ok_or(Error::Address)?;
        if scheme == "http" && (transport == Transport::TlsRequired || !is_loopback(host)) {
            return Err(Error::PlainForbidden);
        }
        Ok(Self { printer_uri: format!("{}://{host}:{port}{}", ipp.scheme(), url.path()), url })
    }
}

/// `localhost` is loopback by RFC 6761, section 6.3; the connection takes it so, whatever a resolver says.
fn is_loopback(host: &str) -> bool {
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || literal.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(uri: &str, transport: Transport, expect: Result<(&str, &str), Error>) {
        let address = Address::new(uri, transport);
        let parts = address.as_ref().map(|address| (address.url.as_str(), address.printer_uri.as_str()));
        assert_eq!(parts.map_err(|error| *error), expect, "{uri}");
    }

    #[test]
    fn addresses_become_urls_with_the_port_of_ipp() {
        let secure = Transport::TlsRequired;
        check(
            "ipps://printer.example/ipp/print",
            secure,
            Ok(("https://printer.example:631/ipp/print", "ipps://printer.example:631/ipp/print")),
        );
        check(
            "ipps://Printer.Example:443/ipp",
            secure,
            Ok(("https://printer.example/ipp", "ipps://printer.example:443/ipp")),
        );
        check("ipps://192.0.2.7", secure, Ok(("https://192.0.2.7:631/", "ipps://192.0.2.7:631/")));
        check(
            "ipps://[2001:db8::7]:8443/p",
            secure,
            Ok(("https://[2001:db8::7]:8443/p", "ipps://[2001:db8::7]:8443/p")),
        );
    }

    #[test]
    fn plain_ipp_is_allowed_on_loopback_by_policy() {
        for uri in
            ["ipp://localhost:60000/ipp/print", "ipp://127.0.0.1:60000/", "ipp://127.9.9.9/", "ipp://[::1]/"]
        {
            assert!(Address::new(uri, Transport::PlainAllowed).is_ok(), "{uri}");
            assert_eq!(Address::new(uri, Transport::TlsRequired), Err(Error::PlainForbidden), "{uri}");
        }
        check(
            "ipp://LOCALHOST:80/ipp",
            Transport::PlainAllowed,
            Ok(("http://localhost/ipp", "ipp://localhost:80/ipp")),
        );
        check("ipp://127.1/", Transport::PlainAllowed, Ok(("http://127.0.0.1:631/", "ipp://127.0.0.1:631/")));
    }

    #[test]
    fn plain_ipp_over_a_network_is_refused_whatever_the_policy() {
        for uri in [
            "ipp://printer.example/ipp/print",
            "ipp://192.0.2.7/",
            "ipp://[2001:db8::7]/",
            "ipp://localhost.example/",
            "ipp://sub.localhost/",
            "ipp://0.0.0.0/",
            "ipp://[::ffff:192.0.2.7]/",
        ] {
            for transport in [Transport::PlainAllowed, Transport::TlsRequired] {
                assert_eq!(Address::new(uri, transport), Err(Error::PlainForbidden), "{uri}");
            }
        }
    }

    #[test]
    fn what_is_no_printers_address_is_refused() {
        let long = format!("ipps://printer.example/{}", "x".repeat(MAX_URI));
        for uri in [
            "",
            "printer",
            "http://localhost/ipp/print",
            "https://printer.example/",
            "ipps:///ipp/print",
            "ipps:printer.example/ipp",
            "ipps://user@printer.example/",
            "ipps://user:secret@printer.example/",
            "ipps://printer.example/?job=1",
            "ipps://printer.example/#top",
            "ipps://printer.example:99999/",
            "file:///dev/usb/lp0",
            &long,
        ] {
            assert_eq!(Address::new(uri, Transport::PlainAllowed), Err(Error::Address), "{uri}");
        }
    }
}
