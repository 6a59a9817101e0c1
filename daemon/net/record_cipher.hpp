// Seals or opens the records of one direction of a link, without associated data and with a counter
// for the nonce: by ChaCha20-Poly1305 (RFC 8439) or AES-256-GCM (NIST SP 800-38D), each with the
// nonces that Noise gives it (revision 34, 12.3 and 12.4). It takes over the key and the counter of
// the CipherState that the handshake ends with. Which library does it changes the speed and not
// one byte.
//
// A key of AES-256-GCM is good for some hundred gigabytes (RFC 8446, 5.5), so after every 2^20
// records both ends renew it by Noise's REKEY (11.3); the counter goes on.
//
// Thread: any, one at a time. Nothing is allocated for a record.
#pragma once

#include "daemon/net/aead.hpp"

namespace p2pd::net {

enum class Library : std::uint8_t { ipsec_mb, libcrypto, sodium }; // the fastest first
std::unique_ptr<Aead> aead(noise::Suite suite, Library library);   // null: not here

// Whether AES-256-GCM is to be asked for: the processor has instructions for it.
bool has_fast_aes();

// Uses each of the ciphers once: their libraries take a millisecond for that, which no link is to
// wait for.
void ready_ciphers();

class RecordCipher final {
 public:
  static constexpr std::uint64_t renewal = 1 << 20; // records, for AES-256-GCM

  // By the fastest library. Throws std::bad_alloc.
  RecordCipher(noise::CipherState from, noise::Suite suite);
  RecordCipher(noise::CipherState from, noise::Suite suite, std::unique_ptr<Aead> aead);

  // As CipherState's, and with the same bounds: `out` begins at the input or lies apart from it,
  // and nothing of the plaintext is in it where open() returns false.
  [[nodiscard]] bool seal(proto::MutableView out, proto::View plaintext);
  [[nodiscard]] bool open(proto::MutableView out, proto::View sealed);

 private:
  noise::Nonce nonce(std::uint64_t counter) const;
  void count();
  void renew_key();

  const noise::Suite suite_;
  const std::unique_ptr<Aead> aead_;
  std::uint64_t counter_;
};

} // namespace p2pd::net
