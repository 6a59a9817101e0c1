// What both ends of a handshake agree on so far: Noise's SymmetricState (revision 34, 5.2).
// Thread: any, one at a time. Lifetime: neither copied nor moved; wiped when it dies.
#pragma once

#include "proto/noise_cipher.hpp"
#include "proto/noise_hash.hpp"

namespace p2pd::proto::noise {

class SymmetricState final {
 public:
  // The name has at most hash_size bytes; it is padded with zeroes, not hashed.
  SymmetricState(std::string_view protocol_name, View prologue);
  SymmetricState(const SymmetricState&) = delete;
  SymmetricState& operator=(const SymmetricState&) = delete;

  void mix_hash(View data);
  void mix_key(View input);
  void mix_key_and_hash(View input);

  // As CipherState seals and opens, with the hash so far as associated data; before the first key
  // is mixed the bytes pass as they are. overhead() is what sealing adds now: a tag, or nothing.
  [[nodiscard]] bool encrypt_and_hash(MutableView out, View plaintext);
  [[nodiscard]] bool decrypt_and_hash(MutableView out, View sealed);
  std::size_t overhead() const { return cipher_ ? tag_size : 0; }

  // The ciphers of the transport, the initiator's direction first. A second call would yield the
  // same keys at the same counters: the caller sees to it that there is none.
  std::pair<CipherState, CipherState> split() const;

  const Hash& handshake_hash() const { return hash_; }

 private:
  SecretHash chaining_key_;
  Hash hash_{};
  std::optional<CipherState> cipher_;
};

} // namespace p2pd::proto::noise
