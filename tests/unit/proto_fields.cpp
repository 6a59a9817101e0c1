#include "proto/fields.hpp"

#include "tests/unit/proto_support.hpp"

namespace p2pd::proto {
namespace {

enum class Colour : std::uint8_t { red, green, blue, last = blue };
enum class Serial : std::uint32_t {};

struct Pair {
  std::uint8_t left = 0;
  Text<4> right;
  static auto fields(auto& m) { return std::tie(m.left, m.right); }
  void check() const {
    if (left == 13) throw Error("thirteen");
  }
};

template <class T>
T decoded(View bytes) {
  Decoder decoder;
  decoder.open(bytes);
  T value{};
  get(decoder, value);
  decoder.finish();
  return value;
}

template <class T>
std::string field_refusal(View bytes) {
  return refusal([&] { decoded<T>(bytes); });
}

template <class T>
std::string field_refusal(const T& value) {
  return field_refusal<T>(View(encoded([&](Encoder& out) { put(out, value); })));
}

Bytes bin(std::size_t size, std::uint8_t fill = 'x') {
  return encoded([&](Encoder& out) { out.bin(Bytes(size, fill)); });
}
Bytes str(std::size_t size) {
  return encoded([&](Encoder& out) { out.str(std::string(size, 'x')); });
}
Bytes natural(std::uint64_t value) {
  return encoded([&](Encoder& out) { out.natural(value); });
}

constexpr const char* wrong_type = "a field has the wrong type";
constexpr const char* out_of_range = "a number is out of range";

TEST(Fields, UnsignedsEndAtTheirWidth) {
  EXPECT_EQ(decoded<std::uint8_t>(natural(255)), 255U);
  EXPECT_EQ(field_refusal<std::uint8_t>(View(natural(256))), out_of_range);
  EXPECT_EQ(decoded<std::uint16_t>(natural(65'535)), 65'535U);
  EXPECT_EQ(field_refusal<std::uint16_t>(View(natural(65'536))), out_of_range);
  EXPECT_EQ(decoded<std::uint32_t>(natural(0xffff'ffff)), 0xffff'ffffU);
  EXPECT_EQ(field_refusal<std::uint32_t>(View(natural(0x1'0000'0000))), out_of_range);
  EXPECT_EQ(decoded<std::uint64_t>(natural(~std::uint64_t{0})), ~std::uint64_t{0});
  for (const char* other : {"ff", "c0", "c3", "ca3f800000", "a131", "c40101", "9101"})
    EXPECT_EQ(field_refusal<std::uint32_t>(View(raw(other))), wrong_type) << other;
}

TEST(Fields, BooleansAreNoNumbers) {
  EXPECT_TRUE(decoded<bool>(raw("c3")));
  EXPECT_FALSE(decoded<bool>(raw("c2")));
  EXPECT_EQ(field_refusal<bool>(View(raw("01"))), wrong_type);
  EXPECT_EQ(field_refusal<bool>(View(raw("c0"))), wrong_type);
}

TEST(Fields, ClosedEnumsEndAtTheirLast) {
  EXPECT_EQ(decoded<Colour>(raw("02")), Colour::blue);
  EXPECT_EQ(field_refusal<Colour>(View(raw("03"))), out_of_range);
  EXPECT_EQ(field_refusal<Colour>(View(raw("cd0100"))), out_of_range);
  EXPECT_EQ(decoded<Serial>(natural(0xffff'ffff)), Serial{0xffff'ffff});
  EXPECT_EQ(field_refusal<Serial>(View(natural(0x1'0000'0000))), out_of_range);
}

TEST(Fields, IdsAre32Bytes) {
  EXPECT_EQ(decoded<PeerId>(bin(32, 7)).bytes[31], 7);
  EXPECT_EQ(field_refusal<PeerId>(View(bin(31))), "an id is not 32 bytes long");
  EXPECT_EQ(field_refusal<PeerId>(View(bin(0))), "an id is not 32 bytes long");
  EXPECT_EQ(field_refusal<PeerId>(View(bin(33))), "a byte string is too long");
  EXPECT_EQ(field_refusal<PeerId>(View(str(32))), wrong_type);
}

TEST(Fields, TextAndRawEndAtTheirMaximum) {
  EXPECT_EQ(decoded<Text<64>>(str(64)).size(), 64U);
  EXPECT_EQ(field_refusal<Text<64>>(View(str(65))), "a text is too long");
  EXPECT_EQ(field_refusal<Text<64>>(View(bin(1))), wrong_type);
  EXPECT_EQ(decoded<Raw<600>>(bin(600)).size(), 600U);
  EXPECT_EQ(field_refusal<Raw<600>>(View(bin(601))), "a byte string is too long");
  EXPECT_EQ(field_refusal<Raw<600>>(View(str(1))), wrong_type);
  EXPECT_EQ(decoded<Address>(str(270)).size(), 270U);
  EXPECT_NE(field_refusal<Address>(View(str(271))), "");
}

TEST(Fields, NamesBecomeFileNames) {
  for (const std::string& good : {std::string("a"), std::string("..."), std::string(".hidden"),
                                  std::string(255, 'n'), std::string("\xff\n ")})
    EXPECT_EQ(field_refusal(Name{good}), "") << good;
  for (const std::string& bad : {std::string(), std::string("."), std::string(".."),
                                 std::string("a/b"), std::string("/"), std::string("a\0b", 3)})
    EXPECT_EQ(field_refusal(Name{bad}), "a name is empty or holds '/' or NUL") << bad;
  EXPECT_EQ(field_refusal(Name{std::string(256, 'n')}), "a byte string is too long");
  EXPECT_EQ(field_refusal<Name>(View(str(1))), wrong_type);
}

TEST(Fields, BitmapsEndAtAMillionChunks) {
  EXPECT_EQ(decoded<Bitmap>(bin(131'072)).bits.size(), 131'072U);
  EXPECT_EQ(field_refusal<Bitmap>(View(bin(131'073))), "a byte string is too long");
  EXPECT_EQ(decoded<Bitmap>(bin(0)), Bitmap{});
}

TEST(Fields, ListsEndAtTheirMaximum) {
  using Three = List<std::uint8_t, 3>;
  EXPECT_EQ(decoded<Three>(raw("90")), Three());
  EXPECT_EQ(decoded<Three>(raw("93010203")), Three({1, 2, 3}));
  EXPECT_EQ(field_refusal<Three>(View(raw("9401020304"))), "a list is too long");
  EXPECT_EQ(field_refusal<Three>(View(raw("920102")).first(1)), "cut-off msgpack");
  EXPECT_EQ(field_refusal<Three>(View(raw("92 01 a0"))), wrong_type);
  EXPECT_EQ(field_refusal<Three>(View(raw("92 01 cd0100"))), out_of_range);
}

TEST(Fields, StructsHaveExactlyTheirFields) {
  const Pair pair = decoded<Pair>(raw("92 07 a2 6869"));
  EXPECT_EQ(pair.left, 7U);
  EXPECT_EQ(pair.right, "hi");
  EXPECT_EQ(field_refusal<Pair>(View(raw("91 07"))), "a field is missing");
  EXPECT_EQ(field_refusal<Pair>(View(raw("93 07 a0 c0"))), "a list is too long");
  EXPECT_EQ(field_refusal<Pair>(View(raw("92 a0 07"))), wrong_type);
  EXPECT_EQ(field_refusal<Pair>(View(raw("07"))), wrong_type);
  EXPECT_EQ(field_refusal(Pair{13, ""}), "thirteen");
  EXPECT_EQ((field_refusal<List<Pair, 2>>(View(raw("92 92 01 a0 92 0d a0")))), "thirteen");
}

} // namespace
} // namespace p2pd::proto
