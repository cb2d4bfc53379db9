//! The local authority: a key that signs certificates for this machine and for private addresses, and for nothing
//! else, so that trusting it in a browser gives nobody the means to stand in for a site of the internet.
//!
//! Its key is the one file that counts. Certificates can be made from it at any time: those of servers are, at each
//! start, and never touch the disk.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, PublicKeyData as _, SanType, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;

use super::TlsError;

/// The file of the authority's certificate, for clients to trust.
pub(super) const CERTIFICATE: &str = "ca.pem";
/// The file of its key.
const KEY: &str = "ca-key.pem";
/// The only name that it vouches for.
const NAME: &str = "localhost";
/// Addresses that it vouches for: this machine, and those that the internet does not route.
const ADDRESSES: [(&str, u8); 8] = [
    ("127.0.0.0", 8),
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("169.254.0.0", 16),
    ("::1", 128),
    ("fc00::", 7),
    ("fe80::", 10),
];

pub(super) struct Authority {
    key: KeyPair,
    pem: String,
}

impl Authority {
    /// A new authority that is stored nowhere.
    pub(super) fn generate() -> Result<Self, TlsError> {
        Self::of(KeyPair::generate().map_err(TlsError::settings)?)
    }

    fn of(key: KeyPair) -> Result<Self, TlsError> {
        let certificate = params(&key).self_signed(&key).map_err(TlsError::settings)?;
        let pem = certificate.pem();
        Ok(Self { key, pem })
    }

    /// The authority of a directory, made and stored there if there is none.
    pub(super) fn open(directory: &Path) -> Result<Self, TlsError> {
        let key_file = directory.join(KEY);
        let key = if let Some(key) = read_key(&key_file)? {
            key
        } else {
            make_directory(directory).map_err(at(directory))?;
            let key = KeyPair::generate().map_err(TlsError::settings)?;
            put_new(&key_file, &key.serialize_pem()).map_err(at(&key_file))?;
            // Another process may have been first; then its key is the one.
            read_key(&key_file)?.unwrap_or(key)
        };
        let mut authority = Self::of(key)?;
        let certificate_file = directory.join(CERTIFICATE);
        match stored_certificate(&certificate_file, &authority.key) {
            Some(pem) => authority.pem = pem,
            None => put(&certificate_file, &authority.pem).map_err(at(&certificate_file))?,
        }
        Ok(authority)
    }

    /// Its certificate, in PEM.
    pub(super) fn certificate(&self) -> &str {
        &self.pem
    }

    /// Whether it can vouch for an address.
    pub(super) fn vouches_for(address: IpAddr) -> bool {
        ADDRESSES.iter().any(|(network, prefix)| {
            let network: Option<IpAddr> = network.parse().ok();
            match (network, address) {
                (Some(IpAddr::V4(network)), IpAddr::V4(address)) => {
                    (network.to_bits() ^ address.to_bits()) >> (32 - prefix) == 0
                }
                (Some(IpAddr::V6(network)), IpAddr::V6(address)) => {
                    (network.to_bits() ^ address.to_bits()) >> (128 - prefix) == 0
                }
                _ => false,
            }
        })
    }

    /// A certificate with a key of its own for a server on this machine and, where it is a certain one, the address it
    /// listens on; good from one moment to another.
    pub(super) fn issue(
        &self,
        address: IpAddr,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<CertifiedKey, TlsError> {
        let mut params = CertificateParams::new([NAME.to_owned()]).map_err(TlsError::settings)?;
        let mut addresses = vec![
            IpAddr::from([127, 0, 0, 1]),
            IpAddr::from([0u16, 0, 0, 0, 0, 0, 0, 1]),
        ];
        if !address.is_unspecified() && !addresses.contains(&address) {
            addresses.push(address);
        }
        params
            .subject_alt_names
            .extend(addresses.into_iter().map(SanType::IpAddress));
        params.distinguished_name = named("rafay-mock-server");
        let day = |moment: Timestamp| {
            let date = moment.to_zoned(TimeZone::UTC).date();
            let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
            date_time_ymd(date.year().into(), month, day)
        };
        params.not_before = day(from);
        params.not_after = day(to);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(TlsError::settings)?;
        let own = self::params(&self.key);
        let issuer = Issuer::from_params(&own, &self.key);
        let certificate = params
            .signed_by(&key, &issuer)
            .map_err(TlsError::settings)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        CertifiedKey::from_der(
            vec![certificate.der().clone()],
            key.into(),
            &ring::default_provider(),
        )
        .map_err(TlsError::settings)
    }
}

/// What the authority's certificate says. It depends on the key alone, so that what it signed before stays good.
fn params(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    // Authorities of several directories are told apart in a browser's list.
    let digest = blake3::hash(&key.subject_public_key_info()).to_hex();
    params.distinguished_name = named(&format!(
        "rafay-mock-server local authority {}",
        &digest[..8]
    ));
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2100, 1, 1);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let addresses = ADDRESSES.iter().filter_map(|(network, prefix)| {
        let network = network.parse().ok()?;
        let subnet = CidrSubnet::from_addr_prefix(network, *prefix);
        Some(GeneralSubtree::IpAddress(subnet))
    });
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: std::iter::once(GeneralSubtree::DnsName(NAME.to_owned()))
            .chain(addresses)
            .collect(),
        excluded_subtrees: Vec::new(),
    });
    params
}

