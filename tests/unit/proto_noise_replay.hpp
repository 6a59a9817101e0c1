// The published vectors of four Noise projects, replayed up to the end of their handshakes;
// tests/vectors/README.md tells their formats apart.
#pragma once

#include "proto_noise_fixture.hpp"

#include <functional>

namespace p2pd::proto::noise {

struct KnownMessage {
  Bytes payload;
  Bytes ciphertext;
};

// The transport of one vector: its messages go to and fro in turns.
struct KnownTransport {
  std::string source;
  CipherPair initiator;
  CipherPair responder;
  Role first; // who sends the first message
  std::vector<KnownMessage> messages;
};

// Holds both ends of every handshake against the vectors, and hands on what comes then.
void each_vector(const std::function<void(KnownTransport&&)>& use);

struct KnownSeal {
  CipherKey key;
  std::uint64_t counter = 0;
  std::string plaintext, ad, ciphertext; // the last in hex
};
KnownSeal known_seal();

} // namespace p2pd::proto::noise
