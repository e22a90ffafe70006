//! Signatures of webhooks, as the Standard Webhooks specification has them: an HMAC with SHA-256
//! over id, instant and body, so that a receiver knows who sent it, and that it is not an old one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use prorata_app::receivers::SECRET_PREFIX;
use sha2::Sha256;

/// One signature of a message: `v1,` and the code. None where the secret is not of our form.
pub(crate) fn sign(secret: &str, id: &str, seconds: i64, body: &[u8]) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX)?).ok()?;
    let mut code = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    code.update(format!("{id}.{seconds}.").as_bytes());
    code.update(body);
    Some(format!("v1,{}", STANDARD.encode(code.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use prorata_app::receivers::new_secret;

    /// The message of the specification's own example.
    #[test]
    fn a_message_is_signed_as_the_specification_shows() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let body = br#"{"test": 2432232314}"#;
        let signed = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn another_secret_id_time_or_body_signs_otherwise() {
        let (secret, other) = (new_secret(), new_secret());
        let one = sign(&secret, "a", 1, b"b");
        assert!(one.is_some());
        let others = [
            sign(&other, "a", 1, b"b"),
            sign(&secret, "c", 1, b"b"),
            sign(&secret, "a", 2, b"b"),
            sign(&secret, "a", 1, b"c"),
        ];
        assert!(others.iter().all(|other| other.is_some() && *other != one));
        assert_eq!(sign("secret", "a", 1, b"b"), None);
    }
}
