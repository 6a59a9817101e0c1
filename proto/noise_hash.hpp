// The hash functions of Noise's BLAKE2b suites (revision 34, 4.3 and 12.8). Thread: any; values
// only.
#pragma once

#include "proto/noise_keys.hpp"

#include <initializer_list>

namespace p2pd::proto::noise {

inline constexpr std::size_t hash_size = 64;   // HASHLEN
inline constexpr std::size_t hash_block = 128; // BLOCKLEN

using Hash = std::array<std::uint8_t, hash_size>;
using SecretHash = Secret<struct SecretHashTag, hash_size>;
using Parts = std::initializer_list<View>; // hashed as if laid end to end

// Unkeyed BLAKE2b-512.
Hash blake2b(Parts parts);

// RFC 2104 over BLAKE2b. Not BLAKE2b's own keyed mode: Noise builds HMAC alike on every hash.
SecretHash hmac(const SecretHash& key, Parts parts);

// Noise's HKDF: fills `outputs` (two or three, never in the memory of `chaining_key`).
void hkdf(const SecretHash& chaining_key, View input, std::span<SecretHash> outputs);

} // namespace p2pd::proto::noise
