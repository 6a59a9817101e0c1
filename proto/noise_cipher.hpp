// One direction of an encrypted link: Noise's CipherState with ChaCha20-Poly1305 (revision 34, 5.1
// and 12.3; RFC 8439). Its key is never renewed.
//
//   sealed message:  | ciphertext, as long as the plaintext | tag, 16 |     at most 65,535 bytes
//
// Thread: any, one at a time. Lifetime: moves but is never copied, since two copies would use one
// nonce twice; what was moved from or handed over refuses to work.
#pragma once

#include "proto/noise_keys.hpp"

#include <utility>

namespace p2pd::proto::noise {

inline constexpr std::size_t tag_size = 16;
inline constexpr std::size_t max_message = 65'535;
inline constexpr std::size_t max_plaintext = max_message - tag_size;

// Noise reserves the last counter: with it nothing is sealed or opened.
inline constexpr std::uint64_t spent_counter = UINT64_MAX;

using CipherKey = Secret<struct CipherKeyTag>;

// Four zero bytes, then the counter in little-endian.
using Nonce = std::array<std::uint8_t, 12>;
Nonce nonce_of(std::uint64_t counter);

class CipherState {
 public:
  // `counter` numbers the first message; both ends of a link start at 0.
  explicit CipherState(const CipherKey& key, std::uint64_t counter = 0)
      : key_(key), counter_(counter) {}
  CipherState(CipherState&& other) noexcept
      : key_(std::exchange(other.key_, {}))
      , counter_(std::exchange(other.counter_, spent_counter)) {}

  // Writes plaintext.size() + tag_size bytes to the start of `out`, which has room for them and
  // begins at the plaintext or lies apart from it. False, and nothing written, when the plaintext
  // is longer than max_plaintext or the counter is spent: the link is to be closed.
  [[nodiscard]] bool seal(MutableView out, View plaintext, View ad = {});

  // Writes sealed.size() - tag_size bytes likewise. False when `sealed` has no legal length, its
  // tag does not fit key, counter and ad, or the counter is spent; then `out` may be zeroed, no
  // byte of plaintext is in it and the counter stays.
  [[nodiscard]] bool open(MutableView out, View sealed, View ad = {});

  // For another implementation of the same cipher, which goes on where this one ends.
  struct Place {
    CipherKey key;
    std::uint64_t counter;
  };
  Place hand_over() { return {std::exchange(key_, {}), std::exchange(counter_, spent_counter)}; }

 private:
  CipherKey key_;
  std::uint64_t counter_;
};

} // namespace p2pd::proto::noise
