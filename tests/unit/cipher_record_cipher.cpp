// The records of links, in each suite and by each library that there may be. All are held against
// libsodium, called here as the specifications say.
#include "daemon/cipher/record_cipher.hpp"

#include "tests/unit/proto_noise_replay.hpp"

#include <random>
#include <sodium.h>

namespace p2pd::cipher {
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

struct Way {
  Suite suite;
  Library library;
};

class RecordCipherTest : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    if (aead(GetParam().suite, GetParam().library) == nullptr) GTEST_SKIP() << "not here";
  }
  RecordCipher cipher(std::uint64_t counter = 0) const { return of(CipherState(key(), counter)); }
  static RecordCipher of(CipherState from) {
    return {std::move(from), GetParam().suite, aead(GetParam().suite, GetParam().library)};
  }
};
constexpr std::array ways{
    Way{Suite::chacha20_poly1305, Library::sodium},
    Way{Suite::chacha20_poly1305, Library::libcrypto}, Way{Suite::aes256_gcm, Library::sodium},
    Way{Suite::aes256_gcm, Library::libcrypto}, Way{Suite::aes256_gcm, Library::ipsec_mb}};

std::string name_of(const testing::TestParamInfo<Way>& given) {
  constexpr std::array libraries{"ipsec_mb", "libcrypto", "sodium"};
  return std::string(given.param.suite == Suite::aes256_gcm ? "aes_by_" : "chacha_by_") +
         libraries[static_cast<std::size_t>(given.param.library)];
}
INSTANTIATE_TEST_SUITE_P(Ways, RecordCipherTest, testing::ValuesIn(ways), name_of);

// What a record should be, with nothing of ours but the counter.
class Oracle {
 public:
  Oracle(Suite suite, std::uint64_t counter) : suite_(suite), counter_(counter) {}

  Bytes seal(View plaintext) {
    const Bytes record = sealed(plaintext, counter_++);
    if (suite_ == Suite::aes256_gcm && counter_ % RecordCipher::renewal == 0) {
      const Bytes fresh = sealed(Bytes(32), UINT64_MAX);
      std::copy_n(fresh.begin(), 32, key_.bytes.begin());
    }
    return record;
  }

 private:
  Bytes sealed(View plaintext, std::uint64_t counter) const {
    const bool aes = suite_ == Suite::aes256_gcm;
    std::array<std::uint8_t, 12> nonce{};
    for (std::size_t i = 0; i < 8; ++i)
      nonce[aes ? 11 - i : 4 + i] = static_cast<std::uint8_t>(counter >> (8 * i));
    Bytes record(plaintext.size() + tag_size);
    const auto seal =
        aes ? crypto_aead_aes256gcm_encrypt : crypto_aead_chacha20poly1305_ietf_encrypt;
    EXPECT_EQ(seal(record.data(), nullptr, plaintext.data(), plaintext.size(), nullptr, 0, nullptr,
                   nonce.data(), key_.bytes.data()),
              0);
    return record;
  }

  const Suite suite_;
  std::uint64_t counter_;
  CipherKey key_ = key();
};

