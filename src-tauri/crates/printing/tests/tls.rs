//! IPPS against `ippeveprinter` with its self-signed certificate for `localhost`.

use std::{fs, future::pending, time::Duration};

use anyhow::Result;
use printing::{Document, Error, Outcome, Printer, Transport, Trust};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use workshop::printer::VirtualPrinter;

const LETTER: &[u8] = b"%PDF-1.7\n%%EOF\n";

struct Bench {
    device: VirtualPrinter,
    /// The printer's certificate.
    pem: Vec<u8>,
    _folder: TempDir,
}

impl Bench {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let device = VirtualPrinter::start(folder.path())?;
        let pem = fs::read(device.certificate()?)?;
        Ok(Self { device, pem, _folder: folder })
    }

    fn fingerprint(&self) -> Result<[u8; 32]> {
        Ok(Sha256::digest(CertificateDer::from_pem_slice(&self.pem)?).into())
    }

    async fn prints(&self, uri: &str, trust: Trust) -> Result<()> {
        let printed = self.device.documents()?.len();
        let printer = Printer::new(uri, Transport::TlsRequired, trust)?;
        let job =
            printer.print(Document { bytes: LETTER, format: "application/pdf", name: "Platz 3" }).await?;
        assert_eq!(
            printer.follow(job, Duration::from_secs(30), pending(), |_| ()).await?,
            Outcome::Completed
        );
        assert_eq!(self.device.documents()?.len(), printed + 1);
        Ok(())
    }

    async fn refuses(&self, uri: &str, trust: Trust) -> Result<()> {
        let printer = Printer::new(uri, Transport::TlsRequired, trust)?;
        assert_eq!(printer.status().await, Err(Error::Tls));
        let document = Document { bytes: LETTER, format: "application/pdf", name: "Platz 3" };
        assert_eq!(printer.print(document).await, Err(Error::Tls));
        assert_eq!(self.device.documents()?.len(), 0);
        Ok(())
    }

    /// The same printer by a name that its certificate does not bear.
    fn other_name(&self) -> String {
        self.device.secure_uri().replace("localhost", "127.0.0.1")
    }
}

#[tokio::test]
async fn a_pinned_certificate_is_trusted_under_any_name() -> Result<()> {
    let bench = Bench::new()?;
    let pinned = Trust::Pinned(bench.fingerprint()?);
    bench.prints(&bench.device.secure_uri(), pinned.clone()).await?;
    bench.prints(&bench.other_name(), pinned).await
}

#[tokio::test]
async fn a_certificate_that_is_its_own_authority_is_trusted_under_its_name_only() -> Result<()> {
    let bench = Bench::new()?;
    let trust = Trust::Authorities(bench.pem.clone());
    bench.refuses(&bench.other_name(), trust.clone()).await?;
    bench.prints(&bench.device.secure_uri(), trust).await
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_when_nobody_trusts_it() -> Result<()> {
    let bench = Bench::new()?;
    bench.refuses(&bench.device.secure_uri(), Trust::System).await
}

#[tokio::test]
async fn another_pin_and_another_authority_are_refused() -> Result<()> {
    let bench = Bench::new()?;
    let mut other = bench.fingerprint()?;
    other[31] ^= 1;
    bench.refuses(&bench.device.secure_uri(), Trust::Pinned(other)).await?;
    let authority = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    let pem = authority.cert.pem().into_bytes();
    bench.refuses(&bench.device.secure_uri(), Trust::Authorities(pem)).await
}
