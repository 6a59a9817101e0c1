#include "tests/unit/proto_support.hpp"
#include "tests/unit/proto_tree.hpp"

namespace p2pd::proto {
namespace {

void expect_round_trip(const Manifest& manifest) {
  const Bytes bytes = encode(manifest);
  const Manifest back = decode_manifest(bytes);
  EXPECT_EQ(back.size, manifest.size);
  EXPECT_EQ(back.chunk_size, manifest.chunk_size);
  EXPECT_EQ(back.hashes, manifest.hashes);
  ASSERT_EQ(back.entries.size(), manifest.entries.size());
  for (std::size_t i = 0; i < back.entries.size(); ++i) {
    const Entry& got = back.entries[i];
    const Entry& put = manifest.entries[i];
    EXPECT_EQ(std::tie(got.kind, got.path, got.size, got.mtime_ns, got.target),
              std::tie(put.kind, put.path, put.size, put.mtime_ns, put.target));
  }
  EXPECT_EQ(encode(back), bytes);
}

TEST(Manifest, SingleFilesRoundTrip) {
  for (const std::uint64_t size : {0U, 1U, 524'287U, 524'288U, 524'289U, 100U << 19, 200U << 19}) {
    expect_round_trip(single(size));
    EXPECT_TRUE(decode_manifest(encode(single(size))).single_file());
  }
}

TEST(Manifest, TreesRoundTrip) {
  expect_round_trip(tree({file("only")}));
  expect_round_trip(tree({folder("empty")}));
  expect_round_trip(tree({folder("a"), file("a/b", 20'000), file("a.b", 1), file("ab")}));
  expect_round_trip(tree({folder("a"), folder("a/a"), folder("a/a/a"), file("a/a/a/f"),
                          file("a/a/g"), file("a/h"), file("i", 3)}));
  expect_round_trip(tree({folder("bin"),
                          symlink("bin/sh", "../lib/dash"),
                          folder("lib"),
                          {EntryKind::executable, "lib/dash", 16'385, -1, ""},
                          symlink("link", "no/such/target")}));
  expect_round_trip(tree(
      {file("\x01\xff not utf-8"), file("name\nwith a line end"), file(std::string(255, 'n'))}));
  const std::int64_t furthest = std::numeric_limits<std::int64_t>::max();
  expect_round_trip(tree({{EntryKind::file, "future", 0, furthest, ""},
                          {EntryKind::file, "past", 0, -furthest - 1, ""}}));
}

TEST(Manifest, TheLongestPathIsTaken) {
  std::vector<Entry> entries;
  std::string path;
  for (int depth = 0; depth < 16; ++depth) {
    path += (depth == 0 ? "" : "/") + std::string(255, 'd');
    entries.push_back(folder(path));
  }
  EXPECT_EQ(path.size(), 4095U);
  expect_round_trip(tree(entries));
}

TEST(Manifest, ChunksCoverTheContent) {
  const Manifest manifest = single(2 * usual_chunk_size + 7);
  EXPECT_EQ(manifest.chunks(), 3U);
  EXPECT_EQ(number(manifest.offset(ChunkIndex{2})), 2U * usual_chunk_size);
  EXPECT_EQ(manifest.length(ChunkIndex{1}), usual_chunk_size);
  EXPECT_EQ(manifest.length(ChunkIndex{2}), 7U);
  EXPECT_EQ(single(usual_chunk_size).length(ChunkIndex{0}), usual_chunk_size);

  const Manifest largest = single(max_content_size, max_chunk_size);
  EXPECT_EQ(largest.chunks(), max_chunks);
  EXPECT_EQ(number(largest.offset(ChunkIndex{max_chunks - 1})), max_content_size - max_chunk_size);
  expect_round_trip(largest);
}

TEST(Manifest, ChunkSizesArePowersOfTwo) {
  for (std::uint64_t size = 16'384; size <= 4'194'304; size *= 2) {
    EXPECT_TRUE(valid_chunk_size(size)) << size;
    EXPECT_FALSE(valid_chunk_size(size + 1)) << size;
    EXPECT_FALSE(valid_chunk_size(size - 1)) << size;
    EXPECT_FALSE(valid_chunk_size(size + size / 2)) << size;
  }
  for (const std::uint64_t size : {0ULL, 1ULL, 8'192ULL, 8'388'608ULL, 1ULL << 32, 1ULL << 63})
    EXPECT_FALSE(valid_chunk_size(size)) << size;
}

TEST(Manifest, TheChunkSizeDoublesToKeepTheCountDown) {
  constexpr std::uint64_t most = 65'536;
  constexpr std::uint64_t most_of_small = 512;
  EXPECT_EQ(default_chunk_size(0), small_chunk_size);
  for (std::uint32_t size = small_chunk_size; size < usual_chunk_size; size *= 2) {
    EXPECT_EQ(default_chunk_size(most_of_small * size), size);
    EXPECT_EQ(default_chunk_size(most_of_small * size + 1), size * 2);
  }
  for (std::uint32_t size = usual_chunk_size; size < max_chunk_size; size *= 2) {
    EXPECT_EQ(default_chunk_size(most * size), size);
    EXPECT_EQ(default_chunk_size(most * size + 1), size * 2);
  }
  EXPECT_EQ(default_chunk_size(max_content_size), max_chunk_size) << "then more chunks";
  EXPECT_EQ(default_chunk_size(~std::uint64_t{0}), max_chunk_size);
}

TEST(Manifest, ChunksAreCountedRoundingUp) {
  EXPECT_EQ(chunk_count(0, 16'384), 0U);
  EXPECT_EQ(chunk_count(1, 16'384), 1U);
  EXPECT_EQ(chunk_count(16'384, 16'384), 1U);
  EXPECT_EQ(chunk_count(16'385, 16'384), 2U);
  EXPECT_EQ(chunk_count(~std::uint64_t{0}, 16'384), std::uint64_t{1} << 50) << "no overflow";
  EXPECT_TRUE(valid_shape(max_content_size, max_chunk_size));
  EXPECT_FALSE(valid_shape(max_content_size + 1, max_chunk_size));
  EXPECT_TRUE(valid_shape(std::uint64_t{max_chunks} * min_chunk_size, min_chunk_size));
  EXPECT_FALSE(valid_shape(std::uint64_t{max_chunks} * min_chunk_size + 1, min_chunk_size));
  EXPECT_FALSE(valid_shape(0, 0));
}

// The ids were computed with another implementation of BLAKE2b (Python's hashlib).
TEST(Manifest, ContentIdsAreKnown) {
  Manifest hello = single(11);
  ASSERT_TRUE(from_hex("7a81893126253c3f1696ab5c0db97e438d3208e2b5d0a95ba2a1b9265758f4c2",
                       hello.hashes[0].bytes));
  EXPECT_EQ(to_text(content_id_of(encode(hello))),
            "106dd5692330a8932b875b6d88fb5ae70b0f6e6f21463f208d1158a75961734e");
  EXPECT_EQ(to_text(content_id_of(encode(single(0)))),
            "b2eae685e92bfb17bbeae915fc80590bdf0f8a9bf20625428c465fc62ad54b65");
}

} // namespace
} // namespace p2pd::proto
