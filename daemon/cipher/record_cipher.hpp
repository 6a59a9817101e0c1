// Seals or opens the records of one direction of a link, without associated data and with a counter
// as nonce: with ChaCha20-Poly1305 (RFC 8439) or AES-256-GCM (NIST SP 800-38D), and the nonce
// formats of Noise (revision 34, 12.3 and 12.4). It continues with the key and counter of the
// handshake's CipherState. All libraries produce the same bytes.
//
// An AES-256-GCM key is safe for some hundred gigabytes (RFC 8446, 5.5), so after every 2^20
// records both ends renew it with Noise's REKEY (11.3); the counter goes on.
//
// Thread: any, one at a time. No allocation per record.
#pragma once

#include "daemon/cipher/aead.hpp"

namespace p2pd::cipher {

enum class Library : std::uint8_t { ipsec_mb, libcrypto, sodium }; // fastest first
std::unique_ptr<Aead> aead(noise::Suite suite, Library library);   // null: not available

// Whether to offer AES-256-GCM: the processor has instructions for it.
bool has_fast_aes();

// Uses each cipher once: the first use initialises its library, which takes a millisecond that no
// link should wait for.
void ready_ciphers();

class RecordCipher final {
 public:
  static constexpr std::uint64_t renewal = 1 << 20; // records, for AES-256-GCM

  // With the fastest available library. Throws std::bad_alloc.
  RecordCipher(noise::CipherState from, noise::Suite suite);
  RecordCipher(noise::CipherState from, noise::Suite suite, std::unique_ptr<Aead> aead);

  // As in CipherState, with the same limits: `out` starts at the input or does not overlap it. If
  // open() returns false, `out` contains no plaintext.
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

} // namespace p2pd::cipher
