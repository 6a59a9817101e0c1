#include "proto/noise_symmetric.hpp"

#include <algorithm>
#include <cassert>

namespace p2pd::proto::noise {

namespace {

// Hashes have 64 bytes, cipher keys are the first 32 of one.
CipherKey cipher_key(const SecretHash& hash) {
  CipherKey key;
  std::copy_n(hash.bytes.begin(), CipherKey::size, key.bytes.begin());
  return key;
}

} // namespace

SymmetricState::SymmetricState(std::string_view protocol_name, View prologue) {
  assert(protocol_name.size() <= hash_size);
  std::copy(protocol_name.begin(), protocol_name.end(), hash_.begin());
  chaining_key_.bytes = hash_;
  mix_hash(prologue);
}

void SymmetricState::mix_hash(View data) {
  hash_ = blake2b({hash_, data});
}

void SymmetricState::mix_key(View input) {
  std::array<SecretHash, 2> keys;
  hkdf(chaining_key_, input, keys);
  chaining_key_ = keys[0];
  cipher_.emplace(cipher_key(keys[1]));
}

void SymmetricState::mix_key_and_hash(View input) {
  std::array<SecretHash, 3> keys;
  hkdf(chaining_key_, input, keys);
  chaining_key_ = keys[0];
  mix_hash(keys[1].bytes);
  cipher_.emplace(cipher_key(keys[2]));
}

bool SymmetricState::encrypt_and_hash(MutableView out, View plaintext) {
  if (!cipher_)
    std::copy(plaintext.begin(), plaintext.end(), out.begin());
  else if (!cipher_->seal(out, plaintext, hash_))
    return false;
  mix_hash(out.first(plaintext.size() + overhead()));
  return true;
}

bool SymmetricState::decrypt_and_hash(MutableView out, View sealed) {
  const Hash next = blake2b({hash_, sealed}); // first, because `out` may be the memory of `sealed`
  if (!cipher_)
    std::copy(sealed.begin(), sealed.end(), out.begin());
  else if (!cipher_->open(out, sealed, hash_))
    return false;
  hash_ = next;
  return true;
}

std::pair<CipherState, CipherState> SymmetricState::split() const {
  std::array<SecretHash, 2> keys;
  hkdf(chaining_key_, {}, keys);
  return {CipherState(cipher_key(keys[0])), CipherState(cipher_key(keys[1]))};
}

} // namespace p2pd::proto::noise
