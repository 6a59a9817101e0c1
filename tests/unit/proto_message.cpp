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

std::string refusal_of(View payload) {
  return refusal([&] { decoded(payload); });
}

template <class M>
M some(Random& random) {
  M message;
  fill(random, message);
  return message;
}

template <class M>
constexpr std::size_t arity = std::tuple_size_v<decltype(M::fields(std::declval<M&>()))>;

// Where the top-level fields of a message stand in its payload, past the array's header and type.
template <class M>
std::vector<Bytes> fields_of(const M& message) {
  std::vector<Bytes> out;
  std::apply(
      [&](const auto&... field) {
        (out.push_back(encoded([&](Encoder& encoder) { put(encoder, field); })), ...);
      },
      M::fields(message));
  return out;
}

Bytes assembled(std::uint64_t type, const std::vector<Bytes>& fields) {
  Bytes out = encoded([&](Encoder& encoder) {
    encoder.array(1 + fields.size());
    encoder.natural(type);
  });
  for (const Bytes& field : fields) out = joined(std::move(out), field);
  return out;
}

TEST(Message, RandomOnesRoundTrip) {
  Random random(1);
  for_each_message([&]<class M>(const M&) {
    for (int round = 0; round < 100; ++round) {
      const Bytes payload = payload_of(some<M>(random));
      const Message back = decoded(payload);
      EXPECT_TRUE(std::holds_alternative<M>(back));
      EXPECT_EQ(title(back), M::title);
      ASSERT_EQ(payload_of(back), payload) << M::title;
    }
  });
}

TEST(Message, TypesAndTitlesAreUniqueAndInTheirRange) {
  std::set<unsigned> types;
  std::set<std::string_view> titles;
  for_each_message([&]<class M>(const M&) {
    EXPECT_TRUE(types.insert(M::type).second) << M::title;
    EXPECT_TRUE(titles.insert(M::title).second) << M::title;
    EXPECT_TRUE(M::type >= 1 && M::type <= 95) << M::title;
  });
  EXPECT_EQ(types.size(), std::variant_size_v<Message>);
}

TEST(Message, UnknownTypesAreRefused) {
  std::set<std::uint64_t> known;
  for_each_message([&]<class M>(const M&) { known.insert(M::type); });
  for (std::uint64_t type = 0; type < 256; ++type) {
    if (known.contains(type)) continue;
    EXPECT_EQ(refusal_of(assembled(type, {})), "an unknown message type") << type;
  }
  EXPECT_EQ(refusal_of(assembled(256, {})), "a number is out of range");
  EXPECT_EQ(refusal_of(raw("91 ff")), "a field has the wrong type");
  EXPECT_EQ(refusal_of(raw("90")), "a message without a type");
  EXPECT_EQ(refusal_of(raw("02")), "a field has the wrong type");
  EXPECT_EQ(refusal_of(raw("82 02 00 01 01")), "a field has the wrong type");
  EXPECT_EQ(refusal_of(raw("92 a470696e67 00")), "a field has the wrong type");
  EXPECT_EQ(refusal_of({}), "cut-off msgpack");
}

TEST(Message, ArityIsExact) {
  Random random(2);
  for_each_message([&]<class M>(const M&) {
    const std::vector<Bytes> fields = fields_of(some<M>(random));
    ASSERT_EQ(fields.size(), arity<M>);
    EXPECT_EQ(refusal_of(assembled(M::type, fields)), "") << M::title;
    for (const std::size_t size : {arity<M> - 1, arity<M> + 1, std::size_t{63}}) {
      std::vector<Bytes> other = fields;
      other.resize(size, Bytes{0xc0});
      EXPECT_EQ(refusal_of(assembled(M::type, other)), "a field is missing or surplus") << M::title;
    }
    std::vector<Bytes> many(64, Bytes{0xc0});
    EXPECT_EQ(refusal_of(assembled(M::type, many)), "a list is too long") << M::title;
  });
}

TEST(Message, EachFieldHasItsKind) {
  Random random(3);
  for_each_message([&]<class M>(const M&) {
    const std::vector<Bytes> fields = fields_of(some<M>(random));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      unsigned taken = 0; // of one value of each kind, only the field's own can be taken
      for (const char* other : {"c0", "c2", "00", "ff", "ca00000000", "a0", "c400", "90", "80"}) {
        std::vector<Bytes> changed = fields;
        changed[i] = raw(other);
        taken += refusal_of(assembled(M::type, changed)).empty();
      }
      EXPECT_LE(taken, 1U) << M::title << ' ' << i;
    }
  });
}

TEST(Message, EveryCutIsRefused) {
  Random random(4);
  for_each_message([&]<class M>(const M&) {
    Bytes payload = payload_of(some<M>(random));
    const std::size_t step = 1 + payload.size() / 500;
    for (std::size_t size = 0; size < payload.size(); size += step)
      ASSERT_EQ(refusal_of(View(payload).first(size)), "cut-off msgpack") << M::title;
    payload.push_back(0);
    EXPECT_EQ(refusal_of(payload), "surplus bytes after the value") << M::title;
  });
}

TEST(Message, SegmentsAndManifestsAreBounded) {
  for (const std::uint32_t length : {1U, max_segment})
    EXPECT_EQ(refusal_of(payload_of(Segment{RequestId{1}, 0, length})), "");
  for (const std::uint32_t length : {0U, max_segment + 1, 0xffff'ffffU})
    EXPECT_EQ(refusal_of(payload_of(Segment{RequestId{1}, 0, length})),
              "a segment is empty or too long");
  EXPECT_EQ(refusal_of(payload_of(ManifestSize{RequestId{1}, max_manifest})), "");
  for (const std::uint32_t size : {std::uint32_t{0}, std::uint32_t{max_manifest} + 1})
    EXPECT_EQ(refusal_of(payload_of(ManifestSize{RequestId{1}, size})),
              "a manifest is empty or too long");
}

TEST(Message, AChunkSizeIsSafeToDivideBy) {
  const auto publish = [](std::uint64_t size, std::uint32_t chunk_size) {
    return Publish{{}, {}, {"n"}, size, chunk_size, true, true, {}};
  };
  const std::string misfit = "a size and a chunk size do not go together";
  EXPECT_EQ(refusal_of(payload_of(publish(max_content_size, max_chunk_size))), "");
  for (const auto& bad :
       {publish(1, 0), publish(1, min_chunk_size / 2), publish(1, min_chunk_size + 1),
        publish(1, max_chunk_size * 2), publish(max_content_size + 1, max_chunk_size),
        publish(max_content_size, max_chunk_size / 2), publish(~std::uint64_t{0}, min_chunk_size)})
    EXPECT_EQ(refusal_of(payload_of(bad)), misfit);
  const CatalogEntry entry{{}, {"n"}, 1, 3, 0, 0, 0, {}};
  EXPECT_EQ(refusal_of(payload_of(Listing{{}, {entry}, {}})), misfit);
  EXPECT_EQ(refusal_of(payload_of(Shared{{}, {}, {SharedFile{{}, {"n"}, {}, 1, 3}}, {}})), misfit);
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
