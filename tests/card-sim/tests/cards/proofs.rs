//! What a card proves, checked with OpenSSL against the files that a desk in a workshop trusts.

use anyhow::{Context, Result, ensure};
use card_sim::{
    Interface::{Contact, Contactless},
    trust,
};
use jiff::{ToSpan, civil::Date};
use openssl::{
    asn1::Asn1Time,
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey, EcPoint},
    ecdsa::EcdsaSig,
    nid::Nid,
    pkey::Public,
    sha::sha256,
    x509::X509,
};

use crate::{CAN, SELECT_ESIGN, SELECT_ROOT, TODAY, card, health_card, terminal, terminal::Terminal};

const CHOOSE_KEY: &str = "002241a406840109800100";
const CHALLENGE: &str = "000102030405060708090a0b0c0d0e0f1011121314151617";

/// A card-verifiable certificate, taken apart.
struct Cvc {
    body: Vec<u8>,
    issuer: Vec<u8>,
    holder: Vec<u8>,
    key: Vec<u8>,
    from: String,
    to: String,
    signature: Vec<u8>,
}

impl Cvc {
    fn parse(bytes: &[u8]) -> Result<Self> {
        let outer = take(&mut &*bytes, 0x7F21)?.1;
        let mut parts = outer;
        let (body, mut fields) = take(&mut parts, 0x7F4E)?;
        let signature = take(&mut parts, 0x5F37)?.1.to_vec();
        take(&mut fields, 0x5F29)?;
        let issuer = take(&mut fields, 0x42)?.1.to_vec();
        let mut key = take(&mut fields, 0x7F49)?.1;
        take(&mut key, 0x06)?;
        let key = take(&mut key, 0x86)?.1.to_vec();
        let holder = take(&mut fields, 0x5F20)?.1.to_vec();
        take(&mut fields, 0x7F4C)?;
        let [from, to] = [take(&mut fields, 0x5F25)?, take(&mut fields, 0x5F24)?]
            .map(|(_, digits)| digits.iter().map(|digit| char::from(b'0' + digit)).collect());
        Ok(Self { body: body.to_vec(), issuer, holder, key, from, to, signature })
    }

    fn is_signed_by(&self, issuer: &Self) -> Result<bool> {
        ensure!(self.issuer == issuer.holder, "another issuer");
        verifies(&issuer.key, &sha256(&self.body), &self.signature)
    }

    fn is_valid_on(&self, day: Date) -> bool {
        let day = day.strftime("%y%m%d").to_string();
        self.from <= day && day <= self.to
    }
}

/// The data object with this tag: whole, and its value.
fn take<'a>(bytes: &mut &'a [u8], tag: u16) -> Result<(&'a [u8], &'a [u8])> {
    let tag: Vec<u8> = tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let rest = bytes.strip_prefix(&*tag).with_context(|| format!("no object {tag:02X?}"))?;
    let (length, rest) = match *rest {
        [0x81, length, ref rest @ ..] => (usize::from(length), rest),
        [length, ref rest @ ..] => (usize::from(length), rest),
        [] => anyhow::bail!("no length"),
    };
    let (value, rest) = rest.split_at_checked(length).context("too long")?;
    let whole = &bytes[..bytes.len() - rest.len()];
    *bytes = rest;
    Ok((whole, value))
}

fn verifies(point: &[u8], number: &[u8], signature: &[u8]) -> Result<bool> {
    let group = EcGroup::from_curve_name(Nid::BRAINPOOL_P256R1)?;
    let point = EcPoint::from_bytes(&group, point, &mut *BigNumContext::new()?)?;
    let key: EcKey<Public> = EcKey::from_public_key(&group, &point)?;
    let (r, s) = signature.split_at(32);
    let signature = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
    Ok(signature.verify(number, &key)?)
}

fn trusted(name: &str) -> Result<Vec<u8>> {
    trust::files(TODAY).into_iter().find(|file| file.0 == name).map(|file| file.1).context("no such file")
}

/// What is wrong with the chip's proof, as a desk would find it.
fn prove_chip(name: &str) -> Result<&'static str> {
    let mut card = card(name, Contact)?;
    let mut terminal = terminal(&mut card);
    terminal.plain(SELECT_ROOT)?;
    let number = terminal.data("00b0820000")?;
    let authority = Cvc::parse(&terminal.data("00b0870000")?)?;
    let own = Cvc::parse(&terminal.data("00b0860000")?)?;
    let root = Cvc::parse(&trusted("birds-root.cvc")?)?;
    terminal.plain(CHOOSE_KEY)?;
    let answer = terminal.data(&format!("0088000018{CHALLENGE}00"))?;
    Ok(match () {
        () if authority.issuer != root.holder => "unknown root",
        () if !authority.is_signed_by(&root)? || !own.is_signed_by(&authority)? => "signature",
        () if !own.is_valid_on(TODAY) => "validity",
        () if own.holder != [&[0x00, 0x09], &number[2..]].concat() => "other card",
        // The token and a zero byte are the number that is signed.
        () if !verifies(&own.key, &hex::decode(format!("00000000000000{CHALLENGE}00"))?, &answer)? => "clone",
        () => "",
    })
}

