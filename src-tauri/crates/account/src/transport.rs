//! One request, one answer: limits, and what a failure means.

use std::{
    error::Error,
    io,
    time::{Duration, SystemTime},
};

use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER},
};
use rustls::{AlertDescription, CertificateError, ClientConfig};
use serde::de::DeserializeOwned;

use crate::{CallError, Problem, ProblemCode, Proxy, SetupError, Trust, signed::MAX_BUNDLE};

/// Longest answer that is read: the largest of the contract, a policy bundle, and its frame.
const MAX_ANSWER: usize = MAX_BUNDLE + 1024;
/// Pause when the service asks for one without saying how long.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(10);
/// Longest pause that the service may ask for, so that a mistyped header never stops a desk for a day.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// Where the service is, whom to trust there, and how long to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `https://host` or `https://host:port`.
    pub url: String,
    /// Authorities for the service's certificate.
    pub trust: Trust,
    /// The way there.
    pub proxy: Proxy,
    /// Patience.
    pub timeouts: Timeouts,
}

/// How long to wait for the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, TLS included. A person is waiting at the desk: 5 s.
    pub connect: Duration,
    /// For a whole exchange: 15 s.
    pub exchange: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), exchange: Duration::from_secs(15) }
    }
}

/// A connection to one service.
#[derive(Clone)]
pub(crate) struct Transport {
    http: Client,
    base: Url,
}

/// An answer that says yes.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body).map_err(|_| CallError::OutsideContract)
    }
}

impl Transport {
    pub(crate) fn new(endpoint: &Endpoint, tls: ClientConfig) -> Result<Self, SetupError> {
        let base = Url::parse(&endpoint.url).map_err(|_| SetupError::Address)?;
        let plain = base.path() == "/" && base.query().is_none() && base.username().is_empty();
        if base.scheme() != "https" || !plain {
            return Err(SetupError::Address);
        }
        let http = Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(true)
            // Nothing but the settings decides where personal data goes.
            .redirect(reqwest::redirect::Policy::none())
            // Repeating is the delivery loop's decision.
            .retry(reqwest::retry::never())
            .connect_timeout(endpoint.timeouts.connect)
            .timeout(endpoint.timeouts.exchange)
            // A connection for each exchange (TLS resumes its session): a request sent into a kept connection
            // that the service is just closing would leave unknown what became of it.
            .pool_max_idle_per_host(0);
        let http = endpoint.proxy.apply(http)?.build().map_err(|_| SetupError::Cryptography)?;
        Ok(Self { http, base })
    }

    /// Sends one request; every answer that is not a yes of the contract is an error.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        path: &str,
        json: Option<Vec<u8>>,
    ) -> Result<Answer, CallError> {
        let url = self.base.join(path).map_err(|_| CallError::OutsideContract)?;
        let mut request =
            self.http.request(method, url).header(ACCEPT, "application/json, application/problem+json");
        if let Some(json) = json {
            request = request.header(CONTENT_TYPE, "application/json").body(json);
        }
        let response = request.send().await.map_err(|error| not_answered(&error))?;
        let (status, retry_after) = (response.status(), retry_after(response.headers()));
        let body = read(response).await?;
        tracing::debug!(status = status.as_u16(), "account service answered");
        if status.is_success() {
            return Ok(Answer { status, body });
        }
        Err(refused(status, retry_after, &body))
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| not_answered(&error))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(CallError::OutsideContract);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The pause that the answer asks for (RFC 9110, 10.2.3), in seconds or as a date: that one against the answer's
/// own, since whose clock is right is not known.
fn retry_after(headers: &HeaderMap) -> Duration {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    let date = |text: &str| httpdate::parse_http_date(text).ok();
    let pause = text(RETRY_AFTER).and_then(|pause| match pause.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let (until, now): (SystemTime, SystemTime) = (date(pause)?, date(text(DATE)?)?);
            Some(until.duration_since(now).unwrap_or_default())
        }
    });
    pause.unwrap_or(DEFAULT_RETRY_AFTER).min(MAX_RETRY_AFTER)
}

/// What an answer with an error status means.
fn refused(status: StatusCode, retry_after: Duration, body: &[u8]) -> CallError {
    let problem: Option<Problem> = serde_json::from_slice(body).ok();
    match (status, problem) {
        (_, Some(problem)) if problem.code == ProblemCode::WorkstationRevoked => CallError::Revoked,
        (StatusCode::UNAUTHORIZED, _) => CallError::NotAuthenticated,
        (_, Some(problem)) if problem.retryable => CallError::Unavailable { retry_after },
        (StatusCode::TOO_MANY_REQUESTS, _) => CallError::Unavailable { retry_after },
        (status, _) if status.is_server_error() => CallError::Unavailable { retry_after },
        (_, Some(problem)) => CallError::Refused(problem),
        // Not the service's words: a gateway's, say.
        (_, None) => CallError::OutsideContract,
    }
}

