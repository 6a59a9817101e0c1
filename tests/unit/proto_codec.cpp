#include "tests/unit/proto_support.hpp"

#include <functional>

namespace p2pd::proto {
namespace {

constexpr std::uint64_t max64 = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t min_signed = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t max_signed = std::numeric_limits<std::int64_t>::max();

TEST(Codec, NaturalsTakeTheirShortestForm) {
  const std::vector<std::pair<std::uint64_t, std::string>> cases{
      {0, "00"},
      {127, "7f"},
      {128, "cc80"},
      {255, "ccff"},
      {256, "cd0100"},
      {65'535, "cdffff"},
      {65'536, "ce00010000"},
      {0xffff'ffff, "ceffffffff"},
      {0x1'0000'0000, "cf0000000100000000"},
      {max64, "cfffffffffffffffff"}};
  for (const auto& [number, digits] : cases) {
    const Bytes bytes = encoded([n = number](Encoder& out) { out.natural(n); });
    EXPECT_EQ(hex(bytes), digits);
    Decoder decoder;
    decoder.open(bytes);
    EXPECT_EQ(decoder.natural(), number);
    decoder.finish();
  }
}

TEST(Codec, IntegersTakeTheirShortestForm) {
  const std::vector<std::pair<std::int64_t, std::string>> cases{
      {-1, "ff"},
      {-32, "e0"},
      {-33, "d0df"},
      {-128, "d080"},
      {-129, "d1ff7f"},
      {-32'768, "d18000"},
      {-32'769, "d2ffff7fff"},
      {-2'147'483'648, "d280000000"},
      {-2'147'483'649, "d3ffffffff7fffffff"},
      {min_signed, "d38000000000000000"},
      {127, "7f"},
      {128, "cc80"},
      {65'536, "ce00010000"},
      {max_signed, "cf7fffffffffffffff"}};
  for (const auto& [number, digits] : cases) {
    const Bytes bytes = encoded([n = number](Encoder& out) { out.integer(n); });
    EXPECT_EQ(hex(bytes), digits);
    Decoder decoder;
    decoder.open(bytes);
    EXPECT_EQ(decoder.integer(), number);
    decoder.finish();
  }
}

TEST(Codec, ReadsAnIntegerOfEachWidth) {
  for (const char* digits : {"05", "cc05", "cd0005", "ce00000005", "cf0000000000000005", "d005",
                             "d10005", "d200000005", "d30000000000000005"}) {
    const Bytes bytes = raw(digits);
    Decoder decoder;
    decoder.open(bytes);
    EXPECT_EQ(decoder.natural(), 5U) << digits;
    decoder.open(bytes);
    EXPECT_EQ(decoder.integer(), 5) << digits;
  }
  for (const char* digits : {"fb", "d0fb", "d1fffb", "d2fffffffb", "d3fffffffffffffffb"}) {
    const Bytes bytes = raw(digits);
    Decoder decoder;
    decoder.open(bytes);
    EXPECT_EQ(decoder.integer(), -5) << digits;
    decoder.open(bytes);
    EXPECT_EQ(refusal([&] { decoder.natural(); }), "a field has the wrong type") << digits;
  }
}

TEST(Codec, NumbersAreBounded) {
  Decoder decoder;
  decoder.open(raw("64"));
  EXPECT_EQ(refusal([&] { decoder.natural(99); }), "a number is out of range");
  decoder.open(raw("64"));
  EXPECT_EQ(decoder.natural(100), 100U);
  decoder.open(raw("cf8000000000000000"));
  EXPECT_EQ(refusal([&] { decoder.integer(); }), "a number is out of range");
}

TEST(Codec, RealsAndBooleansRoundTrip) {
  const Bytes bytes = encoded([](Encoder& out) {
    out.array(5);
    out.real(-0.1);
    out.boolean(true);
    out.boolean(false);
    out.nil();
    out.real(std::numeric_limits<double>::infinity());
  });
  Decoder decoder;
  decoder.open(bytes);
  decoder.array_of(5);
  EXPECT_EQ(decoder.real(), -0.1);
  EXPECT_TRUE(decoder.boolean());
  EXPECT_FALSE(decoder.boolean());
  decoder.nil();
  EXPECT_EQ(decoder.real(), std::numeric_limits<double>::infinity());
  decoder.finish();
  decoder.open(raw("ca3fc00000")); // a 4-byte float
  EXPECT_EQ(decoder.real(), 1.5);
}

TEST(Codec, StringsOfEachWidthAreBounded) {
  for (const std::size_t size : {0U, 1U, 31U, 32U, 255U, 256U, 65'535U, 65'536U}) {
    const std::string body(size, 'x');
    const Bytes as_str = encoded([&](Encoder& out) { out.str(body); });
    const Bytes as_bin = encoded([&](Encoder& out) { out.bin(view(body)); });
    Decoder decoder;
    decoder.open(as_str);
    EXPECT_EQ(decoder.str(size), body);
    decoder.finish();
    decoder.open(as_bin);
    EXPECT_EQ(text(decoder.bin(size)), body);
    decoder.finish();
    if (size == 0) continue;
    decoder.open(as_str);
    EXPECT_EQ(refusal([&] { decoder.str(size - 1); }), "a text is too long");
    decoder.open(as_bin);
    EXPECT_EQ(refusal([&] { decoder.bin(size - 1); }), "a byte string is too long");
  }
}

TEST(Codec, ContainersOfEachWidthAreBounded) {
  for (const std::size_t count : {0U, 1U, 15U, 16U, 65'000U}) {
    const Bytes list = encoded([&](Encoder& out) {
      out.array(count);
      for (std::size_t i = 0; i < count; ++i) out.nil();
    });
    Decoder decoder;
    decoder.open(list);
    EXPECT_EQ(decoder.array(count), count);
    decoder.open(list);
    EXPECT_EQ(refusal([&] { decoder.array_of(count + 1); }), "a field is missing");
    if (count == 0) continue;
    decoder.open(list);
    EXPECT_EQ(refusal([&] { decoder.array(count - 1); }), "a list is too long");
  }
  Decoder decoder;
  const Bytes map = raw("82 00 00 01 01");
  decoder.open(map);
  EXPECT_EQ(decoder.map(2), 2U);
  decoder.open(map);
  EXPECT_EQ(refusal([&] { decoder.map(1); }), "a map is too long");
}

TEST(Codec, EachKindIsTakenAsItselfAlone) {
  using Kind = Decoder::Kind;
  const std::vector<std::pair<Kind, const char*>> values{
      {Kind::nil, "c0"}, {Kind::boolean, "c2"}, {Kind::natural, "01"}, {Kind::real, "ca00000000"},
      {Kind::str, "a0"}, {Kind::bin, "c400"},   {Kind::array, "90"},   {Kind::map, "80"}};
  const std::vector<std::pair<Kind, std::function<void(Decoder&)>>> takers{
      {Kind::nil, [](Decoder& in) { in.nil(); }},
      {Kind::boolean, [](Decoder& in) { in.boolean(); }},
      {Kind::natural, [](Decoder& in) { in.natural(); }},
      {Kind::natural, [](Decoder& in) { in.integer(); }},
      {Kind::real, [](Decoder& in) { in.real(); }},
      {Kind::str, [](Decoder& in) { in.str(9); }},
      {Kind::bin, [](Decoder& in) { in.bin(9); }},
      {Kind::array, [](Decoder& in) { in.array(9); }},
      {Kind::array, [](Decoder& in) { in.array_of(0); }},
      {Kind::map, [](Decoder& in) { in.map(9); }}};
  for (const auto& [kind, digits] : values)
    for (const auto& [wanted, take] : takers) {
      const Bytes bytes = raw(digits);
      Decoder decoder;
      decoder.open(bytes);
      EXPECT_EQ(decoder.peek(), kind);
      const std::string answer = refusal([&, &take = take] { take(decoder); });
      EXPECT_EQ(answer, kind == wanted ? "" : "a field has the wrong type") << digits;
    }
}

TEST(Codec, EveryTokenIsAccountedFor) {
  Decoder decoder;
  decoder.open(raw("92 01 02"));
  EXPECT_EQ(refusal([&] { decoder.finish(); }), "surplus fields");
  decoder.array_of(2);
  decoder.natural();
  EXPECT_EQ(refusal([&] { decoder.finish(); }), "surplus fields");
  decoder.natural();
  EXPECT_EQ(decoder.peek(), Decoder::Kind::end);
  decoder.finish();
  EXPECT_EQ(refusal([&] { decoder.natural(); }), "a field is missing");
}

TEST(Codec, OneDecoderServesAgainAfterAnError) {
  Decoder decoder;
  EXPECT_EQ(refusal([&] { decoder.open(raw("93 01 02")); }), "cut-off msgpack");
  const Bytes bytes = raw("a2 6869");
  decoder.open(bytes);
  EXPECT_EQ(decoder.str(2), "hi");
  decoder.finish();
}

} // namespace
} // namespace p2pd::proto