#[test]
fn the_chip_of_a_card_in_order_proves_that_it_holds_its_key() -> Result<()> {
    for name in ["amsel", "zaunkoenig", "amsel-g2", "amsel-g3", "amsel-x509-expired"] {
        assert_eq!(prove_chip(name)?, "", "{name}");
    }
    Ok(())
}

#[test]
fn every_flaw_of_the_chips_proof_is_one_and_no_other() -> Result<()> {
    for (name, flaw) in [
        ("amsel-cvc-expired", "validity"),
        ("amsel-cvc-not-yet-valid", "validity"),
        ("amsel-cvc-forged", "signature"),
        ("amsel-cvc-other-card", "other card"),
        ("amsel-cvc-unknown-root", "unknown root"),
        ("amsel-cvc-production-root", "unknown root"),
        ("amsel-clone", "clone"),
    ] {
        assert_eq!(prove_chip(name)?, flaw, "{name}");
    }
    Ok(())
}

#[test]
fn a_root_of_productions_name_is_named_by_one_card() -> Result<()> {
    let mut card = card("amsel-cvc-production-root", Contact)?;
    let authority = Cvc::parse(&terminal(&mut card).data("00b0870000")?)?;
    assert_eq!(hex::encode(authority.issuer), hex::encode(b"DEZGW") + "870226");
    Ok(())
}

#[test]
fn over_the_air_the_challenge_goes_through_the_channel() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let mut terminal = terminal(&mut card);
    let challenge = format!("0088000018{CHALLENGE}00");
    assert_eq!(terminal.plain(&challenge)?, "6982");
    terminal.pace(CAN)?;
    let own = terminal.send("00b0860000")?;
    let own = Cvc::parse(&hex::decode(own.strip_suffix("9000").context("no certificate")?)?)?;
    assert_eq!(terminal.send(CHOOSE_KEY)?, "9000");
    let answer = terminal.send(&challenge)?;
    let answer = hex::decode(answer.strip_suffix("9000").context("no answer")?)?;
    assert!(verifies(&own.key, &hex::decode(format!("00000000000000{CHALLENGE}00"))?, &answer)?);
    Ok(())
}

#[test]
fn a_challenge_of_another_length_or_without_a_key_is_refused() -> Result<()> {
    crate::check(
        "amsel",
        &[
            (&format!("0088000018{CHALLENGE}00"), "6a88"),
            ("002241a406840109800154", "6a88"),
            ("002241a406840108800100", "6a88"),
            ("002241a403840109", "6a80"),
            (CHOOSE_KEY, "9000"),
            ("0088000008000102030405060700", "6700"),
            (&format!("0088000018{CHALLENGE}"), "6700"),
        ],
    )
}

/// What is wrong with the cardholder's certificate, as a desk would find it.
fn prove_holder(name: &str) -> Result<&'static str> {
    let health_card = health_card(name)?;
    let mut card = card(name, Contact)?;
    let mut terminal = terminal(&mut card);
    terminal.plain(SELECT_ESIGN)?;
    let Some(certificate) = holder(&mut terminal)? else { return Ok("none") };
    let authority = X509::from_pem(&trusted("birds-egk-ca.pem")?)?;
    let root = X509::from_pem(&trusted("birds-root-ca.pem")?)?;
    ensure!(authority.verify(root.public_key()?.as_ref())? && root.verify(root.public_key()?.as_ref())?);
    let seconds = TODAY.at(12, 0, 0, 0).in_tz("UTC")?.timestamp().as_second();
    let now = Asn1Time::from_unix(seconds)?;
    let units: Vec<_> = certificate
        .subject_name()
        .entries_by_nid(Nid::ORGANIZATIONALUNITNAME)
        .map(|unit| Ok(unit.data().to_string()?))
        .collect::<Result<_>>()?;
    Ok(match () {
        () if certificate.issuer_name().try_cmp(authority.subject_name())?.is_ne() => "unknown authority",
        () if !certificate.verify(authority.public_key()?.as_ref())? => "signature",
        () if certificate.not_before() > &*now || certificate.not_after() < &*now => "validity",
        () if !units.contains(&health_card.persona.kvnr) => "other person",
        () if !units.contains(&health_card.persona.insurer.ik) => "other insurer",
        () => "",
    })
}

