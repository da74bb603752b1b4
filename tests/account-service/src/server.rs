//! TLS 1.3, connections and routing.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, header},
    middleware::{from_fn_with_state, map_response},
    response::Response,
};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use jiff::civil::Date;
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
    server::{ServerSessionMemoryCache, WebPkiClientVerifier},
    version::TLS13,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    app_api,
    authority::Authority,
    desk_api,
    fault::{self, Fault, HangUp},
    observer,
    problem::Problem,
    service::Shared,
};

/// Longest body of a request; the longest of the contract but a segment, an identification, stays below 8 KiB.
pub(crate) const MAX_BODY: usize = 64 * 1024;
/// Longest segment of a journal: 500 entries of less than 500 bytes, and its signature.
pub(crate) const MAX_SEGMENT: usize = 512 * 1024;
/// Says in every answer what answers.
const SERVER: HeaderValue = HeaderValue::from_static("identplatz-reference-account-service");
/// TLS sessions that can be resumed: a desk opens a connection for each request and gets two tickets with it, and the usual 256
/// are those of a hundred desks.
const SESSIONS: usize = 8192;
/// Time for a TLS handshake and for the head of a request: a thousand desks that come back at once need it on a small
/// machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Time for a client with a wrong certificate to fetch the alert that says so.
const FAREWELL: Duration = Duration::from_millis(500);

/// The certificate that a client proved to hold, DER; none before its enrolment.
#[derive(Clone)]
pub(crate) struct Peer(pub(crate) Option<Vec<u8>>);

/// The faces that a service can show in a TLS handshake.
pub(crate) struct Acceptors {
    own: TlsAcceptor,
    foreign: TlsAcceptor,
}

impl Acceptors {
    /// With a certificate of the service's authority, and with one of an authority that nobody knows.
    pub(crate) fn new(authority: &Authority, today: Date) -> anyhow::Result<Self> {
        let foreign = Authority::unknown(today)?;
        Ok(Self { own: tls(authority, authority, today)?, foreign: tls(authority, &foreign, today)? })
    }

    fn current(&self, shared: &Shared) -> TlsAcceptor {
        if shared.presents_foreign_certificate() { self.foreign.clone() } else { self.own.clone() }
    }
}

/// TLS 1.3 with ring. A client certificate is optional (enrolment has none); one that `authority` hasn't issued
/// ends the handshake.
fn tls(authority: &Authority, issuer: &Authority, today: Date) -> anyhow::Result<TlsAcceptor> {
    let own = issuer.certify_server(today)?;
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.certificate().as_bytes())?)?;
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .allow_unauthenticated()
        .build()?;
    let chain = [own.certificate.as_str(), issuer.certificate()];
    let chain = chain.map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()));
    let chain = chain.into_iter().collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, key)?;
    config.session_storage = ServerSessionMemoryCache::new(SESSIONS);
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves until told to stop; then every connection ends with the runtime.
pub(crate) async fn serve(
    listener: TcpListener,
    acceptors: Acceptors,
    shared: Arc<Shared>,
    mut stop: oneshot::Receiver<()>,
) {
    let router = router(Arc::clone(&shared));
    loop {
        tokio::select! {
            _ = &mut stop => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Else small messages wait 40 ms for the client's delayed acknowledgement.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!("TCP_NODELAY: {error}");
                    }
                    let acceptor = acceptors.current(&shared);
                    tokio::spawn(connection(stream, acceptor, router.clone(), Arc::clone(&shared)));
                }
                Err(error) => tracing::warn!("accepting a connection: {error}"),
            },
        }
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .merge(desk_api::routes())
        .merge(app_api::routes())
        .fallback(|| async { Problem::NotFound })
        .method_not_allowed_fallback(|| async { Problem::MethodNotAllowed })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(Arc::clone(&shared), fault::inject))
        .layer(from_fn_with_state(Arc::clone(&shared), observer::observe))
        .layer(map_response(named))
        .with_state(shared)
}

async fn named(mut response: Response) -> Response {
    response.headers_mut().insert(header::SERVER, SERVER);
    response
}

/// One connection, which ends when its client or the service does, or the service is to look down.
async fn connection(stream: TcpStream, acceptor: TlsAcceptor, router: Router, shared: Arc<Shared>) {
    let mut faults = shared.faults();
    let hang_up = HangUp::default();
    tokio::select! {
        biased;
        _ = faults.wait_for(|fault| *fault == Fault::Down) => {}
        () = hang_up.wanted() => {}
        () = talk(stream, acceptor, router, hang_up.clone()) => {}
    }
}

async fn talk(stream: TcpStream, acceptor: TlsAcceptor, router: Router, hang_up: HangUp) {
    let Ok(shaken) = timeout(PATIENCE, acceptor.accept(stream).into_fallible()).await else {
        return;
    };
    let stream = match shaken {
        Ok(stream) => stream,
        Err((error, stream)) => {
            tracing::debug!("TLS handshake: {error}");
            drop(timeout(FAREWELL, drain(stream)).await);
            return;
        }
    };
    let certificates = stream.get_ref().1.peer_certificates();
    let peer = Peer(certificates.and_then(|chain| chain.first()).map(|leaf| leaf.to_vec()));
    let router = TowerToHyperService::new(router);
    // Not by a layer: one would wrap every route anew for each connection.
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        request.extensions_mut().insert(hang_up.clone());
        router.call(request)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!("connection: {error}");
    }
}

/// Closing with unread data would reset the connection and lose the alert on its way: read until the client
/// has it.
async fn drain(mut stream: TcpStream) -> std::io::Result<()> {
    stream.shutdown().await?;
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
