//! IPP's transport: HTTP POST (RFC 8010, section 4) with limits on time and size.

use std::{
    error::Error as StdError,
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use bytes::Bytes;
use reqwest::{
    Client, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect,
};
use rustls::ClientConfig;

use crate::{
    Error,
    trust::{self, Trust},
};

/// A printer on the same network answers a connection in milliseconds, one that sleeps takes some seconds to wake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// An answer to a question, TLS on a slow printer included.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Taking in a document; printers answer when they have all of it.
const DOCUMENT_TIMEOUT: Duration = Duration::from_secs(60);

/// Printers close connections that are idle for ten seconds and more; one that is about to be closed is no use.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);

/// A printer that ignores which attributes were asked for sends all it has: up to some hundred kilobytes.
const MAX_ANSWER: usize = 1024 * 1024;

/// Why a request got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The printer has nothing of the request, or rejected it as HTTP.
    NotSent(Error),
    /// The printer may have got it.
    Lost(Error),
}

impl Failure {
    /// For requests that may as well be asked again.
    pub(crate) fn error(self) -> Error {
        match self {
            Self::NotSent(error) | Self::Lost(error) => error,
        }
    }
}

/// HTTP clients for one printer.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    url: Url,
    /// Keeps its connection for a while, so that a poll costs no TLS handshake.
    questions: Client,
    /// A new connection each time: on a kept one that the printer just closed, nobody could tell whether the
    /// document arrived.
    documents: Client,
    answer_timeout: Duration,
    document_timeout: Duration,
}

impl Http {
    pub(crate) fn new(url: Url, trust: &Trust) -> Result<Self, Error> {
        // Plain addresses need no certificates, not even those of an operating system that has none.
        let tls = if url.scheme() == "https" { trust.client_config()? } else { trust::nobody()? };
        Ok(Self {
            url,
            questions: client(tls.clone(), 1)?,
            documents: client(tls, 0)?,
            answer_timeout: ANSWER_TIMEOUT,
            document_timeout: DOCUMENT_TIMEOUT,
        })
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.answer_timeout = timeout;
        self.document_timeout = timeout;
    }

    pub(crate) async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>, Failure> {
        self.post(&self.questions, request.into(), self.answer_timeout).await
    }

    pub(crate) async fn send_document(&self, request: Bytes) -> Result<Vec<u8>, Failure> {
        self.post(&self.documents, request, self.document_timeout).await
    }

    async fn post(&self, client: &Client, body: Bytes, timeout: Duration) -> Result<Vec<u8>, Failure> {
        let request = client.post(self.url.clone()).timeout(timeout).body(body);
        let mut response = request.send().await.map_err(failure)?;
        let status = response.status();
        if !status.is_success() {
            let error = Error::Http { status: status.as_u16() };
            // An error of the server's may come after it has printed.
            let sent = status.is_server_error();
            return Err(if sent { Failure::Lost(error) } else { Failure::NotSent(error) });
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if answer.len() + chunk.len() > MAX_ANSWER {
                return Err(Failure::Lost(Error::TooLarge));
            }
            answer.extend_from_slice(&chunk);
        }
        Ok(answer)
    }
}

fn client(tls: ClientConfig, idle_connections: usize) -> Result<Client, Error> {
    let ipp = HeaderValue::from_static("application/ipp");
    let headers = HeaderMap::from_iter([(ACCEPT, ipp.clone()), (CONTENT_TYPE, ipp)]);
    // Port 0 stands for the URL's.
    let loopback = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
    Client::builder()
        .tls_backend_preconfigured(tls)
        .default_headers(headers)
        .http1_only()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .resolve_to_addrs("localhost", &loopback)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(idle_connections)
        .build()
        .map_err(|_| Error::Trust)
}

fn failure(error: reqwest::Error) -> Failure {
    let kind = if has_cause::<rustls::Error>(&error) {
        Error::Tls
    } else if !error.is_timeout() && cause::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) {
        Error::Protocol
    } else {
        Error::Unreachable
    };
    let sent = !error.is_connect();
    tracing::debug!(error = ?error.without_url(), sent, "no answer from the printer");
    if sent { Failure::Lost(kind) } else { Failure::NotSent(kind) }
}

fn has_cause<E: StdError + 'static>(error: &reqwest::Error) -> bool {
    cause::<E>(error).is_some()
}

/// The first cause of this type; what an I/O error wraps counts as its cause, which `source` leaves out.
fn cause<E: StdError + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut next: Option<&(dyn StdError + 'static)> = error.source();
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}
