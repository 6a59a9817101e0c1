// An AEAD cipher with its key, implemented by one library. Used only by RecordCipher, which counts
// nonces and checks bounds. No allocation per record.
//
// Thread: any, one at a time. The destructor wipes the library's key material.
#pragma once

#include "proto/noise_cipher.hpp"
#include "proto/noise_suite.hpp"

#include <memory>

namespace p2pd::cipher {

namespace noise = proto::noise;

class Aead {
 public:
  Aead() = default;
  Aead(const Aead&) = delete;
  Aead& operator=(const Aead&) = delete;
  virtual ~Aead() = default;

  virtual void set_key(const noise::CipherKey& key) = 0; // call first; throws std::bad_alloc
  // As in CipherState. If open() returns false, the contents of `out` must not be used.
  [[nodiscard]] virtual bool seal(const noise::Nonce& nonce, proto::MutableView out,
                                  proto::View plaintext) = 0;
  [[nodiscard]] virtual bool open(const noise::Nonce& nonce, proto::MutableView out,
                                  proto::View sealed) = 0;
};

// Null if the library is not in this build, or does not support the suite on this machine. Meson
// compiles the file of each library, or the one with "no_" before it. They throw std::bad_alloc.
std::unique_ptr<Aead> sodium_aead(noise::Suite suite);
std::unique_ptr<Aead> libcrypto_aead(noise::Suite suite);
std::unique_ptr<Aead> ipsec_mb_aead(noise::Suite suite);

} // namespace p2pd::cipher
