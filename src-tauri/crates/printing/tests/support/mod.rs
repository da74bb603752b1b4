//! A server that says what no well-made printer says.
#![allow(clippy::unwrap_used, reason = "a test's, though not in a function that clippy knows as a test")]

use std::{collections::VecDeque, io, net::SocketAddr};

use printing::{Printer, Transport, Trust};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A server on loopback; dropping it ends it.
pub(crate) struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Runs `talk` with one connection after the other.
    pub(crate) async fn start<T, F>(mut talk: T) -> Self
    where
        T: FnMut(TcpStream) -> F + Send + 'static,
        F: Future<Output = io::Result<()>> + Send,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // The caller hanging up is what some tests are about.
                drop(talk(stream).await);
            }
        });
        Self { address, task }
    }

    /// Answers the requests, one a connection, with these HTTP messages in turn, and then no more.
    pub(crate) async fn answering(messages: Vec<Vec<u8>>) -> Self {
        let mut messages = VecDeque::from(messages);
        Self::start(move |mut stream| {
            let message = messages.pop_front();
            async move {
                let Some(message) = message else { return Ok(()) };
                read_request(&mut stream).await?;
                stream.write_all(&message).await
            }
        })
        .await
    }

    /// The server's address as a printer's.
    pub(crate) fn printer(&self) -> Printer {
        let uri = format!("ipp://{}/ipp/print", self.address);
        Printer::new(&uri, Transport::PlainAllowed, Trust::System).unwrap()
    }

    /// The same, but with TLS, which it does not speak.
    pub(crate) fn secure_uri(&self) -> String {
        format!("ipps://{}/ipp/print", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads a whole HTTP request and returns its body.
pub(crate) async fn read_request(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        if let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
            if request.len() >= end + 4 + length {
                return Ok(request.split_off(end + 4));
            }
        }
        if stream.read_buf(&mut request).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// An HTTP message that ends its connection.
pub(crate) fn http(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/ipp\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// An IPP answer with operation attributes left out, and with these groups, in HTTP.
pub(crate) fn ipp(status: u16, groups: &[u8]) -> Vec<u8> {
    http("200 OK", "", &[&[1, 1][..], &status.to_be_bytes(), &[0, 0, 0, 1, 1], groups, &[3]].concat())
}

/// One `integer` or `enum` (RFC 8010, section 3.1.4).
pub(crate) fn number(tag: u8, name: &str, value: i32) -> Vec<u8> {
    let length = u16::try_from(name.len()).unwrap().to_be_bytes();
    [&[tag][..], &length, name.as_bytes(), &[0, 4], &value.to_be_bytes()].concat()
}
