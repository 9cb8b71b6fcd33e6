use super::*;

const TEXT: &str = include_str!("../../fixtures/digest/act.txt");
const SIGNATURE: &str = include_str!("../../fixtures/digest/act.sig");
const ALLOWED: &str = include_str!("../../fixtures/digest/allowed_signers");

/// Of a hardware key that was touched, of the same when it was not, and the key.
const HARDWARE: &str = include_str!("../../fixtures/digest/sk.sig");
const UNTOUCHED: &str = include_str!("../../fixtures/digest/sk-untouched.sig");
const HARDWARE_ALLOWED: &str = include_str!("../../fixtures/digest/sk_allowed_signers");

fn key_of(allowed: &str) -> SshPublicKey {
    let words: Vec<&str> = allowed.split_whitespace().collect();
    let at = words.iter().position(|word| word.starts_with("ssh-") || word.starts_with("sk-")).unwrap();
    SshPublicKey::parse(&words[at..at + 2].join(" ")).unwrap()
}

fn key() -> SshPublicKey {
    key_of(ALLOWED)
}

fn record() -> RecordId {
    RecordId::parse("7c9e6679-7425-40de-944b-e07fc1f90ae7").unwrap()
}

#[test]
fn the_vector_verifies_and_no_neighbour_of_it_does() {
    let space = namespace(&record());
    let of = |text: &str, signature: &str, space: &str| verify(text, signature, space, &[key()]);
    assert_eq!(of(TEXT, SIGNATURE, &space), Ok(0));
    assert_eq!(of(&TEXT.replace("tls", "quic"), SIGNATURE, &space), Err(SignatureFault::Altered));
    assert_eq!(of(&TEXT.replace('\n', "\r\n"), SIGNATURE, &space), Err(SignatureFault::Altered));
    assert_eq!(of(TEXT.trim_end(), SIGNATURE, &space), Err(SignatureFault::Altered));
    let other = "liaison-act@00000000-0000-4000-8000-000000000000";
    assert!(matches!(of(TEXT, SIGNATURE, other), Err(SignatureFault::Namespace { .. })));
    assert!(matches!(of(TEXT, "-----BEGIN SSH SIGNATURE-----", &space), Err(SignatureFault::Unreadable(_))));
    assert_eq!(
        verify(TEXT, SIGNATURE, &space, &[]),
        Err(SignatureFault::OtherKey { fingerprint: key().fingerprint() })
    );
}

#[test]
fn a_hardware_key_proves_what_it_was_touched_for() {
    let (space, keys) = (namespace(&record()), [key_of(HARDWARE_ALLOWED)]);
    assert_eq!(verify(TEXT, HARDWARE, &space, &keys), Ok(0));
    assert_eq!(verify(&TEXT.replace("tls", "quic"), HARDWARE, &space, &keys), Err(SignatureFault::Altered));
    assert_eq!(verify(TEXT, UNTOUCHED, &space, &keys), Err(SignatureFault::NotTouched));
}
