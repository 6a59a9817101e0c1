// Seals or opens the records of one direction of a link: ChaCha20-Poly1305 (RFC 8439) without
// associated data, the nonce a counter. It takes over from the CipherState that the handshake ends
// with, and may do the same work with libcrypto, whose code is two to three times as fast for whole
// records; the bytes are the same.
//
// Thread: any, one at a time. Nothing is allocated for a record. Where libcrypto is not built in,
// or its configuration forbids the cipher, there is libsodium.
#pragma once

#include "proto/noise_cipher.hpp"

#include <memory>

namespace p2pd::net {

class RecordCipher {
 public:
  virtual ~RecordCipher() = default;

  // As CipherState's, and with the same bounds: `out` begins at the input or lies apart from it,
  // and nothing of the plaintext is in it where open() returns false.
  [[nodiscard]] virtual bool seal(proto::MutableView out, proto::View plaintext) = 0;
  [[nodiscard]] virtual bool open(proto::MutableView out, proto::View sealed) = 0;
};

enum class Library : std::uint8_t { sodium, libcrypto };
bool supported(Library library); // by this build, on this machine
Library fastest();

// Throws std::bad_alloc, and nothing else.
std::unique_ptr<RecordCipher> record_cipher(proto::noise::CipherState from,
                                            Library library = fastest());

} // namespace p2pd::net
