#include "proto/ids.hpp"

#include <gtest/gtest.h>

namespace p2pd::proto {
namespace {

TEST(Ids, TextRoundTrips) {
  PeerId peer;
  ContentId content;
  for (std::size_t i = 0; i < 32; ++i)
    peer.bytes[i] = content.bytes[i] = static_cast<std::uint8_t>(i * 37);
  EXPECT_EQ(to_text(peer).size(), 52U);
  EXPECT_EQ(peer_id(to_text(peer)), peer);
  EXPECT_EQ(content_id(to_text(content)), content);
}

TEST(Ids, RefusesOtherText) {
  EXPECT_FALSE(content_id("00"));
  EXPECT_FALSE(content_id(std::string(64, 'g')));
  EXPECT_FALSE(peer_id(std::string(52, '1')));
  std::string padded(52, 'a');
  padded.back() = 'b'; // a set bit beyond the 256th: not the canonical spelling
  EXPECT_FALSE(peer_id(padded));
}

TEST(Bytes, Base32IsRfc4648) {
  EXPECT_EQ(base32(view("foobar")), "mzxw6ytboi");
  EXPECT_EQ(base32(view("fooba")), "mzxw6ytb");
}

TEST(Bytes, PrintableReplacesWhatIsNotUtf8) {
  EXPECT_EQ(printable("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
  EXPECT_EQ(printable("a\xff"
                      "b\xc3"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xc0\xaf"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

} // namespace
} // namespace p2pd::proto
