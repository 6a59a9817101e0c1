#include "proto/noise_hash.hpp"

#include <sodium.h>

namespace p2pd::proto::noise {

static_assert(hash_size == crypto_generichash_blake2b_BYTES_MAX);

namespace {

SecretHash digest(View first, Parts rest) {
  SecretHash out;
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, nullptr, 0, hash_size);
  crypto_generichash_blake2b_update(&state, first.data(), first.size());
  for (const View part : rest) crypto_generichash_blake2b_update(&state, part.data(), part.size());
  crypto_generichash_blake2b_final(&state, out.bytes.data(), hash_size);
  sodium_memzero(&state, sizeof state);
  return out;
}

// The key filled up to one block with zeroes, each byte XORed with `pad`.
Secret<struct BlockTag, hash_block> padded(const SecretHash& key, std::uint8_t pad) {
  Secret<BlockTag, hash_block> block;
  block.bytes.fill(pad);
  for (std::size_t i = 0; i < hash_size; ++i) block.bytes[i] ^= key.bytes[i];
  return block;
}

} // namespace

Hash blake2b(Parts parts) {
  return digest({}, parts).bytes;
}

SecretHash hmac(const SecretHash& key, Parts parts) {
  const SecretHash inner = digest(padded(key, 0x36).bytes, parts);
  return digest(padded(key, 0x5c).bytes, {inner.bytes});
}

void hkdf(const SecretHash& chaining_key, View input, std::span<SecretHash> outputs) {
  const SecretHash key = hmac(chaining_key, {input});
  View previous;
  std::uint8_t number = 0;
  for (SecretHash& output : outputs) {
    ++number;
    output = hmac(key, {previous, {&number, 1}});
    previous = output.bytes;
  }
}

} // namespace p2pd::proto::noise
