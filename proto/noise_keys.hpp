// The keys of the Noise transport: secrets that wipe themselves, and X25519 (Noise revision
// 34, 12.1). A node's public key is its PeerId. sodium_init() must have run. Thread: any; values
// only.
#pragma once

#include "proto/ids.hpp"

namespace p2pd::proto::noise {

// Zeroes the bytes in a way that no optimiser removes.
void wipe(MutableView bytes);

// N secret bytes that are wiped when they die; Tag keeps the kinds apart. There is no operator==: a
// plain comparison tells by its time how many bytes agreed.
template <class Tag, std::size_t N = 32>
struct Secret {
  static constexpr std::size_t size = N;
  std::array<std::uint8_t, N> bytes{};

  ~Secret() { wipe(bytes); }
};

using PrivateKey = Secret<struct PrivateKeyTag>;
using SharedSecret = Secret<struct SharedSecretTag>; // what a Diffie-Hellman of two nodes yields
using Psk = Secret<struct PskTag>;                   // the network secret
using PublicKey = PeerId;

struct KeyPair {
  PrivateKey private_key;
  PublicKey public_key;
};

KeyPair generate_key_pair();
KeyPair key_pair_from(const PrivateKey& private_key);

// Whether the key is the one encoding of its value: below 2^255 - 19, top bit clear. X25519 itself
// accepts the others too, so one node could show itself under several ids.
bool is_canonical(const PublicKey& key);

// Nothing when the result is all zero, that is when the public key is a point of small order.
[[nodiscard]] std::optional<SharedSecret> diffie_hellman(const PrivateKey& mine,
                                                         const PublicKey& theirs);

} // namespace p2pd::proto::noise
