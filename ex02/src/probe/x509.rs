//! What is in a certificate that webpki does not tell?
//!
//! webpki judges the chain. It ignores what the key of a certificate may be used for, and it refuses a
//! certificate with an unknown extension before anybody asks for its key. This reads these parts (RFC 5280, 4.1).

use rustls::pki_types::{CertificateDer, SubjectPublicKeyInfoDer};

/// The parts of a certificate that are read here, as they are written in DER.
pub struct Parts<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
    /// The public key with its tag and its length.
    key: &'a [u8],
    /// The extensions. `None`: it is of version 1, which has none.
    extensions: Option<&'a [u8]>,
}

const SEQUENCE: u8 = 0x30;
/// The number of the version, and the extensions: `[0]` and `[3]`.
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
/// `dNSName` and `iPAddress` among the names: `[2]` and `[7]`.
const DNS_NAME: u8 = 0x82;
const ADDRESS: u8 = 0x87;

/// 2.5.29.15, 2.5.29.17 and 2.5.29.19.
const KEY_USAGE: [u8; 3] = [0x55, 0x1d, 0x0f];
const OTHER_NAMES: [u8; 3] = [0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS: [u8; 3] = [0x55, 0x1d, 0x13];

/// The bits of keyUsage: digitalSignature, keyEncipherment and keyAgreement; keyCertSign.
const FOR_TLS: u8 = 0x80 | 0x20 | 0x08;
const FOR_CERTIFICATES: u8 = 0x04;

/// A name in subjectAltName.
pub enum Name<'a> {
    /// A name of the DNS. It need not be a valid one.
    Dns(&'a [u8]),
    /// An address: 4 or 16 bytes.
    Address(&'a [u8]),
}

impl<'a> Parts<'a> {
    /// Reads a certificate.
    pub fn read(certificate: &'a CertificateDer<'_>) -> Option<Self> {
        let outer = content(certificate, SEQUENCE)?;
        let all = content(outer, SEQUENCE)?;
        let mut fields = Elements(all).peekable();
        fields.next_if(|it| it.tag == VERSION);
        // Its number and its signature's algorithm, then the issuer, the time, the subject and the key.
        let mut fields = fields.skip(2);
        let issuer = fields.next()?.content;
        let _time = fields.next()?;
        let subject = fields.next()?.content;
        let key = fields.next()?.whole;
        let extensions = match fields.find(|it| it.tag == EXTENSIONS) {
            Some(it) => Some(content(it.content, SEQUENCE)?),
            None => None,
        };
        Some(Self {
            issuer,
            subject,
            key,
            extensions,
        })
    }

    /// Its public key.
    pub fn key(&self) -> SubjectPublicKeyInfoDer<'a> {
        self.key.into()
    }

    /// True when it names itself as its issuer.
    pub fn is_signed_by_itself(&self) -> bool {
        self.issuer == self.subject
    }

    /// True when a server may use it, as far as keyUsage says.
    pub fn is_for_servers(&self) -> bool {
        self.key_usage().is_none_or(|it| it & FOR_TLS != 0)
    }

    /// True when it may sign others. Version 1 has no words for it, so every such certificate may.
    pub fn may_sign(&self) -> bool {
        let usage = self.key_usage();
        let authority = self.extension(BASIC_CONSTRAINTS).map(|it| {
            // Without the first field, it is no authority.
            let fields = content(it, SEQUENCE).unwrap_or_default();
            fields.starts_with(&[0x01, 0x01, 0xff])
        });
        let old = self.extensions.is_none() || usage.is_some();
        usage.is_none_or(|it| it & FOR_CERTIFICATES != 0) && authority.unwrap_or(old)
    }

    /// The names of the hosts that it is for.
    pub fn names(&self) -> impl Iterator<Item = Name<'a>> {
        let names = self.extension(OTHER_NAMES);
        let names = names.and_then(|it| content(it, SEQUENCE));
        Elements(names.unwrap_or_default()).filter_map(|it| match it.tag {
            DNS_NAME => Some(Name::Dns(it.content)),
            ADDRESS => Some(Name::Address(it.content)),
            _ => None,
        })
    }

    /// The first byte of keyUsage, which has all bits that count here.
    fn key_usage(&self) -> Option<u8> {
        // A BIT STRING: its tag, its length, the number of unused bits, the bits.
        let bits = self.extension(KEY_USAGE)?;
        Some(bits.get(3).copied().unwrap_or_default())
    }

    /// The value of an extension.
    fn extension(&self, number: [u8; 3]) -> Option<&'a [u8]> {
        Elements(self.extensions?).find_map(|it| {
            let mut fields = Elements(it.content);
            let found = fields.next()?.content == number;
            // Between the two there may be a mark that it is critical.
            found.then(|| fields.last().map(|it| it.content)).flatten()
        })
    }
}

/// One element of DER.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    /// With its tag and its length.
    whole: &'a [u8],
}

/// Elements of DER, one after another. It ends where they cannot be read.
struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x83 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let add = |sum, digit: &u8| sum << 8 | usize::from(*digit);
                (digits.iter().fold(0, add), rest)
            }
            _ => return None,
        };
        let (content, after) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        Some(Element {
            tag,
            content,
            whole,
        })
    }
}

/// The content of the first element, if it has this tag.
fn content(text: &[u8], tag: u8) -> Option<&[u8]> {
    let first = Elements(text).next();
    first.filter(|it| it.tag == tag).map(|it| it.content)
}
