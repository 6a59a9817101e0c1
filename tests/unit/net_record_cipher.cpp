// The records of links, by each library that there may be. Noise's own CipherState on libsodium is
// what all are held against.
#include "daemon/net/record_cipher.hpp"

#include "tests/unit/proto_noise_replay.hpp"

#include <random>

namespace p2pd::net {
namespace {

using namespace proto::noise;
using proto::Bytes;
using proto::View;

CipherKey key() {
  return filled<CipherKey>(0x42);
}

Bytes random_bytes(std::size_t size, std::mt19937_64& random) {
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

class NetRecordCipher : public testing::TestWithParam<Library> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "not in this build";
  }
  std::unique_ptr<RecordCipher> cipher(std::uint64_t counter = 0) const {
    return record_cipher(CipherState(key(), counter), GetParam());
  }
};
INSTANTIATE_TEST_SUITE_P(Libraries, NetRecordCipher,
                         testing::Values(Library::sodium, Library::libcrypto),
                         [](const auto& given) {
                           return given.param == Library::sodium ? "sodium" : "libcrypto";
                         });

// Of random lengths and the extreme ones, at counters that are small and large, in place and not.
TEST_P(NetRecordCipher, AgreesWithTheOracleBothWays) {
  std::mt19937_64 random(1);
  std::vector<std::size_t> lengths{0, 1, 15, 16, 17, 63, 64, 65, 32 * 1024, max_plaintext};
  while (lengths.size() < 200) lengths.push_back(random() % (max_plaintext + 1));
  for (const std::uint64_t start : {std::uint64_t{0}, std::uint64_t{0xffff'ffff - 5},
                                    std::uint64_t{1} << 40, UINT64_MAX - 500}) {
    CipherState oracle_sends(key(), start), oracle_receives(key(), start);
    const auto sends = cipher(start), receives = cipher(start);
    for (const std::size_t length : lengths) {
      const Bytes plaintext = random_bytes(length, random);
      Bytes known(length + tag_size), ours(length + tag_size);
      ASSERT_TRUE(oracle_sends.seal(known, plaintext));
      const bool in_place = random() % 2 == 0;
      if (in_place) std::copy(plaintext.begin(), plaintext.end(), ours.begin());
      ASSERT_TRUE(sends->seal(ours, in_place ? View(ours).first(length) : View(plaintext)));
      ASSERT_EQ(ours, known) << length;

      Bytes apart(length);
      ASSERT_TRUE(oracle_receives.open(apart, ours));
      ASSERT_EQ(apart, plaintext) << length;
      std::fill(apart.begin(), apart.end(), 0);
      const proto::MutableView out = in_place ? proto::MutableView(known) : apart;
      ASSERT_TRUE(receives->open(out, known));
      ASSERT_TRUE(std::equal(plaintext.begin(), plaintext.end(), out.begin())) << length;
    }
  }
}

TEST_P(NetRecordCipher, CarriesTheTransportOfEveryVector) {
  std::size_t count = 0;
  each_vector([&](KnownTransport&& known) {
    SCOPED_TRACE(known.source);
    struct End {
      std::unique_ptr<RecordCipher> send, receive;
    };
    const auto end = [&](CipherPair& pair) {
      return End{record_cipher(std::move(pair.send), GetParam()),
                 record_cipher(std::move(pair.receive), GetParam())};
    };
    End initiator = end(known.initiator), responder = end(known.responder);
    bool initiator_next = known.first == Role::initiator;
    for (const KnownMessage& message : known.messages) {
      Bytes record(message.payload.size() + tag_size);
      ASSERT_TRUE((initiator_next ? initiator : responder).send->seal(record, message.payload));
      EXPECT_EQ(proto::hex(record), proto::hex(message.ciphertext));
      ASSERT_TRUE((initiator_next ? responder : initiator).receive->open(record, record));
      record.resize(message.payload.size());
      EXPECT_EQ(record, message.payload);
      initiator_next = !initiator_next;
    }
    ++count;
  });
  EXPECT_EQ(count, 16U);
}

TEST_P(NetRecordCipher, RefusesWhatIsForgedAndGoesOn) {
  const auto send = cipher(), receive = cipher();
  Bytes honest(20 + tag_size);
  ASSERT_TRUE(send->seal(honest, proto::view("twenty bytes of text")));
  for (std::size_t bit = 0; bit < honest.size() * 8; ++bit) {
    Bytes forged = honest;
    forged[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    Bytes out(forged.size(), 0x5a);
    ASSERT_FALSE(receive->open(out, forged)) << bit;
    ASSERT_EQ(proto::text(out).find("twent"), std::string_view::npos) << bit;
    ASSERT_FALSE(receive->open(forged, forged)) << bit;
    ASSERT_EQ(proto::text(forged).find("twent"), std::string_view::npos) << bit;
  }
  Bytes longer = honest;
  longer.push_back(0);
  EXPECT_FALSE(receive->open(longer, Bytes(longer)));
  Bytes out(honest.size());
  for (std::size_t size = 0; size < honest.size(); ++size)
    EXPECT_FALSE(receive->open(out, View(honest).first(size))) << size;
  ASSERT_TRUE(receive->open(out, honest)); // the counter has not moved
  EXPECT_EQ(proto::text(out).substr(0, 20), "twenty bytes of text");
  EXPECT_FALSE(receive->open(out, honest)); // and now it has
}

TEST_P(NetRecordCipher, KeepsToItsBounds) {
  const auto send = cipher(), receive = cipher();
  Bytes out(max_message + 2, 0x5a);
  EXPECT_FALSE(send->seal(out, Bytes(max_plaintext + 1)));
  EXPECT_FALSE(receive->open(out, Bytes(max_message + 1)));
  EXPECT_EQ(out, Bytes(max_message + 2, 0x5a));

  const auto last = cipher(UINT64_MAX - 1), late = cipher(UINT64_MAX - 1);
  Bytes record(3 + tag_size), plain(3, 0x5a);
  ASSERT_TRUE(last->seal(record, proto::view("abc")));
  ASSERT_TRUE(late->open(plain, record));
  const Bytes before = record;
  EXPECT_FALSE(last->seal(record, proto::view("def")));
  EXPECT_FALSE(last->seal(record, proto::view("def"))); // nor does it wrap around
  EXPECT_FALSE(late->open(plain, record));
  EXPECT_EQ(record, before);
  EXPECT_EQ(proto::text(plain), "abc");
}

TEST(NetRecordCipherChoice, TheOldCipherWorksNoMore) {
  CipherState state(key(), 7);
  const auto taken = record_cipher(std::move(state), Library::sodium);
  const auto place = CipherState(key(), 7).hand_over();
  EXPECT_EQ(place.counter, 7U);
  Bytes out(tag_size);
  EXPECT_FALSE(state.seal(out, {})); // NOLINT(bugprone-use-after-move): what is tested
  CipherState given(key(), 7);
  static_cast<void>(given.hand_over());
  EXPECT_FALSE(given.seal(out, {}));
  EXPECT_TRUE(taken->seal(out, {}));
  EXPECT_TRUE(supported(fastest()));
}

} // namespace
} // namespace p2pd::net
