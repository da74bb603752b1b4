//! The virtual printer, seen through `ipptool`, the IPP client that CUPS brings.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use anyhow::{Result, ensure};
use tempfile::TempDir;
use workshop::{namespace, printer::VirtualPrinter, process::wait_until};

const SOON: Duration = Duration::from_secs(20);

const LETTER: &[u8] = b"%PDF-1.7\n% first\n%%EOF\n";
const RECEIPT: &[u8] = b"%PDF-1.7\n% second\n%%EOF\n";

/// Asks for every job and its state, finished ones included.
const ALL_JOBS: &str = r"{
  OPERATION Get-Jobs
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR naturalLanguage attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR keyword which-jobs all
  ATTR keyword requested-attributes job-state
}";

struct Bench {
    printer: VirtualPrinter,
    folder: TempDir,
}

impl Bench {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let printer = VirtualPrinter::start(&folder.path().join("tray"))?;
        fs::write(folder.path().join("all-jobs.test"), ALL_JOBS)?;
        Ok(Self { printer, folder })
    }

    fn ipptool(&self, uri: &str, test: &Path, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new("ipptool");
        Ok(command.args(["-T", "10", "-tv"]).args(arguments).arg(uri).arg(test).output()?)
    }

    fn send(&self, document: &[u8]) -> Result<()> {
        let file = self.folder.path().join("document.pdf");
        fs::write(&file, document)?;
        let arguments = ["-f", file.to_str().unwrap_or_default()];
        let output = self.ipptool(&self.printer.uri(), Path::new("print-job.test"), &arguments)?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        Ok(())
    }

    fn says(&self, test: &Path, words: &str) -> bool {
        self.ipptool(&self.printer.uri(), test, &[])
            .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(words))
    }

    fn wait_for_printer(&self, words: &str) -> Result<()> {
        let test = Path::new("get-printer-attributes.test");
        wait_until(&format!("the printer says {words}"), SOON, || self.says(test, words))
    }

    fn wait_for_job(&self, words: &str) -> Result<()> {
        let test = self.folder.path().join("all-jobs.test");
        wait_until(&format!("a job says {words}"), SOON, || self.says(&test, words))
    }

    fn wait_for_documents(&self, count: usize) -> Result<Vec<Vec<u8>>> {
        let in_tray = || self.printer.documents().unwrap_or_default();
        wait_until(&format!("{count} documents are in the tray"), SOON, || in_tray().len() == count)?;
        Ok(in_tray().iter().map(fs::read).collect::<Result<_, _>>()?)
    }
}

fn prints_what_it_receives() -> Result<()> {
    let bench = Bench::new()?;
    bench.send(LETTER)?;
    assert_eq!(bench.wait_for_documents(1)?, [LETTER]);
    bench.wait_for_printer("printer-state (enum) = idle")?;
    bench.send(RECEIPT)?;
    assert_eq!(bench.wait_for_documents(2)?, [LETTER, RECEIPT]);
    Ok(())
}

#[test]
fn documents_arrive_byte_for_byte_and_in_order() -> Result<()> {
    prints_what_it_receives()
}

#[test]
fn the_printer_works_in_a_namespace_that_has_loopback_only() -> Result<()> {
    namespace::inside("the_printer_works_in_a_namespace_that_has_loopback_only", prints_what_it_receives)?;
    Ok(())
}

#[test]
fn a_job_waits_for_paper_and_for_a_jam_to_be_cleared() -> Result<()> {
    let bench = Bench::new()?;
    bench.printer.run_out_of_paper()?;
    bench.printer.jam()?;
    bench.send(LETTER)?;
    bench.wait_for_printer("media-empty")?;
    bench.printer.refill()?;
    bench.wait_for_printer("media-jam")?;
    assert_eq!(bench.printer.documents()?.len(), 0);
    bench.printer.clear_jam()?;
    assert_eq!(bench.wait_for_documents(1)?, [LETTER]);
    bench.wait_for_printer("printer-state-reasons (keyword) = none")
}

#[test]
fn a_job_waits_while_the_printer_is_paused() -> Result<()> {
    let bench = Bench::new()?;
    bench.printer.pause()?;
    bench.send(LETTER)?;
    bench.wait_for_printer("printer-state-reasons (keyword) = paused")?;
    assert_eq!(bench.printer.documents()?.len(), 0);
    bench.printer.go_on()?;
    assert_eq!(bench.wait_for_documents(1)?, [LETTER]);
    bench.wait_for_printer("printer-state-reasons (keyword) = none")
}

#[test]
fn the_next_document_fails_and_the_one_after_is_printed() -> Result<()> {
    let bench = Bench::new()?;
    bench.printer.fail_next()?;
    bench.send(LETTER)?;
    bench.wait_for_job("job-state (enum) = aborted")?;
    assert_eq!(bench.printer.documents()?.len(), 0);
    bench.send(RECEIPT)?;
    assert_eq!(bench.wait_for_documents(1)?, [RECEIPT]);
    Ok(())
}

#[test]
fn a_printer_without_power_answers_again_at_the_same_address_when_it_is_back() -> Result<()> {
    let mut bench = Bench::new()?;
    let uri = bench.printer.uri();
    bench.printer.power_off();
    assert!(!bench.says(Path::new("get-printer-attributes.test"), "printer-state"));
    bench.printer.power_on()?;
    assert_eq!(bench.printer.uri(), uri);
    bench.wait_for_printer("printer-state (enum) = idle")
}

#[test]
fn it_speaks_tls_at_the_same_port_with_a_certificate_of_its_own() -> Result<()> {
    let bench = Bench::new()?;
    let certificate = fs::read_to_string(bench.printer.certificate()?)?;
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"));
    let uri = bench.printer.secure_uri();
    let output = bench.ipptool(&uri, Path::new("get-printer-attributes.test"), &[])?;
    assert!(String::from_utf8_lossy(&output.stdout).contains("[PASS]"));
    Ok(())
}

#[test]
fn nothing_of_a_dropped_printer_listens_any_more_but_its_documents_stay() -> Result<()> {
    let bench = Bench::new()?;
    bench.send(LETTER)?;
    bench.wait_for_documents(1)?;
    let Bench { printer, folder } = bench;
    let authority = printer.uri().replace("ipp://", "").replace("/ipp/print", "");
    drop(printer);
    assert!(std::net::TcpStream::connect(authority).is_err());
    assert_eq!(fs::read_dir(folder.path().join("tray"))?.count(), 1);
    Ok(())
}
