// What a handshake does with a peer that is honest, wrong or cut off.
#include "proto/noise_suite.hpp"
#include "proto_noise_fixture.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace p2pd::proto::noise {
namespace {

static_assert(!std::is_copy_constructible_v<Handshake> && !std::is_move_constructible_v<Handshake>);

constexpr std::array<std::size_t, 3> sizes{48, 96, 64}; // of the messages, without payloads

TEST(NoiseHandshake, MakesALink) {
  const KeyPair one = generate_key_pair(), two = generate_key_pair();
  const Psk psk = filled<Psk>(7);
  Handshake initiator(Role::initiator, one, psk, view("p2pd/1"));
  Handshake responder(Role::responder, two, psk, view("p2pd/1"));
  EXPECT_FALSE(responder.remote_ephemeral());
  const Bytes first = written(initiator);
  EXPECT_EQ(read(responder, first), "");
  ASSERT_TRUE(responder.remote_ephemeral());
  EXPECT_TRUE(
      std::equal(first.begin(), first.begin() + 32, responder.remote_ephemeral()->bytes.begin()));
  EXPECT_FALSE(initiator.remote_static());
  EXPECT_EQ(read(initiator, written(responder)), "");
  EXPECT_EQ(initiator.remote_static(), two.public_key); // before message 3 is written
  EXPECT_FALSE(responder.remote_static() || initiator.done());
  EXPECT_EQ(read(responder, written(initiator)), "");
  EXPECT_EQ(responder.remote_static(), one.public_key);
  ASSERT_TRUE(initiator.done() && responder.done());
  EXPECT_EQ(initiator.handshake_hash(), responder.handshake_hash());

  CipherPair ours = initiator.split(), theirs = responder.split();
  Bytes record(4 + tag_size), out(record.size());
  ASSERT_TRUE(ours.send.seal(record, view("ping")));
  EXPECT_FALSE(ours.receive.open(out, record)); // each direction has a key of its own
  ASSERT_TRUE(theirs.receive.open(out, record));
  EXPECT_EQ(text(out).substr(0, 4), "ping");
}

TEST(NoiseHandshake, MakesAFreshEphemeralForEachSession) {
  const KeyPair identity = known_pair(1);
  Handshake one(Role::initiator, identity, Psk(), {}), two(Role::initiator, identity, Psk(), {});
  const Bytes first = written(one), second = written(two);
  EXPECT_EQ(first.size(), sizes[0]);
  EXPECT_FALSE(std::equal(first.begin(), first.begin() + 32, second.begin()));
}

TEST(NoiseHandshake, RefusesEveryFlippedBit) {
  const Ends ends;
  for (std::size_t target = 0; target < 3; ++target)
    for (std::size_t bit = 0; bit < (sizes[target] + 7) * 8; ++bit)
      ASSERT_EQ(
          accepted(ends, target,
                   [&](Bytes& m) { m.at(bit / 8) ^= static_cast<std::uint8_t>(1 << bit % 8); }),
          target)
          << "bit " << bit;
  EXPECT_EQ(accepted(ends, 0, [](Bytes&) {}), 3U);
}

TEST(NoiseHandshake, RefusesEveryOtherLength) {
  const Ends ends;
  for (std::size_t target = 0; target < 3; ++target) {
    for (std::size_t size = 0; size < sizes[target] + 7; ++size)
      EXPECT_EQ(accepted(ends, target, [&](Bytes& m) { m = Bytes(m.data(), m.data() + size); }),
                target)
          << size;
    EXPECT_EQ(accepted(ends, target, [](Bytes& m) { m.push_back(0); }), target);
    EXPECT_EQ(accepted(ends, target, [](Bytes& m) { m.resize(max_handshake_message + 1); }),
              target);
    EXPECT_EQ(accepted(ends, target, [](Bytes& m) { m.resize(70'000); }), target);
  }
}

TEST(NoiseHandshake, BoundsPayloads) {
  const Ends ends;
  Handshake initiator = ends.initiator(), responder = ends.responder();
  ASSERT_EQ(read(responder, written(initiator)), "");
  const std::string longest(max_handshake_payload, 'x');
  const Bytes second = written(responder, longest);
  EXPECT_EQ(second.size(), max_handshake_message);
  EXPECT_EQ(read(initiator, second), longest);

  Handshake excessive = ends.initiator();
  EXPECT_TRUE(written(excessive, longest + "x").empty());
  EXPECT_TRUE(excessive.failed());

  Handshake sender = ends.initiator(), narrow = ends.responder();
  std::array<std::uint8_t, 6> room;
  EXPECT_FALSE(narrow.read_message(written(sender, "payload"), room));
}

// Message 1 with a payload of any length, which no Handshake writes.
Bytes first_message(const Ends& ends, std::size_t payload) {
  SymmetricState state(xxpsk0.protocol_name, ends.prologue);
  const PublicKey& e = ends.initiator_ephemeral.public_key;
  state.mix_key_and_hash(ends.psk.bytes);
  state.mix_hash(e.bytes);
  state.mix_key(e.bytes);
  Bytes out(sizes[0] + payload);
  std::copy(e.bytes.begin(), e.bytes.end(), out.begin());
  EXPECT_TRUE(state.encrypt_and_hash(MutableView(out).subspan(PublicKey::size), Bytes(payload)));
  return out;
}

TEST(NoiseHandshake, RefusesAnHonestMessageOver1KiB) {
  const Ends ends;
  const std::size_t longest = max_handshake_message - sizes[0];
  Handshake full = ends.responder(), over = ends.responder();
  Bytes room(max_handshake_message);
  EXPECT_EQ(full.read_message(first_message(ends, longest), room), longest);
  EXPECT_FALSE(over.read_message(first_message(ends, longest + 1), room));
}

TEST(NoiseHandshake, StaysFailed) {
  const Ends ends;
  Handshake initiator = ends.initiator(), responder = ends.responder();
  const Bytes first = written(initiator);
  EXPECT_FALSE(read(responder, View(first).first(47)));
  EXPECT_FALSE(read(responder, first));
  EXPECT_TRUE(written(responder).empty());
  EXPECT_TRUE(responder.failed());

  Handshake flooded = ends.responder(), wordy = ends.initiator(); // nothing of the state is spent
  EXPECT_FALSE(read(flooded, Bytes(70'000)));
  EXPECT_FALSE(read(flooded, first));
  EXPECT_TRUE(written(wordy, std::string(70'000, 'x')).empty());
  EXPECT_TRUE(written(wordy).empty());
}

TEST(NoiseHandshake, RefusesMessagesOutOfTurn) {
  const Ends ends;
  Handshake initiator = ends.initiator(), responder = ends.responder();
  const Bytes first = written(initiator);
  Handshake reflected = ends.initiator();
  ASSERT_FALSE(written(reflected).empty());
  EXPECT_FALSE(read(reflected, first)); // a message of its own comes back
  ASSERT_TRUE(read(responder, first));
  const Bytes second = written(responder);
  ASSERT_TRUE(read(initiator, second));
  const Bytes third = written(initiator);

  Handshake early = ends.responder(), twice = ends.responder(), mute = ends.responder();
  Handshake dialler = ends.initiator();
  EXPECT_FALSE(read(dialler, first)); // two initiators
  EXPECT_FALSE(read(early, third));
  ASSERT_TRUE(read(twice, first));
  EXPECT_FALSE(read(twice, first));
  EXPECT_TRUE(written(mute).empty());
  ASSERT_TRUE(read(responder, third));
  EXPECT_FALSE(read(responder, third)); // nothing follows the last message
  EXPECT_TRUE(responder.failed() && !responder.done());
}

TEST(NoiseHandshake, RefusesMessagesOfAnotherSession) {
  const Ends recorded;
  Handshake initiator = recorded.initiator(), responder = recorded.responder();
  const Bytes first = written(initiator);
  ASSERT_TRUE(read(responder, first));
  const Bytes second = written(responder);
  ASSERT_TRUE(read(initiator, second));
  const Bytes third = written(initiator);

  Ends now;
  now.initiator_ephemeral = known_pair(0x66);
  now.responder_ephemeral = known_pair(0x77);
  EXPECT_EQ(accepted(now, 1, [&](Bytes& m) { m = second; }), 1U);
  EXPECT_EQ(accepted(now, 2, [&](Bytes& m) { m = third; }), 2U);
  Handshake replayed = now.responder(); // message 1 alone is valid twice: its ephemeral key tells
  ASSERT_TRUE(read(replayed, first));
  EXPECT_EQ(replayed.remote_ephemeral(), recorded.initiator_ephemeral.public_key);
  ASSERT_FALSE(written(replayed).empty());
  EXPECT_FALSE(read(replayed, third));
}

TEST(NoiseHandshake, AStrangerFailsAtMessageOne) {
  const Ends ends;
  Ends wrong_psk, wrong_prologue;
  wrong_psk.psk.bytes[31] ^= 1;
  wrong_prologue.prologue = view("p2pd/2");
  for (const Ends& wrong : {wrong_psk, wrong_prologue}) {
    Handshake stranger = wrong.initiator(), responder = ends.responder();
    EXPECT_FALSE(read(responder, written(stranger)));
    EXPECT_TRUE(written(responder).empty());
  }
}

TEST(NoiseHandshake, TriesASecondSecret) {
  const Ends ends;
  Ends other;
  other.psk = filled<Psk>(0x99);
  Handshake initiator = ends.initiator();
  const Bytes first = written(initiator);
  Handshake with_new = other.responder(), with_old = ends.responder();
  EXPECT_FALSE(read(with_new, first));
  EXPECT_TRUE(read(with_old, first));
}

TEST(NoiseSuite, IsAesWhereBothWantIt) {
  for (const bool here : {false, true})
    for (const bool there : {false, true}) {
      const Suite suite = choose(offer(here), there);
      EXPECT_EQ(suite, here && there ? Suite::aes256_gcm : Suite::chacha20_poly1305);
      EXPECT_EQ(taken(chosen(suite), here), suite);
    }
}

TEST(NoiseSuite, WhatIsNotKnownIsLeftAlone) {
  EXPECT_EQ(choose(Bytes{0xfd, 0x02}, true), Suite::chacha20_poly1305);
  EXPECT_EQ(choose(Bytes{0xff, 0x17, 0x2a}, true), Suite::aes256_gcm);
  EXPECT_EQ(taken(Bytes{0, 0x17}, true), Suite::chacha20_poly1305);
  EXPECT_EQ(taken(Bytes{1, 0x17}, true), Suite::aes256_gcm);
  EXPECT_EQ(taken(Bytes{1}, false), std::nullopt) << "it was not offered";
  EXPECT_EQ(taken(Bytes{2}, true), std::nullopt);
}

} // namespace
} // namespace p2pd::proto::noise