fn holder(terminal: &mut Terminal<'_>) -> Result<Option<X509>> {
    for read in ["00b08400000000", "00b08100000000"] {
        let response = terminal.plain(read)?;
        if let Some(certificate) = response.strip_suffix("9000") {
            return Ok(Some(X509::from_der(&hex::decode(certificate)?)?));
        }
        assert_eq!(response, "6a82");
    }
    Ok(None)
}

#[test]
fn the_holders_certificate_of_a_card_in_order_is_by_the_trusted_authority() -> Result<()> {
    for name in ["amsel", "buntspecht", "zaunkoenig", "amsel-g1", "amsel-g2", "amsel-g3", "amsel-clone"] {
        assert_eq!(prove_holder(name)?, "", "{name}");
    }
    Ok(())
}

#[test]
fn every_flaw_of_the_holders_certificate_is_one_and_no_other() -> Result<()> {
    for (name, flaw) in [
        ("amsel-x509-other-kvnr", "other person"),
        ("amsel-x509-other-ik", "other insurer"),
        ("amsel-x509-expired", "validity"),
        ("amsel-x509-unknown-ca", "unknown authority"),
        ("amsel-no-x509", "none"),
    ] {
        assert_eq!(prove_holder(name)?, flaw, "{name}");
    }
    Ok(())
}

#[test]
fn generations_have_certificates_of_their_time() -> Result<()> {
    for (name, curve, rsa) in [
        ("amsel-g1", false, true),
        ("amsel-g2", false, true),
        ("amsel", true, false),
        ("amsel-both-x509", true, true),
        ("amsel-no-x509", false, false),
    ] {
        let mut card = card(name, Contact)?;
        let mut terminal = terminal(&mut card);
        terminal.plain(SELECT_ESIGN)?;
        for (fid, there) in [("c504", curve), ("c500", rsa)] {
            let expected = if there { "9000" } else { "6a82" };
            assert_eq!(terminal.plain(&format!("00a4020c02{fid}"))?, expected, "{name} {fid}");
        }
    }
    let rsa = {
        let mut card = card("amsel-g2", Contact)?;
        let mut terminal = terminal(&mut card);
        terminal.plain(SELECT_ESIGN)?;
        holder(&mut terminal)?.context("no certificate")?
    };
    assert_eq!(rsa.public_key()?.rsa()?.size(), 256);
    Ok(())
}

#[test]
fn the_holders_certificate_says_what_gemspec_pki_asks_for() -> Result<()> {
    let mut names = Vec::new();
    for name in ["amsel", "buntspecht"] {
        let mut card = card(name, Contact)?;
        let mut terminal = terminal(&mut card);
        terminal.plain(SELECT_ESIGN)?;
        let certificate = holder(&mut terminal)?.context("no certificate")?;
        names.push(
            certificate
                .subject_name()
                .entries()
                .map(|entry| {
                    Ok(format!("{}={}", entry.object().nid().short_name()?, entry.data().to_string()?))
                })
                .collect::<Result<Vec<_>>>()?
                .join(", "),
        );
        let text = String::from_utf8(certificate.to_text()?)?;
        for part in [
            "Signature Algorithm: ecdsa-with-SHA256",
            "ASN1 OID: brainpoolP256r1",
            "X509v3 Key Usage: critical\n                Digital Signature\n",
            "Policy: 1.2.276.0.76.4.163",
            "Policy: 1.2.276.0.76.4.70",
            "Versicherte/-r",
            "Profession OIDs:\n                      undefined (1.2.276.0.76.4.49)",
            "OCSP - URI:http://ocsp.birds.invalid/",
            "CA:FALSE",
            "Not Before: Nov 22 00:00:00 2025 GMT",
            "Not After : Nov 21 23:59:59 2030 GMT",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
    assert_eq!(
        names,
        [
            "C=DE, O=Beispielkostenträger Aachen NOT-VALID, OU=104178397, OU=A123456780, SN=Amsel, GN=Andrea, \
             CN=Andrea Amsel TEST-ONLY",
            "C=DE, O=Beispielkostenträger Bremen NOT-VALID, OU=B234567895, OU=103169760, \
             SN=von und zu Buntspecht, GN=Bernd Benjamin Graf, \
             CN=Bernd Benjamin Graf von und zu Buntspecht TEST-ONLY",
        ]
    );
    Ok(())
}

#[test]
fn certificates_are_valid_whatever_day_it_is() -> Result<()> {
    for today in [TODAY, jiff::civil::date(2040, 2, 29)] {
        let files = trust::files(today);
        let root = Cvc::parse(&files[0].1)?;
        assert!(root.is_signed_by(&root)? && root.is_valid_on(today));
        assert!(root.is_valid_on(today.saturating_add(6.years())));
    }
    Ok(())
}