fn named(name: &str) -> DistinguishedName {
    let mut full = DistinguishedName::new();
    full.push(DnType::CommonName, name);
    full
}

/// The key in a file; none where there is no file.
fn read_key(path: &Path) -> Result<Option<KeyPair>, TlsError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(path)(error)),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_err(at(path))?.permissions().mode();
        if mode & 0o077 != 0 {
            let path = path.to_owned();
            return Err(TlsError::Readable { path });
        }
    }
    // What the reader says of a broken key may quote it.
    KeyPair::from_pem(&text).map(Some).map_err(|_| {
        let path = path.to_owned();
        TlsError::Authority { path }
    })
}

/// The stored certificate, if it is the key's.
fn stored_certificate(path: &Path, key: &KeyPair) -> Option<String> {
    let pem = fs::read_to_string(path).ok()?;
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
    let public = key.subject_public_key_info();
    der.windows(public.len())
        .any(|part| part == public)
        .then_some(pem)
}

fn at(path: &Path) -> impl Fn(io::Error) -> TlsError {
    move |source| TlsError::File {
        path: path.to_owned(),
        source,
    }
}

fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Writes a file that nobody sees half written. One that is there stays.
fn put_new(path: &Path, text: &str) -> io::Result<()> {
    let draft = draft(path, text)?;
    let linked = fs::hard_link(&draft, path);
    let removed = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => removed,
    }
}

/// The same in place of one that is there.
fn put(path: &Path, text: &str) -> io::Result<()> {
    fs::rename(draft(path, text)?, path)
}

/// A file of a name of its own beside another, readable by its owner alone.
fn draft(path: &Path, text: &str) -> io::Result<PathBuf> {
    let draft = path.with_extension(format!("{}.new", crate::secret::short_id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_made_once_and_stays() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("made/on/the/way");
        let first = Authority::open(&directory).unwrap();
        let again = Authority::open(&directory).unwrap();
        assert_eq!(first.certificate(), again.certificate());
        assert_eq!(first.key.serialize_pem(), again.key.serialize_pem());
        assert_eq!(
            fs::read_to_string(directory.join(CERTIFICATE)).unwrap(),
            first.certificate()
        );
        let files = fs::read_dir(&directory).unwrap().count();
        assert_eq!(files, 2, "a draft stayed behind");
        assert_ne!(
            Authority::generate().unwrap().certificate(),
            first.certificate()
        );
    }

    #[test]
    fn a_certificate_that_is_lost_or_anothers_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let first = Authority::open(directory.path()).unwrap();
        let file = directory.path().join(CERTIFICATE);
        fs::remove_file(&file).unwrap();
        let again = Authority::open(directory.path()).unwrap();
        assert_eq!(again.key.serialize_pem(), first.key.serialize_pem());
        fs::write(&file, Authority::generate().unwrap().certificate()).unwrap();
        let again = Authority::open(directory.path()).unwrap();
        assert!(stored_certificate(&file, &again.key).is_some());
    }

    #[test]
    fn two_who_start_at_once_have_one_authority() {
        let directory = tempfile::tempdir().unwrap();
        let open = || {
            Authority::open(directory.path())
                .unwrap()
                .key
                .serialize_pem()
        };
        let (one, other) = std::thread::scope(|scope| {
            let (one, other) = (scope.spawn(open), scope.spawn(open));
            (one.join().unwrap(), other.join().unwrap())
        });
        assert_eq!(one, other);
    }

    #[cfg(unix)]
    #[test]
    fn the_key_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("tls");
        Authority::open(&directory).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let key = directory.join(KEY);
        assert_eq!((mode(&directory), mode(&key)), (0o700, 0o600));
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        let refused = Authority::open(&directory);
        assert!(matches!(refused, Err(TlsError::Readable { .. })));
    }

    #[test]
    fn what_is_no_key_is_refused_and_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let key = directory.path().join(KEY);
        put(&key, "not a key").unwrap();
        let refused = Authority::open(directory.path());
        assert!(matches!(refused, Err(TlsError::Authority { .. })));
        assert_eq!(fs::read_to_string(&key).unwrap(), "not a key");
    }

    #[test]
    fn it_vouches_for_private_addresses_alone() {
        let private = [
            "127.9.9.9",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "::1",
            "fd12::1",
        ];
        for (addresses, expected) in [
            (&private[..], true),
            (&["8.8.8.8", "172.32.0.1", "::2", "2001:db8::1"], false),
        ] {
            for address in addresses {
                let vouched = Authority::vouches_for(address.parse().unwrap());
                assert_eq!(vouched, expected, "{address}");
            }
        }
    }
}
