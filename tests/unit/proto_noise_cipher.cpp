#include "proto/noise_cipher.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>
#include <sodium.h>

namespace p2pd::proto::noise {
namespace {

static_assert(!std::is_copy_constructible_v<CipherState>);

CipherKey counting_key() {
  CipherKey key;
  std::iota(key.bytes.begin(), key.bytes.end(), std::uint8_t{0});
  return key;
}

CipherState cipher(std::uint64_t counter = 0) {
  return CipherState(counting_key(), counter);
}

Bytes sealed(CipherState& with, std::string_view plaintext, std::string_view ad = "") {
  Bytes out(plaintext.size() + tag_size);
  EXPECT_TRUE(with.seal(out, view(plaintext), view(ad)));
  return out;
}

std::optional<std::string> opened(CipherState& with, View message, std::string_view ad = "") {
  Bytes out(message.size());
  if (!with.open(out, message, view(ad))) return std::nullopt;
  return std::string(text(View(out).first(message.size() - tag_size)));
}

TEST(NoiseCipher, OpensWhatWasSealed) {
  CipherState send = cipher(), receive = cipher();
  for (const std::string& plaintext : {std::string(), std::string("a"), std::string(5000, 'x')})
    EXPECT_EQ(opened(receive, sealed(send, plaintext, "ad"), "ad"), plaintext);
  EXPECT_FALSE(opened(receive, sealed(send, "abc", "ad"), "other"));
}

TEST(NoiseCipher, WorksInPlace) {
  CipherState send = cipher(), receive = cipher();
  Bytes record(100 + tag_size, 0x5a);
  ASSERT_TRUE(send.seal(record, View(record).first(100)));
  EXPECT_NE(record[0], 0x5a);
  ASSERT_TRUE(receive.open(record, record));
  EXPECT_EQ(std::count(record.begin(), record.begin() + 100, 0x5a), 100);
}

TEST(NoiseCipher, RefusesEveryForgedBitAndGoesOn) {
  CipherState send = cipher(), receive = cipher();
  const Bytes honest = sealed(send, "twenty bytes of text");
  for (std::size_t bit = 0; bit < honest.size() * 8; ++bit) {
    Bytes forged = honest;
    forged[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    Bytes out(forged.size(), 0x5a);
    ASSERT_FALSE(receive.open(out, forged)) << bit;
    ASSERT_EQ(text(out).find("twenty"), std::string_view::npos);
  }
  EXPECT_EQ(opened(receive, honest), "twenty bytes of text");
}

TEST(NoiseCipher, RefusesTruncatedRecords) {
  CipherState send = cipher(), receive = cipher();
  Bytes record = sealed(send, "abc");
  for (std::size_t size = 0; size < record.size(); ++size)
    EXPECT_FALSE(opened(receive, View(record).first(size))) << size;
  record.push_back(0);
  EXPECT_FALSE(opened(receive, record));
}

TEST(NoiseCipher, RefusesReorderedAndReplayedRecords) {
  CipherState send = cipher(), receive = cipher();
  const Bytes first = sealed(send, "first"), second = sealed(send, "second");
  EXPECT_FALSE(opened(receive, second)); // and the counter stays, so both still open in order
  EXPECT_EQ(opened(receive, first), "first");
  EXPECT_FALSE(opened(receive, first));
  EXPECT_EQ(opened(receive, second), "second");
  EXPECT_FALSE(opened(receive, first));
  EXPECT_FALSE(opened(receive, second));
}

TEST(NoiseCipher, RecordsHaveAtMost65535Bytes) {
  CipherState send = cipher(), receive = cipher();
  Bytes out(max_message + 2);
  EXPECT_FALSE(send.seal(out, Bytes(max_plaintext + 1)));
  ASSERT_TRUE(send.seal(out, Bytes(max_plaintext, 0x5a))); // with the counter still at 0
  EXPECT_FALSE(receive.open(out, Bytes(max_message + 1)));
  ASSERT_TRUE(receive.open(out, View(out).first(max_message)));
  EXPECT_EQ(out[max_plaintext - 1], 0x5a);
}

TEST(NoiseCipher, StopsBeforeTheLastCounter) {
  CipherState send = cipher(UINT64_MAX - 2), receive = cipher(UINT64_MAX - 2);
  EXPECT_EQ(opened(receive, sealed(send, "a")), "a");
  const Bytes last = sealed(send, "b");
  EXPECT_EQ(opened(receive, last), "b");
  Bytes out(32, 0x5a);
  EXPECT_FALSE(send.seal(out, view("c")));
  EXPECT_EQ(out, Bytes(32, 0x5a));
  EXPECT_FALSE(send.seal(out, view("c"))); // it does not wrap around either
  EXPECT_FALSE(opened(receive, last));
}

TEST(NoiseCipher, OpensNothingAtTheLastCounter) {
  constexpr std::array<std::uint8_t, 12> last{0,    0,    0,    0,    0xff, 0xff,
                                              0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  Bytes record(3 + tag_size), out(record.size());
  crypto_aead_chacha20poly1305_ietf_encrypt(record.data(), nullptr, view("abc").data(), 3, nullptr,
                                            0, nullptr, last.data(), counting_key().bytes.data());
  EXPECT_FALSE(cipher(UINT64_MAX).open(out, record));
}

TEST(NoiseCipher, CountsIn64Bits) {
  CipherState low = cipher(0), high = cipher(std::uint64_t{1} << 32);
  EXPECT_NE(sealed(low, "abc"), sealed(high, "abc"));
}

TEST(NoiseCipher, MovesItsPlaceInTheStreamAlong) {
  CipherState send = cipher(), receive = cipher();
  ASSERT_EQ(opened(receive, sealed(send, "a")), "a");
  CipherState moved = std::move(send);
  EXPECT_EQ(opened(receive, sealed(moved, "b")), "b");
  Bytes out(32);
  EXPECT_FALSE(send.seal(out, view("c"))); // NOLINT(bugprone-use-after-move): what is tested
}

} // namespace
} // namespace p2pd::proto::noise
