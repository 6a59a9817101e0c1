#include "proto/control/value.hpp"

#include "tests/unit/proto_support.hpp"

namespace p2pd::proto {
namespace {

Value back(const Value& value) {
  const Bytes bytes = encoded([&](Encoder& out) { put(out, value); });
  Decoder decoder;
  decoder.open(bytes);
  Value out;
  get(decoder, out);
  decoder.finish();
  return out;
}

TEST(Value, EveryKindRoundTrips) {
  const Value all{{"nothing", Value()},
                  {"truth", true},
                  {"natural", std::uint64_t{1} << 63},
                  {"negative", -5},
                  {"real", 0.25},
                  {"text", "gr\xc3\xbc\xc3\x9f"},
                  {"bytes", Bytes{0, 255}},
                  {"list", Value::Array{1U, "two", Value::Array{}, Value::Object{}}},
                  {"map", Value{{"inner", false}}}};
  EXPECT_EQ(back(all), all);
  for (const auto& [key, value] : all.object()) EXPECT_EQ(back(value), value) << key;
}

TEST(Value, KeepsTheOrderOfFields) {
  const Value value{{"z", 1U}, {"a", 2U}, {"m", 3U}};
  EXPECT_EQ(hex(encoded([&](Encoder& out) { put(out, value); })), "83a17a01a16102a16d03");
  EXPECT_EQ(back(value).object()[1].first, "a");
}

TEST(Value, NumbersAreReadAsAsked) {
  EXPECT_EQ(Value(5).natural(), 5U);
  EXPECT_EQ(Value(5U).integer(), 5);
  EXPECT_EQ(Value(-5).integer(), -5);
  EXPECT_EQ(back(Value(5)).integer(), 5);
  EXPECT_EQ(back(Value(5)).natural(), 5U);
  EXPECT_EQ(Value(-5).real(), -5.0);
  EXPECT_EQ(Value(5U).real(), 5.0);
  EXPECT_EQ(Value(0.5).real(), 0.5);
  EXPECT_EQ(refusal([] { Value(-1).natural(); }), "expected a number, 0 or more");
  EXPECT_EQ(refusal([] { Value(~std::uint64_t{0}).integer(); }), "expected an integer");
  EXPECT_EQ(refusal([] { Value(1.0).integer(); }), "expected an integer");
}

TEST(Value, OtherKindsAreRefused) {
  const Value text("x");
  EXPECT_EQ(refusal([&] { text.boolean(); }), "expected true or false");
  EXPECT_EQ(refusal([&] { text.natural(); }), "expected a number, 0 or more");
  EXPECT_EQ(refusal([&] { text.real(); }), "expected a number");
  EXPECT_EQ(refusal([&] { text.array(); }), "expected a list");
  EXPECT_EQ(refusal([&] { text.object(); }), "expected a map");
  EXPECT_EQ(refusal([] { Value(1).text(); }), "expected a text");
  EXPECT_EQ(refusal([] { Value().text(); }), "expected a text");
}

TEST(Value, NamesAreTextWhereTheyCanBe) {
  const Value plain = Value::name("gr\xc3\xbc\xc3\x9f");
  const Value other = Value::name("a\xff");
  EXPECT_EQ(hex(encoded([&](Encoder& out) { put(out, plain); })).substr(0, 2), "a6");
  EXPECT_EQ(hex(encoded([&](Encoder& out) { put(out, other); })), "c40261ff");
  EXPECT_EQ(plain.text(), "gr\xc3\xbc\xc3\x9f");
  EXPECT_EQ(back(other).text(), "a\xff");
}

TEST(Value, FieldsAreFoundSetAndAdded) {
  Value value;
  value.set("a", 1U);
  value.set("b", 2U);
  value.set("a", 3U);
  EXPECT_EQ(value, (Value{{"a", 3U}, {"b", 2U}}));
  EXPECT_EQ(value["b"].natural(), 2U);
  EXPECT_TRUE(value["c"].is_null());
  EXPECT_TRUE(Value("text")["a"].is_null());
  EXPECT_TRUE(Value()["a"].is_null());
  EXPECT_EQ(refusal([] { Value("text").set("a", 1U); }), "expected a map");
}

TEST(Value, KeysAreTextAndBounded) {
  const auto read = [](View bytes) {
    return refusal([&] {
      Decoder decoder;
      decoder.open(bytes);
      Value value;
      get(decoder, value);
    });
  };
  EXPECT_EQ(read(raw("81 a161 00")), "");
  EXPECT_EQ(read(raw("81 01 00")), "a field has the wrong type");
  const auto keyed = [](std::size_t size) {
    return encoded([&](Encoder& out) { put(out, Value{{std::string(size, 'k'), true}}); });
  };
  EXPECT_EQ(read(keyed(255)), "");
  EXPECT_EQ(read(keyed(256)), "a text is too long");
}

TEST(Value, NothingMoreIsAnError) {
  Decoder decoder;
  decoder.open(raw("c0"));
  Value value;
  get(decoder, value);
  EXPECT_TRUE(value.is_null());
  EXPECT_EQ(refusal([&] { get(decoder, value); }), "a value is missing");
}

} // namespace
} // namespace p2pd::proto
