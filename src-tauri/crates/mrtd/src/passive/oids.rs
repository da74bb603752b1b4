//! Object identifiers as their contents are written.

/// id-data (RFC 5652), 1.2.840.113549.1.7.1.
pub(crate) const DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];
/// id-signedData (RFC 5652), 1.2.840.113549.1.7.2.
pub(crate) const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
/// id-contentType (RFC 5652), 1.2.840.113549.1.9.3.
pub(crate) const CONTENT_TYPE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x03];
/// id-messageDigest (RFC 5652), 1.2.840.113549.1.9.4.
pub(crate) const MESSAGE_DIGEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x04];
/// id-signingTime (RFC 5652), 1.2.840.113549.1.9.5.
pub(crate) const SIGNING_TIME: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x05];

/// id-icao-mrtd-security-ldsSecurityObject (Doc 9303-10), 2.23.136.1.1.1.
pub(crate) const LDS_SECURITY_OBJECT: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x01];
/// The same on ICAO's earlier arc, 1.3.27.1.1.1: Belgian and French documents.
pub(crate) const LDS_SECURITY_OBJECT_EARLIER: &[u8] = &[0x2B, 0x1B, 0x01, 0x01, 0x01];
/// The same as Dutch documents name it, 1.2.528.1.1006.1.20.1.
pub(crate) const LDS_SECURITY_OBJECT_SDU: &[u8] = &[0x2A, 0x84, 0x10, 0x01, 0x87, 0x6E, 0x01, 0x14, 0x01];
/// id-icao-cscaMasterList (Doc 9303-12), 2.23.136.1.1.2.
pub(crate) const MASTER_LIST: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x02];
/// id-icao-cscaMasterListSigningKey (Doc 9303-12), 2.23.136.1.1.3.
pub(crate) const MASTER_LIST_SIGNING_KEY: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x03];
/// id-icao-mrtd-security-extensions-documentTypeList (Doc 9303-12), 2.23.136.1.1.6.2.
pub(crate) const DOCUMENT_TYPE_LIST: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x06, 0x02];
/// id-SecurityObject (TR-03110-3): EF.CardSecurity, 0.4.0.127.0.7.3.2.1.
pub(crate) const CARD_SECURITY_OBJECT: &[u8] = &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x02, 0x01];

/// id-DefectList (TR-03129-2, 8.1), 0.4.0.127.0.7.3.1.5; the defects' names begin with it.
pub(crate) const DEFECT_LIST: &[u8] = &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x05];
/// id-electronicDefectListSigningKey (TR-03129-2, 8.2), 0.4.0.127.0.7.3.11.2.1.2.
pub(crate) const DEFECT_LIST_SIGNING_KEY: &[u8] =
    &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x0B, 0x02, 0x01, 0x02];

/// id-ce-basicConstraints (RFC 5280), 2.5.29.19.
pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
/// id-ce-privateKeyUsagePeriod (RFC 3280), 2.5.29.16.
pub(crate) const PRIVATE_KEY_USAGE_PERIOD: &[u8] = &[0x55, 0x1D, 0x10];
/// id-ce-extKeyUsage (RFC 5280), 2.5.29.37.
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25];
/// Extensions that Doc 9303-12 knows: those above and subjectKeyIdentifier, keyUsage, both alternative names,
/// cRLDistributionPoints, certificatePolicies and authorityKeyIdentifier, which say nothing about whether a signature
/// counts but for keyUsage, which is OpenSSL's to read; and id-icao-mrtd-security-extensions-nameChange.
pub(crate) const KNOWN_EXTENSIONS: [&[u8]; 12] = [
    BASIC_CONSTRAINTS,
    PRIVATE_KEY_USAGE_PERIOD,
    EXTENDED_KEY_USAGE,
    DOCUMENT_TYPE_LIST,
    &[0x55, 0x1D, 0x0E],
    &[0x55, 0x1D, 0x0F],
    &[0x55, 0x1D, 0x11],
    &[0x55, 0x1D, 0x12],
    &[0x55, 0x1D, 0x1F],
    &[0x55, 0x1D, 0x20],
    &[0x55, 0x1D, 0x23],
    &[0x67, 0x81, 0x08, 0x01, 0x01, 0x06, 0x01],
];

/// id-sha1 (RFC 3279), 1.3.14.3.2.26.
pub(crate) const SHA1: &[u8] = &[0x2B, 0x0E, 0x03, 0x02, 0x1A];
/// The hashes of FIPS 180-4, 2.16.840.1.101.3.4.2.x: SHA-256 is 1, SHA-384 2, SHA-512 3, SHA-224 4.
pub(crate) const SHA2: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];
/// PKCS #1 (RFC 8017), 1.2.840.113549.1.1.x.
pub(crate) const PKCS1: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01];
/// ecdsa-with-SHA1 (RFC 3279), 1.2.840.10045.4.1.
pub(crate) const ECDSA_WITH_SHA1: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];
/// ecdsa-with-SHA2 (RFC 5758), 1.2.840.10045.4.3.x: SHA-224 is 1, SHA-256 2, SHA-384 3, SHA-512 4.
pub(crate) const ECDSA_WITH_SHA2: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03];
/// ecdsa-plain-signatures (TR-03111), 0.4.0.127.0.7.1.1.4.1.x: SHA-1 is 1, SHA-224 2, SHA-256 3, SHA-384 4, SHA-512 5.
pub(crate) const ECDSA_PLAIN: &[u8] = &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01];
/// id-mgf1 (RFC 8017), 1.2.840.113549.1.1.8.
pub(crate) const MGF1: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08];
