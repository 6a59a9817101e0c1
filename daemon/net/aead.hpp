// An AEAD cipher with its key, in the code of one library. Only RecordCipher uses it, which counts
// and keeps the bounds. Nothing is allocated for a record.
//
// Thread: any, one at a time. What a library keeps of the key is wiped with the object.
#pragma once

#include "proto/noise_cipher.hpp"
#include "proto/noise_suite.hpp"

#include <memory>

namespace p2pd::net {

namespace noise = proto::noise;

class Aead {
 public:
  Aead() = default;
  Aead(const Aead&) = delete;
  Aead& operator=(const Aead&) = delete;
  virtual ~Aead() = default;

  virtual void set_key(const noise::CipherKey& key) = 0; // first; throws std::bad_alloc
  // As CipherState's. Where open() returns false, `out` holds what must not be used.
  [[nodiscard]] virtual bool seal(const noise::Nonce& nonce, proto::MutableView out,
                                  proto::View plaintext) = 0;
  [[nodiscard]] virtual bool open(const noise::Nonce& nonce, proto::MutableView out,
                                  proto::View sealed) = 0;
};

// Null where the library is not in this build, or does not have the suite on this machine. Meson
// picks the file of each, or the one with "no_" before it. They throw std::bad_alloc.
std::unique_ptr<Aead> sodium_aead(noise::Suite suite);
std::unique_ptr<Aead> libcrypto_aead(noise::Suite suite);
std::unique_ptr<Aead> ipsec_mb_aead(noise::Suite suite);

} // namespace p2pd::net
