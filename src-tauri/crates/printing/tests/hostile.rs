//! Against servers that are no printers, or bad ones.

mod support;

use std::{future::pending, io, time::Duration};

use printing::{
    Document, Error, JobId, JobState, MAX_DOCUMENT, Outcome, Printer, PrinterState, Transport, Trust,
};
use support::{Server, http, ipp, number, read_request};
use tokio::{io::AsyncWriteExt, net::TcpStream};

const ENUM: u8 = 0x23;
const INTEGER: u8 = 0x21;
const JOB: u8 = 2;

/// Long enough for a loopback, short enough for a test.
const MOMENT: Duration = Duration::from_millis(300);

const LETTER: Document<'_> =
    Document { bytes: b"%PDF-1.7\n%%EOF\n", format: "application/pdf", name: "Platz 3" };

fn job(id: i32, state: i32) -> Vec<u8> {
    [&[JOB][..], &number(INTEGER, "job-id", id), &number(ENUM, "job-state", state)].concat()
}

async fn never_answer(mut stream: TcpStream) -> io::Result<()> {
    read_request(&mut stream).await?;
    pending().await
}

#[test]
fn plain_ipp_over_a_network_is_refused_before_there_is_anything_that_could_send() {
    // There is no runtime here: nothing can have been sent.
    for transport in [Transport::PlainAllowed, Transport::TlsRequired] {
        let printer = Printer::new("ipp://192.0.2.7/ipp/print", transport, Trust::System);
        assert_eq!(printer.err(), Some(Error::PlainForbidden));
    }
    let printer = Printer::new("ipp://localhost:60000/ipp/print", Transport::TlsRequired, Trust::System);
    assert_eq!(printer.err(), Some(Error::PlainForbidden));
}

#[tokio::test]
async fn where_nobody_listens_the_printer_is_unreachable() {
    let server = Server::start(|_| async { Ok(()) }).await;
    let printer = server.printer();
    drop(server);
    tokio::task::yield_now().await;
    assert_eq!(printer.status().await, Err(Error::Unreachable));
    assert_eq!(printer.print(LETTER).await, Err(Error::Unreachable));
}

#[tokio::test]
async fn another_protocol_is_a_protocol_error() {
    let server = Server::answering(vec![b"220 ready\r\n".to_vec()]).await;
    assert_eq!(server.printer().status().await, Err(Error::Protocol));
}

#[tokio::test]
async fn a_web_page_is_a_protocol_error_for_a_question_and_leaves_a_document_unconfirmed() {
    let page = http("200 OK", "", b"<!DOCTYPE html><title>Router</title>");
    let server = Server::answering(vec![page.clone(), page]).await;
    assert_eq!(server.printer().status().await, Err(Error::Protocol));
    assert_eq!(server.printer().print(LETTER).await, Err(Error::Unconfirmed));
}

#[tokio::test]
async fn http_errors_keep_their_status_and_redirections_are_not_followed() {
    let elsewhere = Server::answering(vec![ipp(0, &job(1, 9))]).await;
    let location = elsewhere.secure_uri().replace("ipps", "http");
    let redirect = http("302 Found", &format!("Location: {location}\r\n"), b"");
    for (answer, status) in [
        (http("401 Unauthorized", "WWW-Authenticate: Basic\r\n", b""), 401),
        (http("404 Not Found", "", b""), 404),
        (http("426 Upgrade Required", "Upgrade: TLS/1.2\r\n", b""), 426),
        (redirect, 302),
    ] {
        let server = Server::answering(vec![answer.clone(), answer]).await;
        assert_eq!(server.printer().status().await, Err(Error::Http { status }));
        assert_eq!(server.printer().print(LETTER).await, Err(Error::Http { status }));
    }
}

#[tokio::test]
async fn an_http_error_of_the_servers_own_leaves_a_document_unconfirmed() {
    let answer = http("503 Service Unavailable", "", b"");
    let server = Server::answering(vec![answer.clone(), answer]).await;
    assert_eq!(server.printer().status().await, Err(Error::Http { status: 503 }));
    assert_eq!(server.printer().print(LETTER).await, Err(Error::Unconfirmed));
}

#[tokio::test]
async fn an_endless_answer_is_too_large() {
    let server = Server::start(|mut stream| async move {
        read_request(&mut stream).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n\r\n").await?;
        loop {
            stream.write_all(&[4; 4096]).await?;
        }
    })
    .await;
    assert_eq!(server.printer().status().await, Err(Error::TooLarge));
}

#[tokio::test]
async fn endless_headers_end_as_well() {
    let server = Server::start(|mut stream| async move {
        read_request(&mut stream).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
        loop {
            stream.write_all(b"X-More: and more and more and more\r\n").await?;
        }
    })
    .await;
    assert_eq!(server.printer().status().await, Err(Error::Protocol));
}

#[tokio::test]
async fn a_server_that_never_answers_ends_at_the_deadline() {
    let server = Server::start(|stream| async move {
        drop(tokio::spawn(never_answer(stream)));
        Ok(())
    })
    .await;
    let job = JobId::new(1).unwrap();
    assert_eq!(server.printer().follow(job, MOMENT, pending(), |_| ()).await, Ok(Outcome::GaveUp));
    assert_eq!(server.printer().follow(job, MOMENT, async {}, |_| ()).await, Ok(Outcome::GaveUp));
    let impatient = server.printer().answering_within(MOMENT);
    assert_eq!(impatient.status().await, Err(Error::Unreachable));
    assert_eq!(impatient.print(LETTER).await, Err(Error::Unconfirmed));
}

