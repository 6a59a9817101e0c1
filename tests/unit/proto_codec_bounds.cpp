// What the decoder refuses before anybody asks for a field.
#include "tests/unit/proto_support.hpp"

#include <random>

namespace p2pd::proto {
namespace {

std::string value_refusal(View bytes, Decoder::Limits limits = {}) {
  Decoder decoder;
  return refusal([&] { decoder.open(bytes, limits); });
}

TEST(CodecBounds, DepthIsBounded) {
  const auto nested = [](std::size_t depth, const char* opening) {
    Bytes bytes;
    for (std::size_t i = 0; i < depth; ++i) bytes = joined(std::move(bytes), raw(opening));
    bytes.push_back(0xc0);
    return bytes;
  };
  for (const char* opening : {"91", "dc 0001", "dd 00000001", "81 c0", "de 0001 c0"}) {
    EXPECT_EQ(value_refusal(nested(8, opening)), "") << opening;
    EXPECT_EQ(value_refusal(nested(9, opening)), "nested too deeply") << opening;
    EXPECT_EQ(value_refusal(nested(10'000, opening)), "nested too deeply") << opening;
    EXPECT_EQ(value_refusal(nested(3, opening), {.depth = 3}), "") << opening;
  }
  EXPECT_EQ(value_refusal(raw("99 91c0 91c0 91c0 91c0 91c0 91c0 91c0 91c0 91c0"), {.depth = 2}), "")
      << "what is closed again does not count";
}

TEST(CodecBounds, ValuesAreCounted) {
  const Bytes nils(65'536, 0xc0);
  EXPECT_EQ(value_refusal(joined(raw("dd 0000ffff"), View(nils).first(65'535))), "");
  EXPECT_EQ(value_refusal(joined(raw("dd 00010000"), nils)), "too many values");
  EXPECT_EQ(value_refusal(raw("93 01 02 03"), {.tokens = 4}), "");
  EXPECT_EQ(value_refusal(raw("93 01 02 03"), {.tokens = 3}), "too many values");
}

TEST(CodecBounds, CountsThatLieCostNothing) {
  for (const char* digits :
       {"dd ffffffff", "df ffffffff", "c6 ffffffff", "db ffffffff", "dd ffffffff c0 c0 c0",
        "df ffffffff c0 c0 c0", "dc ffff", "de ffff", "c5 ffff", "da ffff", "c4 ff", "d9 ff", "9f",
        "8f", "bf", "c6 ffffffff 00", "93 01 dd fffffffe 02"})
    EXPECT_EQ(value_refusal(raw(digits)), "cut-off msgpack") << digits;
}

TEST(CodecBounds, RefusesWhatMsgpackAllowsAndTheWireDoesNot) {
  for (const char* digits :
       {"c7 00 01", "c7 01 01 00", "c8 0001 01 00", "c9 00000001 01 00", "d4 01 00", "d5 01 0000",
        "d6 ff 00000000", "d7 ff 0000000000000000", "d8 01 00000000000000000000000000000000"}) {
    EXPECT_EQ(value_refusal(raw(digits)), "extension type") << digits;
    EXPECT_EQ(value_refusal(joined(raw("91"), raw(digits))), "extension type") << digits;
  }
  EXPECT_EQ(value_refusal(raw("c1")), "malformed msgpack");
  EXPECT_EQ(value_refusal(raw("92 00 c1")), "malformed msgpack");
}

// One value with every form in it.
Bytes motley() {
  return raw("dc 0010 c0 c2 c3 7f e0 cc80 cd0100 ce00010000 cf0000000100000000 d080 d18000"
             "d280000000 ca3fc00000 cb3ff8000000000000 83 a161 d90162 da000163 db0000000164"
             "c40165 c5000166 93 c6 00000001 67 90 80");
}

TEST(CodecBounds, RefusesEveryCutAndEverySurplus) {
  const Bytes whole = motley();
  EXPECT_EQ(value_refusal(whole), "");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_EQ(value_refusal(View(whole).first(size)), "cut-off msgpack") << size;
  for (unsigned surplus = 0; surplus < 256; ++surplus) {
    Bytes longer = whole;
    longer.push_back(static_cast<std::uint8_t>(surplus));
    EXPECT_EQ(value_refusal(longer), "surplus bytes after the value") << surplus;
  }
}

TEST(CodecBounds, RandomBytesAreReadOrRefused) {
  std::mt19937 random(7);
  Decoder decoder;
  for (int round = 0; round < 50'000; ++round) {
    Bytes bytes(random() % 24);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    refusal([&] { decoder.open(bytes); });
  }
}

} // namespace
} // namespace p2pd::proto