// Of random lengths and the extreme ones, at counters that are small and large, in place and not.
TEST_P(RecordCipherTest, AgreesWithTheOracleBothWays) {
  std::mt19937_64 random(1);
  std::vector<std::size_t> lengths{0, 1, 15, 16, 17, 63, 64, 65, 32 * 1024, max_plaintext};
  while (lengths.size() < 60) lengths.push_back(random() % (max_plaintext + 1));
  for (const std::uint64_t start :
       {std::uint64_t{0}, std::uint64_t{0xffff'ffff - 5}, RecordCipher::renewal - 100,
        std::uint64_t{1} << 40, UINT64_MAX - 500}) {
    Oracle oracle(GetParam().suite, start);
    RecordCipher sends = cipher(start), receives = cipher(start);
    for (const std::size_t length : lengths) {
      const Bytes plaintext = random_bytes(length, random);
      Bytes known = oracle.seal(plaintext), ours(length + tag_size);
      const bool in_place = random() % 2 == 0;
      if (in_place) std::copy(plaintext.begin(), plaintext.end(), ours.begin());
      ASSERT_TRUE(sends.seal(ours, in_place ? View(ours).first(length) : View(plaintext)));
      ASSERT_EQ(ours, known) << length;

      Bytes apart(length);
      const proto::MutableView out = in_place ? proto::MutableView(known) : apart;
      ASSERT_TRUE(receives.open(out, known));
      ASSERT_TRUE(std::equal(plaintext.begin(), plaintext.end(), out.begin())) << length;
    }
  }
}

// Test case 14 of the paper that GCM comes from (McGrew and Viega, 2005).
TEST(RecordCipherTestVector, SealsZerosByAes) {
  for (const Library library : {Library::ipsec_mb, Library::libcrypto, Library::sodium})
    if (auto found = aead(Suite::aes256_gcm, library)) {
      RecordCipher cipher(CipherState(CipherKey{}), Suite::aes256_gcm, std::move(found));
      Bytes record(16 + tag_size);
      ASSERT_TRUE(cipher.seal(record, Bytes(16)));
      EXPECT_EQ(proto::hex(record),
                "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    }
}

class RecordCipherTestVectors : public RecordCipherTest {};
INSTANTIATE_TEST_SUITE_P(Ways, RecordCipherTestVectors,
                         testing::ValuesIn(std::span(ways).first(2)), // all are ChaCha20-Poly1305's
                         name_of);

TEST_P(RecordCipherTestVectors, CarriesTheTransportOfEachOne) {
  std::size_t count = 0;
  each_vector([&](KnownTransport&& known) {
    SCOPED_TRACE(known.source);
    struct End {
      RecordCipher send, receive;
    };
    const auto end = [&](CipherPair& pair) {
      return End{of(std::move(pair.send)), of(std::move(pair.receive))};
    };
    End initiator = end(known.initiator), responder = end(known.responder);
    bool initiator_next = known.first == Role::initiator;
    for (const KnownMessage& message : known.messages) {
      Bytes record(message.payload.size() + tag_size);
      ASSERT_TRUE((initiator_next ? initiator : responder).send.seal(record, message.payload));
      EXPECT_EQ(proto::hex(record), proto::hex(message.ciphertext));
      ASSERT_TRUE((initiator_next ? responder : initiator).receive.open(record, record));
      record.resize(message.payload.size());
      EXPECT_EQ(record, message.payload);
      initiator_next = !initiator_next;
    }
    ++count;
  });
  EXPECT_EQ(count, 16U);
}

TEST_P(RecordCipherTest, RefusesWhatIsForgedAndGoesOn) {
  RecordCipher send = cipher(), receive = cipher();
  Bytes honest(20 + tag_size);
  ASSERT_TRUE(send.seal(honest, proto::view("twenty bytes of text")));
  for (std::size_t bit = 0; bit < honest.size() * 8; ++bit) {
    Bytes forged = honest;
    forged[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    Bytes out(forged.size(), 0x5a);
    ASSERT_FALSE(receive.open(out, forged)) << bit;
    ASSERT_EQ(proto::text(out).find("twent"), std::string_view::npos) << bit;
    ASSERT_FALSE(receive.open(forged, forged)) << bit;
    ASSERT_EQ(proto::text(forged).find("twent"), std::string_view::npos) << bit;
  }
  Bytes longer = honest;
  longer.push_back(0);
  EXPECT_FALSE(receive.open(longer, Bytes(longer)));
  Bytes out(honest.size());
  for (std::size_t size = 0; size < honest.size(); ++size)
    EXPECT_FALSE(receive.open(out, View(honest).first(size))) << size;
  ASSERT_TRUE(receive.open(out, honest)); // the counter has not moved
  EXPECT_EQ(proto::text(out).substr(0, 20), "twenty bytes of text");
  EXPECT_FALSE(receive.open(out, honest)); // and now it has
}

TEST_P(RecordCipherTest, KeepsToItsBounds) {
  RecordCipher send = cipher(), receive = cipher();
  Bytes out(max_message + 2, 0x5a);
  EXPECT_FALSE(send.seal(out, Bytes(max_plaintext + 1)));
  EXPECT_FALSE(receive.open(out, Bytes(max_message + 1)));
  EXPECT_EQ(out, Bytes(max_message + 2, 0x5a));

  RecordCipher last = cipher(UINT64_MAX - 1), late = cipher(UINT64_MAX - 1);
  Bytes record(3 + tag_size), plain(3, 0x5a);
  ASSERT_TRUE(last.seal(record, proto::view("abc")));
  ASSERT_TRUE(late.open(plain, record));
  const Bytes before = record;
  EXPECT_FALSE(last.seal(record, proto::view("def")));
  EXPECT_FALSE(last.seal(record, proto::view("def"))); // nor does it wrap around
  EXPECT_FALSE(late.open(plain, record));
  EXPECT_EQ(record, before);
  EXPECT_EQ(proto::text(plain), "abc");
}

TEST(RecordCipherTestChoice, TheOldCipherWorksNoMore) {
  CipherState state(key(), 7);
  RecordCipher taken(std::move(state), Suite::chacha20_poly1305);
  const auto place = CipherState(key(), 7).hand_over();
  EXPECT_EQ(place.counter, 7U);
  Bytes out(tag_size);
  EXPECT_FALSE(state.seal(out, {})); // NOLINT(bugprone-use-after-move): what is tested
  CipherState given(key(), 7);
  static_cast<void>(given.hand_over());
  EXPECT_FALSE(given.seal(out, {}));
  EXPECT_TRUE(taken.seal(out, {}));
}

} // namespace
} // namespace p2pd::cipher
