// What the Noise tests share: access to Handshake's private constructor and a pair of known nodes.
#pragma once

#include "proto/noise.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace p2pd::proto::noise {

struct HandshakeForTests {
  static Handshake make(const Pattern& pattern, Role role, const KeyPair& identity,
                        const KeyPair& ephemeral, const Psk& psk, View prologue) {
    return Handshake(pattern, role, identity, ephemeral, psk, prologue);
  }
};

inline const int sodium_ready = sodium_init();

template <class Bytes32>
Bytes32 filled(std::uint8_t value) {
  Bytes32 out;
  out.bytes.fill(value);
  return out;
}

inline KeyPair known_pair(std::uint8_t value) {
  return key_pair_from(filled<PrivateKey>(value));
}

// Two ends of one connection, every key known, and what a test may want to be wrong about them.
struct Ends {
  KeyPair initiator_static = known_pair(0x11);
  KeyPair initiator_ephemeral = known_pair(0x22);
  KeyPair responder_static = known_pair(0x33);
  KeyPair responder_ephemeral = known_pair(0x44);
  Psk psk = filled<Psk>(0x55);
  View prologue = view("p2pd/1");

  Handshake initiator() const {
    return HandshakeForTests::make(xxpsk0, Role::initiator, initiator_static, initiator_ephemeral,
                                   psk, prologue);
  }
  Handshake responder() const {
    return HandshakeForTests::make(xxpsk0, Role::responder, responder_static, responder_ephemeral,
                                   psk, prologue);
  }
};

// The message, or no bytes at all when the handshake refuses to write it.
inline Bytes written(Handshake& from, std::string_view payload = "") {
  std::array<std::uint8_t, max_handshake_message> out;
  const auto size = from.write_message(view(payload), out);
  return size ? Bytes(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*size)) : Bytes();
}

// The payload, or nothing when the handshake refuses the message.
inline std::optional<std::string> read(Handshake& to, View message) {
  std::array<std::uint8_t, max_handshake_message> out;
  const auto size = to.read_message(message, out);
  if (!size) return std::nullopt;
  return std::string(text(View(out).first(*size)));
}

// Runs a handshake whose message `target` goes through `touch`. How many messages were accepted.
template <class Touch>
std::size_t accepted(const Ends& ends, std::size_t target, const Touch& touch) {
  Handshake initiator = ends.initiator(), responder = ends.responder();
  for (std::size_t i = 0; i < 3; ++i) {
    Handshake& writer = i % 2 == 0 ? initiator : responder;
    Handshake& reader = i % 2 == 0 ? responder : initiator;
    Bytes message = written(writer, "payload");
    EXPECT_FALSE(message.empty());
    if (i == target) touch(message);
    if (!read(reader, message)) {
      EXPECT_TRUE(reader.failed() && !reader.done());
      EXPECT_FALSE(reader.remote_static() || reader.remote_ephemeral());
      return i;
    }
  }
  EXPECT_TRUE(initiator.done() && responder.done());
  return 3;
}

} // namespace p2pd::proto::noise
