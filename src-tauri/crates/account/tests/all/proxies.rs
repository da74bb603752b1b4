//! The way through a company's proxy.

use std::{
    env,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use account::{AccountClient, CallError, Endpoint, EnrolError, Proxy, SetupError, Trust};
use tokio::{
    io::{AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    process::Command,
};

use crate::{
    authority::{Authority, NOW},
    desk::{heartbeat, report},
    server::{Answer, Server, request},
};

/// A proxy that passes bytes on, or refuses to.
struct Tunnel {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    /// To `target`, whatever is asked for; `None` refuses.
    async fn start(target: Option<SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let Some((line, _)) = request(&mut client).await else { continue };
                seen.lock().unwrap().push(line);
                let Some(target) = target else {
                    let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
                    drop(client.write_all(refusal).await);
                    continue;
                };
                tokio::spawn(async move {
                    let mut service = TcpStream::connect(target).await.unwrap();
                    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
                    drop(copy_bidirectional(&mut client, &mut service).await);
                });
            }
        });
        Self { address, asked }
    }

    fn proxy(&self) -> Proxy {
        format!("http://{}", self.address).parse().unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn through_a_proxy_the_desks_certificate_still_reaches_the_service() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_| heartbeat()).await;
    let tunnel = Tunnel::start(Some(server.address)).await;
    let endpoint = Endpoint { proxy: tunnel.proxy(), ..server.endpoint() };
    let desk = AccountClient::new(&endpoint, &authority.desk(NOW)).unwrap();
    desk.heartbeat(&report()).await.unwrap();
    assert_eq!(tunnel.asked(), [format!("CONNECT localhost:{}", server.address.port())]);
    assert!(server.asked()[0].peer.is_some(), "mutual TLS, end to end");
}

#[tokio::test]
async fn a_proxy_that_lets_nothing_through_is_a_service_out_of_reach() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_| heartbeat()).await;
    let tunnel = Tunnel::start(None).await;
    let endpoint = Endpoint { proxy: tunnel.proxy(), ..server.endpoint() };
    let desk = AccountClient::new(&endpoint, &authority.desk(NOW)).unwrap();
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::Unreachable));
    assert_eq!(tunnel.asked().len(), 1);
    assert!(server.asked().is_empty(), "never around the proxy");
}

#[tokio::test]
async fn a_proxy_that_reads_along_is_sent_nothing_unless_the_settings_name_its_authority() {
    let (authority, company) = (Authority::new(), Authority::new());
    // What the proxy shows in the service's place.
    let interceptor = Server::start_as(&company, &company.service(NOW), Vec::new(), |_| {
        Answer::problem(401, "UNAUTHENTICATED")
    })
    .await;
    let tunnel = Tunnel::start(Some(interceptor.address)).await;
    let direct = interceptor.endpoint();
    let trusting =
        |pem: String| Endpoint { proxy: tunnel.proxy(), trust: Trust::Only(pem), ..direct.clone() };
    let identity = authority.desk(NOW);

    let wary = AccountClient::new(&trusting(authority.certificate.clone()), &identity).unwrap();
    assert_eq!(wary.heartbeat(&report()).await, Err(CallError::Untrusted));
    assert!(interceptor.asked().is_empty());

    // Trusted for the connection; but the desk's certificate is nothing to it, or to the service behind.
    let both = format!("{}{}", authority.certificate, company.certificate);
    let told = AccountClient::new(&trusting(both.clone()), &identity).unwrap();
    assert_eq!(told.heartbeat(&report()).await, Err(CallError::NotAuthenticated));
    let enrolled = account::enrol(&trusting(both), "token").await;
    assert_eq!(enrolled.err(), Some(EnrolError::Call(CallError::NotAuthenticated)));
    assert_eq!(interceptor.asked()[0].line, "POST /ws/v1/enrolments");
}

#[test]
fn an_address_that_is_no_proxys_is_a_mistake_in_the_settings() {
    let identity = Authority::new().desk(NOW);
    for address in ["not an address", "proxy:3128", "https://proxy:3128", "http://amsel:secret@proxy:3128"] {
        let endpoint = Endpoint {
            url: "https://localhost".to_owned(),
            trust: Trust::OperatingSystem,
            proxy: Proxy::Http(address.to_owned()),
            timeouts: account::Timeouts::default(),
        };
        assert_eq!(AccountClient::new(&endpoint, &identity).err(), Some(SetupError::Proxy), "{address}");
    }
}

/// Environment of a process can't be changed from inside without unsafe code: a second one looks.
#[tokio::test]
async fn the_systems_proxy_is_used_only_if_the_settings_say_so() {
    let authority = Authority::new();
    let server = Server::start(&authority, |_| Answer::problem(401, "ENROLMENT_TOKEN_INVALID")).await;
    for (setting, connects) in [("system", 1), ("none", 0)] {
        let tunnel = Tunnel::start(Some(server.address)).await;
        let ran = Command::new(env::current_exe().unwrap())
            .args(["--exact", "--ignored", "proxies::in_an_environment_with_a_proxy"])
            .env("HTTPS_PROXY", format!("http://{}", tunnel.address))
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env("IDENTPLATZ_TEST_URL", server.endpoint().url)
            .env("IDENTPLATZ_TEST_PROXY", setting)
            .env("IDENTPLATZ_TEST_AUTHORITY", &authority.certificate)
            .output()
            .await
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
        assert_eq!(tunnel.asked().len(), connects, "{setting}");
    }
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
#[ignore = "the other process of the test above"]
async fn in_an_environment_with_a_proxy() {
    let endpoint = Endpoint {
        url: env::var("IDENTPLATZ_TEST_URL").unwrap(),
        trust: Trust::Only(env::var("IDENTPLATZ_TEST_AUTHORITY").unwrap()),
        proxy: env::var("IDENTPLATZ_TEST_PROXY").unwrap().parse().unwrap(),
        timeouts: account::Timeouts::default(),
    };
    let enrolled = account::enrol(&endpoint, "token").await;
    assert_eq!(enrolled.err(), Some(EnrolError::Call(CallError::NotAuthenticated)));
}