/// What a missing answer means: whether anything was sent, and whose certificate was at fault.
fn not_answered(error: &reqwest::Error) -> CallError {
    match tls_error(error) {
        Some(rustls::Error::InvalidCertificate(error)) => untrusted(error),
        Some(rustls::Error::AlertReceived(AlertDescription::CertificateExpired)) => {
            CallError::DeskCertificateOutOfDate
        }
        Some(rustls::Error::AlertReceived(AlertDescription::CertificateRevoked)) => {
            CallError::DeskCertificateRevoked
        }
        Some(rustls::Error::AlertReceived(alert)) if is_about_our_certificate(*alert) => {
            CallError::NotAuthenticated
        }
        _ if error.is_connect() => CallError::Unreachable,
        _ => CallError::NoAnswer,
    }
}

/// What is wrong with the service's certificate: its dates alone are as likely the desk's clock.
fn untrusted(error: &CertificateError) -> CallError {
    if matches!(error, CertificateError::Expired | CertificateError::ExpiredContext { .. }) {
        CallError::ServiceCertificateExpired
    } else if matches!(error, CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) {
        CallError::ServiceCertificateNotYetValid
    } else {
        CallError::Untrusted
    }
}

/// Other alerts with which a server rejects a client's certificate (RFC 8446, 6.2).
fn is_about_our_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::DecryptError
            | AlertDescription::CertificateRequired
    )
}

fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref() {
            return Some(tls);
        }
        // An I/O error doesn't list the error that it wraps among its sources.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(7);

    fn problem(code: &str, retryable: bool) -> Vec<u8> {
        format!(r#"{{"type":"urn:x","title":"t","status":409,"code":"{code}","retryable":{retryable}}}"#)
            .into_bytes()
    }

    #[test]
    fn an_error_answer_is_final_only_when_the_service_itself_says_so() {
        let open_code = Problem { status: 409, code: ProblemCode::OpenCodeExists, retryable: false };
        let unavailable = CallError::Unavailable { retry_after: PAUSE };
        for (status, body, expected) in [
            (409, problem("OPEN_CODE_EXISTS", false), CallError::Refused(open_code)),
            (409, problem("UPSTREAM", true), unavailable.clone()),
            (403, problem("WORKSTATION_REVOKED", false), CallError::Revoked),
            (401, problem("UNAUTHENTICATED", false), CallError::NotAuthenticated),
            (401, b"who are you".to_vec(), CallError::NotAuthenticated),
            (429, Vec::new(), unavailable.clone()),
            (500, problem("INTERNAL", false), unavailable.clone()),
            (503, b"<html>".to_vec(), unavailable),
            (403, b"<html>blocked by gateway</html>".to_vec(), CallError::OutsideContract),
            (302, Vec::new(), CallError::OutsideContract),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(refused(status, PAUSE, &body), expected, "{status}");
        }
    }

    #[test]
    fn a_problem_code_of_a_newer_service_is_still_a_refusal() {
        let refusal = refused(StatusCode::CONFLICT, PAUSE, &problem("SOMETHING_NEW", false));
        let CallError::Refused(problem) = refusal else { panic!("{refusal:?}") };
        assert_eq!(problem.code, ProblemCode::Other);
    }

    #[test]
    fn a_pause_is_asked_for_in_seconds_or_as_a_date_and_has_an_end() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (retry, now, seconds) in [
            (None, Some(date), 10),
            (Some("7"), None, 7),
            (Some("0"), None, 0),
            (Some("86400"), None, 60 * 60),
            (Some("99999999999999999999999"), None, 10),
            (Some("-1"), None, 10),
            (Some("soon"), Some(date), 10),
            // The three forms of RFC 9110, 5.6.7.
            (Some("Sun, 06 Nov 1994 08:51:07 GMT"), Some(date), 90),
            (Some("Sunday, 06-Nov-94 08:51:07 GMT"), Some(date), 90),
            (Some("Sun Nov  6 08:51:07 1994"), Some(date), 90),
            (Some("Sun, 06 Nov 1994 08:49:00 GMT"), Some(date), 0),
            (Some("Tue, 08 Nov 1994 08:49:37 GMT"), Some(date), 60 * 60),
            (Some("Sun, 06 Nov 1994 08:51:07 GMT"), None, 10),
        ] {
            let mut headers = HeaderMap::new();
            retry.map(|retry| headers.insert(RETRY_AFTER, retry.parse().unwrap()));
            now.map(|now| headers.insert(DATE, now.parse().unwrap()));
            assert_eq!(retry_after(&headers), Duration::from_secs(seconds), "{retry:?} {now:?}");
        }
    }

    #[test]
    fn only_a_plain_https_address_is_taken() {
        for url in ["http://localhost", "https://localhost/api", "https://a@localhost", "localhost", ""] {
            let endpoint = Endpoint {
                url: url.to_owned(),
                trust: Trust::OperatingSystem,
                proxy: Proxy::None,
                timeouts: Timeouts::default(),
            };
            let tls = crate::tls::anonymous(&endpoint.trust).unwrap();
            assert_eq!(Transport::new(&endpoint, tls).err(), Some(SetupError::Address), "{url:?}");
        }
    }
}
