#include "proto/noise_cipher.hpp"

#include <cassert>
#include <sodium.h>

namespace p2pd::proto::noise {

static_assert(CipherKey::size == crypto_aead_chacha20poly1305_ietf_KEYBYTES);
static_assert(tag_size == crypto_aead_chacha20poly1305_ietf_ABYTES);
static_assert(sizeof(Nonce) == crypto_aead_chacha20poly1305_ietf_NPUBBYTES);

Nonce nonce_of(std::uint64_t counter) {
  Nonce bytes{};
  for (std::size_t i = 4; i < bytes.size(); ++i, counter >>= 8)
    bytes[i] = static_cast<std::uint8_t>(counter);
  return bytes;
}

bool CipherState::seal(MutableView out, View plaintext, View ad) {
  if (counter_ == spent_counter || plaintext.size() > max_plaintext) return false;
  assert(out.size() >= plaintext.size() + tag_size);
  crypto_aead_chacha20poly1305_ietf_encrypt(out.data(), nullptr, plaintext.data(), plaintext.size(),
                                            ad.data(), ad.size(), nullptr,
                                            nonce_of(counter_).data(), key_.bytes.data());
  ++counter_;
  return true;
}

bool CipherState::open(MutableView out, View sealed, View ad) {
  if (counter_ == spent_counter || sealed.size() < tag_size || sealed.size() > max_message)
    return false;
  assert(out.size() >= sealed.size() - tag_size);
  if (crypto_aead_chacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, sealed.data(),
                                                sealed.size(), ad.data(), ad.size(),
                                                nonce_of(counter_).data(), key_.bytes.data()) != 0)
    return false;
  ++counter_;
  return true;
}

} // namespace p2pd::proto::noise
