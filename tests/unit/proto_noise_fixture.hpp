// What the Noise tests share: a door to Handshake's private constructor and a pair of known nodes.
#pragma once

#include "proto/noise.hpp"

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

inline KeyPair known_pair(std::uint8_t value) { return key_pair_from(filled<PrivateKey>(value)); }

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

} // namespace p2pd::proto::noise
