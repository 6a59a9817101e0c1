#include "daemon/cipher/record_cipher.hpp"

#include <algorithm>
#include <cassert>
#include <sodium.h>
#include <tuple>

namespace p2pd::cipher {

namespace {

std::unique_ptr<Aead> fastest(noise::Suite suite) {
  for (const Library library : {Library::ipsec_mb, Library::libcrypto, Library::sodium})
    if (auto found = aead(suite, library)) return found;
  assert(false && "a suite that this node did not offer");
  return nullptr;
}

} // namespace

std::unique_ptr<Aead> aead(noise::Suite suite, Library library) {
  if (library == Library::ipsec_mb) return ipsec_mb_aead(suite);
  return library == Library::libcrypto ? libcrypto_aead(suite) : sodium_aead(suite);
}

bool has_fast_aes() {
  return crypto_aead_aes256gcm_is_available() != 0;
}

void ready_ciphers() {
  for (const noise::Suite suite : {noise::Suite::chacha20_poly1305, noise::Suite::aes256_gcm}) {
    if (suite == noise::Suite::aes256_gcm && !has_fast_aes()) continue;
    const std::unique_ptr<Aead> any = fastest(suite);
    any->set_key({});
    std::array<std::uint8_t, noise::tag_size> tag;
    std::ignore = any->seal({}, tag, {});
  }
}

RecordCipher::RecordCipher(noise::CipherState from, noise::Suite suite)
    : RecordCipher(std::move(from), suite, fastest(suite)) {}

RecordCipher::RecordCipher(noise::CipherState from, noise::Suite suite, std::unique_ptr<Aead> aead)
    : suite_(suite), aead_(std::move(aead)) {
  const noise::CipherState::Place place = from.hand_over();
  counter_ = place.counter;
  aead_->set_key(place.key);
}

bool RecordCipher::seal(proto::MutableView out, proto::View plaintext) {
  if (counter_ == noise::spent_counter || plaintext.size() > noise::max_plaintext) return false;
  assert(out.size() >= plaintext.size() + noise::tag_size);
  if (!aead_->seal(nonce(counter_), out, plaintext)) return false;
  count();
  return true;
}

bool RecordCipher::open(proto::MutableView out, proto::View sealed) {
  if (counter_ == noise::spent_counter || sealed.size() < noise::tag_size ||
      sealed.size() > noise::max_message)
    return false;
  const std::size_t size = sealed.size() - noise::tag_size;
  assert(out.size() >= size);
  if (!aead_->open(nonce(counter_), out, sealed)) {
    noise::wipe(out.first(size)); // it may be deciphered before its tag is known to be right
    return false;
  }
  count();
  return true;
}

// Four zero bytes and the counter: little-endian for ChaCha20-Poly1305, big-endian for AES-256-GCM.
noise::Nonce RecordCipher::nonce(std::uint64_t counter) const {
  noise::Nonce bytes = noise::nonce_of(counter);
  if (suite_ == noise::Suite::aes256_gcm) std::reverse(bytes.begin() + 4, bytes.end());
  return bytes;
}

void RecordCipher::count() {
  ++counter_;
  if (suite_ == noise::Suite::aes256_gcm && counter_ % renewal == 0) renew_key();
}

void RecordCipher::renew_key() {
  noise::CipherKey key{};
  std::array<std::uint8_t, noise::CipherKey::size + noise::tag_size> sealed;
  // With the one nonce that no record has.
  if (aead_->seal(nonce(noise::spent_counter), sealed, key.bytes))
    std::copy_n(sealed.begin(), key.bytes.size(), key.bytes.begin());
  else
    counter_ = noise::spent_counter;
  noise::wipe(sealed);
  aead_->set_key(key);
}

} // namespace p2pd::cipher
