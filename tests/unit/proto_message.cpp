#include "tests/unit/proto_random.hpp"
#include "tests/unit/proto_support.hpp"

#include "proto/frame.hpp"

#include <set>

namespace p2pd::proto {
namespace {

Bytes payload_of(const Message& message) {
  Bytes frame;
  encode_frame(message, frame);
  const auto payload = front_frame(frame);
  EXPECT_EQ(payload->size() + frame_header, frame.size());
  return {payload->begin(), payload->end()};
}

Message decoded(View payload) {
  Decoder decoder;
  return decode(decoder, payload);
}

std::string message_refusal(View payload) {
  return refusal([&] { decoded(payload); });
}

Bytes assembled(std::uint64_t type, const std::vector<Bytes>& fields) {
  Bytes out = encoded([&](Encoder& encoder) {
    encoder.array(1 + fields.size());
    encoder.natural(type);
  });
  for (const Bytes& field : fields) out = joined(std::move(out), field);
  return out;
}
Bytes assembled(const Sample& sample) {
  return assembled(sample.type, sample.fields);
}

TEST(Message, RandomOnesRoundTrip) {
  Random random(1);
  for (int round = 0; round < 100; ++round) {
    for (const Sample& one : samples(random)) {
      const Bytes payload = assembled(one);
      const Message message = decoded(payload);
      EXPECT_EQ(title(message), one.title);
      ASSERT_EQ(payload_of(message), payload) << one.title;
    }
  }
}

TEST(Message, TypesAndTitlesAreUniqueAndInTheirRange) {
  Random random(6);
  std::set<unsigned> types;
  std::set<std::string_view> titles;
  for (const Sample& one : samples(random)) {
    EXPECT_TRUE(types.insert(one.type).second) << one.title;
    EXPECT_TRUE(titles.insert(one.title).second) << one.title;
    EXPECT_TRUE(one.type >= 1 && one.type <= 95) << one.title;
  }
  EXPECT_EQ(types.size(), std::variant_size_v<AnyMessage>);
}

TEST(Message, UnknownTypesAreRefused) {
  Random random(5);
  std::set<std::uint64_t> known;
  for (const Sample& one : samples(random)) known.insert(one.type);
  for (std::uint64_t type = 0; type < 256; ++type) {
    if (known.contains(type)) continue;
    EXPECT_EQ(message_refusal(assembled(type, {})), "an unknown message type") << type;
  }
  EXPECT_EQ(message_refusal(assembled(256, {})), "a number is out of range");
  EXPECT_EQ(message_refusal(raw("91 ff")), "a field has the wrong type");
  EXPECT_EQ(message_refusal(raw("90")), "a message without a type");
  EXPECT_EQ(message_refusal(raw("02")), "a field has the wrong type");
  EXPECT_EQ(message_refusal(raw("82 02 00 01 01")), "a field has the wrong type");
  EXPECT_EQ(message_refusal(raw("92 a470696e67 00")), "a field has the wrong type");
  EXPECT_EQ(message_refusal({}), "cut-off msgpack");
}

TEST(Message, ArityIsExact) {
  Random random(2);
  for (const Sample& one : samples(random)) {
    const std::size_t arity = one.fields.size();
    EXPECT_EQ(message_refusal(assembled(one)), "") << one.title;
    for (const std::size_t size : {arity - 1, arity + 1, std::size_t{63}}) {
      std::vector<Bytes> other = one.fields;
      other.resize(size, Bytes{0xc0});
      EXPECT_EQ(message_refusal(assembled(one.type, other)), "a field is missing or surplus")
          << one.title;
    }
    std::vector<Bytes> many(64, Bytes{0xc0});
    EXPECT_EQ(message_refusal(assembled(one.type, many)), "a list is too long") << one.title;
  }
}

TEST(Message, EachFieldHasItsKind) {
  Random random(3);
  for (const Sample& one : samples(random)) {
    for (std::size_t i = 0; i < one.fields.size(); ++i) {
      unsigned taken = 0; // of one value of each kind, only the field's own can be taken
      for (const char* other : {"c0", "c2", "00", "ff", "ca00000000", "a0", "c400", "90", "80"}) {
        std::vector<Bytes> changed = one.fields;
        changed[i] = raw(other);
        taken += message_refusal(assembled(one.type, changed)).empty();
      }
      EXPECT_LE(taken, 1U) << one.title << ' ' << i;
    }
  }
}

TEST(Message, EveryCutIsRefused) {
  Random random(4);
  for (const Sample& one : samples(random)) {
    Bytes payload = assembled(one);
    const std::size_t step = 1 + payload.size() / 500;
    for (std::size_t size = 0; size < payload.size(); size += step)
      ASSERT_EQ(message_refusal(View(payload).first(size)), "cut-off msgpack") << one.title;
    payload.push_back(0);
    EXPECT_EQ(message_refusal(payload), "surplus bytes after the value") << one.title;
  }
}

TEST(Message, SegmentsAndManifestsAreBounded) {
  for (const std::uint32_t length : {1U, max_segment})
    EXPECT_EQ(message_refusal(payload_of(Segment{RequestId{1}, 0, length})), "");
  for (const std::uint32_t length : {0U, max_segment + 1, 0xffff'ffffU})
    EXPECT_EQ(message_refusal(payload_of(Segment{RequestId{1}, 0, length})),
              "a segment is empty or too long");
  EXPECT_EQ(message_refusal(payload_of(ManifestSize{RequestId{1}, max_manifest})), "");
  for (const std::uint32_t size : {std::uint32_t{0}, std::uint32_t{max_manifest} + 1})
    EXPECT_EQ(message_refusal(payload_of(ManifestSize{RequestId{1}, size})),
              "a manifest is empty or too long");
}

TEST(Message, AChunkSizeIsSafeToDivideBy) {
  const auto publish = [](std::uint64_t size, std::uint32_t chunk_size) {
    return Publish{{}, {}, {"n"}, size, chunk_size, true, true, {}};
  };
  const std::string misfit = "a size and a chunk size do not go together";
  EXPECT_EQ(message_refusal(payload_of(publish(max_content_size, max_chunk_size))), "");
  for (const auto& bad :
       {publish(1, 0), publish(1, min_chunk_size / 2), publish(1, min_chunk_size + 1),
        publish(1, max_chunk_size * 2), publish(max_content_size + 1, max_chunk_size),
        publish(max_content_size, max_chunk_size / 2), publish(~std::uint64_t{0}, min_chunk_size)})
    EXPECT_EQ(message_refusal(payload_of(bad)), misfit);
  const CatalogEntry entry{{}, {"n"}, 1, 3, 0, 0, 0, {}};
  EXPECT_EQ(message_refusal(payload_of(Listing{{}, {entry}, {}})), misfit);
  EXPECT_EQ(message_refusal(payload_of(Shared{{}, {}, {SharedFile{{}, {"n"}, {}, 1, 3}}, {}})),
            misfit);
}

TEST(Message, WhatOutgrowsAFrameIsNotWritten) {
  SharedFile file{{}, {"n"}, std::string(4096, 'p'), 1, min_chunk_size};
  Shared shared;
  shared.files.assign(1000, file);
  Bytes out = raw("aabb");
  EXPECT_NE(refusal([&] { encode_frame(shared, out); }), "");
  EXPECT_EQ(hex(out), "aabb");
}

} // namespace
} // namespace p2pd::proto