#[tokio::test]
async fn an_answer_that_trickles_ends_at_the_deadline() {
    let server = Server::start(|mut stream| async move {
        read_request(&mut stream).await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").await?;
        loop {
            stream.write_all(&[1]).await?;
            tokio::time::sleep(MOMENT / 20).await;
        }
    })
    .await;
    assert_eq!(server.printer().answering_within(MOMENT).status().await, Err(Error::Unreachable));
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_a_document_unconfirmed() {
    let server = Server::start(|mut stream| async move { read_request(&mut stream).await.map(drop) }).await;
    assert_eq!(server.printer().status().await, Err(Error::Unreachable));
    assert_eq!(server.printer().print(LETTER).await, Err(Error::Unconfirmed));
    let half = http("200 OK", "", &[1; 100])[..120].to_vec();
    let server = Server::answering(vec![half.clone(), half]).await;
    assert_eq!(server.printer().status().await, Err(Error::Unreachable));
    assert_eq!(server.printer().print(LETTER).await, Err(Error::Unconfirmed));
}

#[tokio::test]
async fn a_refusal_is_no_open_question() {
    // RFC 8011, appendix B.1.
    for (status, error) in [
        (0x0506, Error::NotAccepting),
        (0x0507, Error::Busy),
        (0x0408, Error::DocumentTooLarge),
        (0x0403, Error::Refused { status: 0x0403 }),
    ] {
        let server = Server::answering(vec![ipp(status, &[])]).await;
        assert_eq!(server.printer().print(LETTER).await, Err(error));
    }
}

#[tokio::test]
async fn a_print_that_broke_off_leaves_the_document_unconfirmed() {
    for status in [0x0500, 0x0504, 0x0505, 0x0508] {
        let server = Server::answering(vec![ipp(status, &[]), ipp(status, &[])]).await;
        assert_eq!(server.printer().print(LETTER).await, Err(Error::Unconfirmed));
        assert_eq!(server.printer().status().await, Err(Error::Refused { status }));
    }
}

#[tokio::test]
async fn a_success_without_a_jobs_number_leaves_the_document_unconfirmed() {
    for groups in [Vec::new(), job(0, 3), number(INTEGER, "job-id", 5)] {
        let server = Server::answering(vec![ipp(0, &groups)]).await;
        assert_eq!(server.printer().print(LETTER).await, Err(Error::Unconfirmed));
    }
}

#[tokio::test]
async fn a_printer_that_tells_nothing_is_usable() {
    let server = Server::answering(vec![
        ipp(0, &[]),
        ipp(0, &job(7, 3)),
        ipp(0, &[]),
        ipp(0, &[]),
        ipp(0, &job(7, 9)),
    ])
    .await;
    let status = server.printer().status().await.unwrap();
    assert!(status.accepting && status.formats.is_empty() && status.name.is_none());
    assert_eq!(status.state, PrinterState::Unknown);
    let id = server.printer().print(LETTER).await.unwrap();
    let mut states = Vec::new();
    let on_change = |progress: &printing::Progress| states.push(progress.job.state);
    let outcome = server.printer().follow(id, Duration::from_secs(10), pending(), on_change).await;
    assert_eq!(outcome, Ok(Outcome::Completed));
    assert_eq!(states, [JobState::Unknown, JobState::Completed]);
}

#[tokio::test]
async fn a_printer_that_does_not_know_all_jobs_is_asked_for_both_halves() {
    let server = Server::answering(vec![
        ipp(0x040b, &[]),
        ipp(0, &job(8, 5)),
        ipp(0, &[job(7, 9), job(6, 8)].concat()),
    ])
    .await;
    let jobs = server.printer().jobs().await.unwrap();
    let states: Vec<_> = jobs.iter().map(|job| (job.id.get(), job.status.state)).collect();
    assert_eq!(states, [(8, JobState::Processing), (7, JobState::Completed), (6, JobState::Aborted)]);
}

#[tokio::test]
async fn a_finished_job_is_found_in_the_list_of_a_printer_that_answers_for_unfinished_ones_only() {
    let server = Server::answering(vec![ipp(0x0406, &[]), ipp(0, &[job(6, 8), job(7, 9)].concat())]).await;
    let job = server.printer().job(JobId::new(7).unwrap()).await.unwrap();
    assert_eq!(job.state, JobState::Completed);
}

#[tokio::test]
async fn some_silences_are_no_end() {
    let server = Server::start({
        let mut connections = 0;
        move |mut stream| {
            connections += 1;
            async move {
                read_request(&mut stream).await?;
                if connections <= 3 { Ok(()) } else { stream.write_all(&ipp(0, &job(7, 9))).await }
            }
        }
    })
    .await;
    let id = JobId::new(7).unwrap();
    let outcome = server.printer().follow(id, Duration::from_secs(20), pending(), |_| ()).await;
    assert_eq!(outcome, Ok(Outcome::Completed));
}

#[tokio::test]
async fn a_document_beyond_the_limit_is_not_sent() {
    let server = Server::answering(Vec::new()).await;
    let bytes = vec![0; MAX_DOCUMENT + 1];
    let document = Document { bytes: &bytes, ..LETTER };
    assert_eq!(server.printer().print(document).await, Err(Error::DocumentTooLarge));
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_over_ipps() {
    let server =
        Server::start(|mut stream| async move { stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await }).await;
    let printer = Printer::new(&server.secure_uri(), Transport::TlsRequired, Trust::System).unwrap();
    assert_eq!(printer.print(LETTER).await, Err(Error::Tls));
}
