//! A TLS 1.3 server that answers as a test wants and keeps what it was asked.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use account::{AccountClient, DeskIdentity, Endpoint, Proxy, Timeouts, Trust};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, CertificateRevocationListDer, pem::PemObject},
    server::WebPkiClientVerifier,
    version::TLS13,
};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::authority::{Authority, Certified, NOW};

/// How long a client waits at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came in.
#[derive(Clone)]
pub(crate) struct Asked {
    /// Method and path.
    pub(crate) line: String,
    pub(crate) body: String,
    /// The certificate that the client proved to hold, DER.
    pub(crate) peer: Option<Vec<u8>>,
}

impl Asked {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What goes out.
pub(crate) struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl ToString) -> Self {
        Self { status, headers: String::new(), body: body.to_string() }
    }

    pub(crate) fn problem(status: u16, code: &str) -> Self {
        let problem = serde_json::json!({
            "type": "urn:identplatz:problem:x", "title": "x", "status": status, "code": code, "retryable": false,
        });
        Self::new(status, problem)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers += &format!("{name}: {value}\r\n");
        self
    }
}

type Handler = Box<dyn Fn(&Asked) -> Answer + Send + Sync>;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    ca: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// With a certificate in its dates, which takes every desk of `authority`.
    pub(crate) async fn start(
        authority: &Authority,
        handler: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::start_as(authority, &authority.service(NOW), Vec::new(), handler).await
    }

    pub(crate) async fn start_as(
        authority: &Authority,
        service: &Certified,
        revocations: Vec<CertificateRevocationListDer<'static>>,
        handler: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(authority.certificate.as_bytes()).unwrap()).unwrap();
        let desks = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .with_crls(revocations)
            .allow_unauthenticated()
            .build()
            .unwrap();
        let (chain, key) = service.tls();
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_client_cert_verifier(desks)
            .with_single_cert(chain, key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (seen, handler): (_, Arc<Handler>) = (Arc::clone(&asked), Arc::new(Box::new(handler)));
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), seen, handler));
        Self { address, ca: authority.certificate.clone(), asked }
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint {
            url: format!("https://localhost:{}", self.address.port()),
            trust: Trust::Only(self.ca.clone()),
            proxy: Proxy::None,
            // Patient: what is tested is never how fast a busy machine is.
            timeouts: Timeouts { connect: PATIENCE, exchange: PATIENCE },
        }
    }

    pub(crate) fn client(&self, identity: &DeskIdentity) -> AccountClient {
        AccountClient::new(&self.endpoint(), identity).unwrap()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    seen: Arc<Mutex<Vec<Asked>>>,
    handler: Arc<Handler>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, seen, handler) = (acceptor.clone(), Arc::clone(&seen), Arc::clone(&handler));
        tokio::spawn(async move {
            let mut stream = match acceptor.accept(stream).into_fallible().await {
                Ok(stream) => stream,
                Err((_, mut stream)) => {
                    // Closing with unread data would lose the alert on its way.
                    drop(stream.shutdown().await);
                    drop(stream.read_to_end(&mut Vec::new()).await);
                    return;
                }
            };
            let peer = stream.get_ref().1.peer_certificates().map(|chain| chain[0].to_vec());
            let Some((line, body)) = request(&mut stream).await else { return };
            let asked = Asked { line, body, peer };
            let Answer { status, headers, body } = handler(&asked);
            seen.lock().unwrap().push(asked);
            let length = body.len();
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n{body}");
            drop(stream.write_all(answer.as_bytes()).await);
            drop(stream.shutdown().await);
        });
    }
}

/// First line without the version, and body, of one request; nothing if the client hangs up before.
pub(crate) async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<(String, String)> {
    let mut read = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
            });
            if body.len() >= length.unwrap_or(0_usize) {
                let line = head.lines().next().unwrap().rsplit_once(' ').unwrap().0;
                return Some((line.to_owned(), body.to_owned()));
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => read.extend_from_slice(&chunk[..count]),
        }
    }
}
