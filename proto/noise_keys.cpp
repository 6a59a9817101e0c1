#include "proto/noise_keys.hpp"

#include <algorithm>
#include <sodium.h>

namespace p2pd::proto::noise {

static_assert(PrivateKey::size == crypto_scalarmult_SCALARBYTES);
static_assert(PublicKey::size == crypto_scalarmult_BYTES);
static_assert(SharedSecret::size == crypto_scalarmult_BYTES);

void wipe(MutableView bytes) {
  sodium_memzero(bytes.data(), bytes.size());
}

KeyPair generate_key_pair() {
  PrivateKey private_key;
  randombytes_buf(private_key.bytes.data(), PrivateKey::size);
  return key_pair_from(private_key);
}

KeyPair key_pair_from(const PrivateKey& private_key) {
  KeyPair pair{private_key, {}};
  crypto_scalarmult_base(pair.public_key.bytes.data(), private_key.bytes.data());
  return pair;
}

bool is_canonical(const PublicKey& key) {
  const auto& bytes = key.bytes; // little-endian; the prime is 7fff..ffed
  if (bytes.back() != 0x7f) return bytes.back() < 0x7f;
  return bytes.front() < 0xed || std::any_of(bytes.begin() + 1, bytes.end() - 1,
                                             [](std::uint8_t byte) { return byte != 0xff; });
}

std::optional<SharedSecret> diffie_hellman(const PrivateKey& mine, const PublicKey& theirs) {
  std::optional<SharedSecret> shared(std::in_place);
  // libsodium looks for the all-zero result itself.
  if (crypto_scalarmult(shared->bytes.data(), mine.bytes.data(), theirs.bytes.data()) != 0)
    shared.reset();
  return shared;
}

} // namespace p2pd::proto::noise
