// The ciphers that can seal the records of a link, and how its two ends choose one. Thread: any;
// pure.
//
//   payload of message 1:  | suites, 1 |  bit n: suite n is wanted, besides ChaCha20-Poly1305
//   payload of message 2:  | suite, 1 |   the one that both take
//
// Empty, either says ChaCha20-Poly1305; bytes beyond the first are for later. The handshake itself
// always has ChaCha20-Poly1305, and authenticates both payloads with all else: who changes them on
// the way ends it.
#pragma once

#include "proto/bytes.hpp"

#include <optional>

namespace p2pd::proto::noise {

enum class Suite : std::uint8_t { chacha20_poly1305 = 0, aes256_gcm = 1 };

// With AES in the processor, AES-256-GCM is two to four times as fast as ChaCha20-Poly1305; without
// it is much slower, so it takes both ends to want it.
inline Bytes offer(bool aes) {
  return aes ? Bytes{1U << static_cast<unsigned>(Suite::aes256_gcm)} : Bytes();
}

inline Suite choose(View offered, bool aes) {
  const bool both = aes && !offered.empty() && (offered[0] & offer(true)[0]) != 0;
  return both ? Suite::aes256_gcm : Suite::chacha20_poly1305;
}

inline Bytes chosen(Suite suite) {
  return suite == Suite::chacha20_poly1305 ? Bytes() : Bytes{static_cast<std::uint8_t>(suite)};
}

// What the responder chose; nothing where that was not offered.
inline std::optional<Suite> taken(View choice, bool aes) {
  if (choice.empty() || choice[0] == 0) return Suite::chacha20_poly1305;
  if (aes && choice[0] == static_cast<std::uint8_t>(Suite::aes256_gcm)) return Suite::aes256_gcm;
  return std::nullopt;
}

} // namespace p2pd::proto::noise
