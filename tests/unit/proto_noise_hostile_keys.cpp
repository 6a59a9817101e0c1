// What a handshake does with members that show keys no honest node makes.
#include "proto_noise_fixture.hpp"

#include <algorithm>

namespace p2pd::proto::noise {
namespace {

// The second spelling that X25519 would take for the same key.
PublicKey with_top_bit(PublicKey key) {
  key.bytes[31] |= 0x80;
  return key;
}

TEST(NoiseHandshake, RefusesNonCanonicalKeys) {
  Ends ends;
  ends.initiator_ephemeral.public_key = with_top_bit(ends.initiator_ephemeral.public_key);
  EXPECT_EQ(accepted(ends, 3, [](Bytes&) {}), 0U);
  ends = {};
  ends.responder_ephemeral.public_key = with_top_bit(ends.responder_ephemeral.public_key);
  EXPECT_EQ(accepted(ends, 3, [](Bytes&) {}), 1U);
  ends = {};
  ends.responder_static.public_key = with_top_bit(ends.responder_static.public_key);
  EXPECT_EQ(accepted(ends, 3, [](Bytes&) {}), 1U);
  ends = {};
  ends.initiator_static.public_key = with_top_bit(ends.initiator_static.public_key);
  EXPECT_EQ(accepted(ends, 3, [](Bytes&) {}), 2U);
}

TEST(NoiseHandshake, RefusesTheBasePointAboveThePrime) {
  Ends ends;
  PublicKey& key = ends.initiator_ephemeral.public_key;
  key.bytes.fill(0xff);
  key.bytes.front() = 0xf6; // 2^255 - 19 + 9
  key.bytes.back() = 0x7f;
  EXPECT_EQ(accepted(ends, 3, [](Bytes&) {}), 0U);
}

// Message 2 of a responder that says which keys it has and what they share with the initiator's.
Bytes answer(const Ends& ends, View first, const PublicKey& e, View ee, const PublicKey& s,
             View es) {
  SymmetricState state(xxpsk0.protocol_name, ends.prologue);
  state.mix_key_and_hash(ends.psk.bytes);
  state.mix_hash(first.first(32));
  state.mix_key(first.first(32));
  Bytes out(96);
  EXPECT_TRUE(state.decrypt_and_hash(out, first.subspan(32)));
  std::copy(e.bytes.begin(), e.bytes.end(), out.begin());
  state.mix_hash(e.bytes);
  state.mix_key(e.bytes);
  state.mix_key(ee);
  EXPECT_TRUE(state.encrypt_and_hash(MutableView(out).subspan(32, 48), s.bytes));
  state.mix_key(es);
  EXPECT_TRUE(state.encrypt_and_hash(MutableView(out).subspan(80), {}));
  return out;
}

TEST(NoiseHandshake, AbortsWhenNothingIsShared) {
  Ends ends;
  const KeyPair &e = ends.responder_ephemeral, &s = ends.responder_static;
  const PublicKey& theirs = ends.initiator_ephemeral.public_key;
  const auto ee = diffie_hellman(e.private_key, theirs), es = diffie_hellman(s.private_key, theirs);
  ASSERT_TRUE(ee && es);
  const SharedSecret zero;
  for (std::uint8_t point : {0, 1}) {
    PublicKey small;
    small.bytes[0] = point;
    Handshake honest = ends.initiator(), weak_e = ends.initiator(), weak_s = ends.initiator();
    const Bytes first = written(honest);
    ASSERT_EQ(written(weak_e), first);
    ASSERT_EQ(written(weak_s), first);
    EXPECT_TRUE(
        read(honest, answer(ends, first, e.public_key, ee->bytes, s.public_key, es->bytes)));
    EXPECT_FALSE(read(weak_e, answer(ends, first, small, zero.bytes, s.public_key, es->bytes)));
    EXPECT_FALSE(read(weak_s, answer(ends, first, e.public_key, ee->bytes, small, zero.bytes)));

    Ends hostile;
    hostile.initiator_ephemeral.public_key = small;
    Handshake initiator = hostile.initiator(), responder = hostile.responder();
    ASSERT_TRUE(read(responder, written(initiator)));
    EXPECT_TRUE(written(responder).empty()); // an answer is where the responder first shares
    EXPECT_TRUE(responder.failed());
  }
}

// Message 3 of an initiator that says which static key it has and what that shares with `e`.
Bytes farewell(const Ends& ends, View first, View second, const PublicKey& s, View se) {
  SymmetricState state(xxpsk0.protocol_name, ends.prologue);
  Bytes room(64);
  state.mix_key_and_hash(ends.psk.bytes);
  state.mix_hash(first.first(32));
  state.mix_key(first.first(32));
  EXPECT_TRUE(state.decrypt_and_hash(room, first.subspan(32)));
  const auto shared = [&](const KeyPair& theirs) {
    return diffie_hellman(ends.initiator_ephemeral.private_key, theirs.public_key)->bytes;
  };
  state.mix_hash(second.first(32));
  state.mix_key(second.first(32));
  state.mix_key(shared(ends.responder_ephemeral));
  EXPECT_TRUE(state.decrypt_and_hash(room, second.subspan(32, 48)));
  state.mix_key(shared(ends.responder_static));
  EXPECT_TRUE(state.decrypt_and_hash(room, second.subspan(80)));
  Bytes out(64);
  EXPECT_TRUE(state.encrypt_and_hash(MutableView(out).first(48), s.bytes));
  state.mix_key(se);
  EXPECT_TRUE(state.encrypt_and_hash(MutableView(out).subspan(48), {}));
  return out;
}

TEST(NoiseHandshake, AbortsWhenNothingIsSharedWithTheLastKey) {
  const Ends ends;
  Handshake initiator = ends.initiator();
  const Bytes first = written(initiator);
  const auto accepts = [&](const PublicKey& s, View se) {
    Handshake responder = ends.responder();
    EXPECT_TRUE(read(responder, first));
    const Bytes second = written(responder);
    const bool accepted = read(responder, farewell(ends, first, second, s, se)).has_value();
    EXPECT_EQ(responder.failed(), !accepted);
    EXPECT_EQ(responder.remote_static().has_value(), accepted);
    return accepted;
  };
  const KeyPair& honest = ends.initiator_static;
  const auto se = diffie_hellman(honest.private_key, ends.responder_ephemeral.public_key);
  EXPECT_TRUE(accepts(honest.public_key, se->bytes));
  for (std::uint8_t point : {0, 1}) {
    PublicKey small;
    small.bytes[0] = point;
    EXPECT_FALSE(accepts(small, SharedSecret().bytes));
  }
}

} // namespace
} // namespace p2pd::proto::noise
