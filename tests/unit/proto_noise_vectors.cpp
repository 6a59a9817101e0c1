// What others have published: every handshake, and every message that follows.
#include "proto_noise_replay.hpp"

namespace p2pd::proto::noise {
namespace {

void transport(CipherState& writer, CipherState& reader, const KnownMessage& message) {
  Bytes record(message.payload.size() + tag_size);
  ASSERT_TRUE(writer.seal(record, message.payload));
  EXPECT_EQ(hex(record), hex(message.ciphertext));
  ASSERT_TRUE(reader.open(record, record));
  record.resize(message.payload.size());
  EXPECT_EQ(hex(record), hex(message.payload));
}

TEST(NoiseVectors, All) {
  std::size_t count = 0;
  each_vector([&](KnownTransport&& known) {
    SCOPED_TRACE(known.source);
    bool initiator_next = known.first == Role::initiator;
    for (const KnownMessage& message : known.messages) {
      CipherPair& writer = initiator_next ? known.initiator : known.responder;
      CipherPair& reader = initiator_next ? known.responder : known.initiator;
      transport(writer.send, reader.receive, message);
      initiator_next = !initiator_next;
    }
    ++count;
  });
  EXPECT_EQ(count, 16U);
}

// The known rekey is not tried: no part of p2pd renews a key.
TEST(NoiseVectors, SealedAtALargeCounter) {
  const KnownSeal known = known_seal();
  Bytes out(known.plaintext.size() + tag_size);
  ASSERT_TRUE(
      CipherState(known.key, known.counter).seal(out, view(known.plaintext), view(known.ad)));
  EXPECT_EQ(hex(out), known.ciphertext);
  ASSERT_TRUE(CipherState(known.key, known.counter).open(out, out, view(known.ad)));
  EXPECT_EQ(text(out).substr(0, known.plaintext.size()), known.plaintext);
}

} // namespace
} // namespace p2pd::proto::noise
