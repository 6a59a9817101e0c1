// Manifests as nobody honest makes them: each is refused, and for its own reason.
#include "tests/unit/proto_support.hpp"
#include "tests/unit/proto_tree.hpp"

namespace p2pd::proto {
namespace {

std::string manifest_refusal(View bytes) {
  return refusal([&] { decode_manifest(bytes); });
}
std::string manifest_refusal(const Manifest& manifest) {
  return manifest_refusal(View(encode(manifest)));
}

constexpr const char* malformed_path = "manifest: a path leaves its tree or is malformed";
constexpr const char* no_order = "manifest: paths are not in order, or one occurs twice";
constexpr const char* no_folder = "manifest: a path has no folder of its own";
constexpr const char* bad_link = "manifest: a symlink leaves its tree";
constexpr const char* bad_sum = "manifest: the files do not add up to its size";
constexpr const char* bad_count = "manifest: the number of hashes does not match its size";
constexpr const char* not_canonical = "not in canonical form";

TEST(HostileManifest, PathsThatLeaveTheirTree) {
  for (const std::string& path :
       {std::string(""), std::string("."), std::string(".."), std::string("/"), std::string("/a"),
        std::string("../a"), std::string("a/"), std::string("a//b"), std::string("a/./b"),
        std::string("a/../b"), std::string("a/.."), std::string("./a"), std::string("a\0b", 3),
        std::string("\0", 1), std::string(256, 'n'), std::string("//")})
    EXPECT_EQ(manifest_refusal(tree({folder("a"), file(path)})), malformed_path) << path;
  std::string deep = "d";
  while (deep.size() <= 4096) deep += "/d";
  EXPECT_EQ(manifest_refusal(tree({file(deep)})), "a byte string is too long");
}

TEST(HostileManifest, PathsOutOfOrder) {
  EXPECT_EQ(manifest_refusal(tree({file("b"), file("a")})), no_order);
  EXPECT_EQ(manifest_refusal(tree({file("a"), file("a")})), no_order);
  EXPECT_EQ(manifest_refusal(tree({folder("a"), file("a")})), no_order);
  EXPECT_EQ(manifest_refusal(tree({folder("a"), file("a/b"), file("a/b")})), no_order);
  EXPECT_EQ(manifest_refusal(tree({folder("a"), file("a/b"), folder("a")})), no_order);
  EXPECT_EQ(manifest_refusal(tree({folder("a"), file("a.b"), file("a/b")})), no_order)
      << "what a folder holds follows it at once";
  EXPECT_EQ(manifest_refusal(tree({file("\xff"), file("a")})), no_order) << "bytes are unsigned";
  EXPECT_EQ(manifest_refusal(tree({folder("a"), file("a/z"), folder("a/b")})), no_order);
}

TEST(HostileManifest, PathsWithoutTheirFolder) {
  EXPECT_EQ(manifest_refusal(tree({file("a/b")})), no_folder);
  EXPECT_EQ(manifest_refusal(tree({folder("a"), file("a/b/c")})), no_folder);
  EXPECT_EQ(manifest_refusal(tree({file("a"), file("a/b")})), no_folder) << "through a file";
  EXPECT_EQ(manifest_refusal(tree({symlink("a", "b"), file("a/b")})), no_folder)
      << "through a symlink";
  EXPECT_EQ(manifest_refusal(tree({folder("a"), symlink("a/b", "c"), file("a/b/c")})), no_folder);
  EXPECT_EQ(manifest_refusal(tree({folder("a"), file("ab/c")})), no_folder)
      << "a prefix is no folder";
  EXPECT_EQ(manifest_refusal(tree({folder("a"), folder("a/b"), file("b/c")})), no_folder);
  EXPECT_EQ(manifest_refusal(tree({folder("a"), folder("a/b"), folder("b"), file("b/b/c")})),
            no_folder);
}

TEST(HostileManifest, SymlinksThatLeaveTheirTree) {
  for (const std::string& target :
       {std::string(""), std::string("/"), std::string("/etc/passwd"), std::string(".."),
        std::string("../x"), std::string("./.."), std::string("x/.."), std::string("x/../../y"),
        std::string("./../x"), std::string("x\0y", 3)})
    EXPECT_EQ(manifest_refusal(tree({symlink("link", target)})), bad_link) << target;
  EXPECT_EQ(manifest_refusal(tree({folder("a"), symlink("a/link", "../..")})), bad_link);
  EXPECT_EQ(manifest_refusal(tree({folder("a"), symlink("a/link", "../../a")})), bad_link);
  EXPECT_EQ(manifest_refusal(tree({symlink("link", std::string(4097, 'x'))})),
            "a byte string is too long");
}

TEST(HostileManifest, FieldsThatTheirKindDoesNotHave) {
  EXPECT_EQ(manifest_refusal(tree({{EntryKind::folder, "a", 1, 0, ""}})),
            "manifest: only files have a size");
  EXPECT_EQ(manifest_refusal(tree({{EntryKind::symlink, "a", 1, 0, "b"}})),
            "manifest: only files have a size");
  EXPECT_EQ(manifest_refusal(tree({{EntryKind::symlink, "a", 0, 1, "b"}})),
            "manifest: a symlink has a time");
  EXPECT_EQ(manifest_refusal(tree({{EntryKind::file, "a", 0, 0, "b"}})), bad_link);
  EXPECT_EQ(manifest_refusal(tree({{EntryKind::executable, "a", 0, 0, "b"}})), bad_link);
  EXPECT_EQ(manifest_refusal(tree({{EntryKind::folder, "a", 0, 0, "b"}})), bad_link);
  EXPECT_EQ(manifest_refusal(tree({{static_cast<EntryKind>(4), "a", 0, 0, ""}})),
            "a number is out of range");
}

TEST(HostileManifest, SizesThatDoNotAddUp) {
  Manifest more = tree({file("a", 100)});
  more.size = 101;
  EXPECT_EQ(manifest_refusal(more), bad_sum);
  Manifest less = tree({file("a", 100)});
  less.size = 99;
  EXPECT_EQ(manifest_refusal(less), bad_sum);
  Manifest wrapped = tree({file("a"), file("b", 1)});
  wrapped.entries[0].size = ~std::uint64_t{0};
  wrapped.size = 0;
  EXPECT_EQ(manifest_refusal(wrapped), "a number is out of range");
  Manifest giant = tree({file("a")});
  giant.size = max_content_size + 1;
  EXPECT_EQ(manifest_refusal(giant), "a number is out of range");
}

TEST(HostileManifest, HashesThatDoNotFit) {
  for (const std::size_t count : {0U, 1U, 3U, 100U}) {
    Manifest manifest = single(2 * min_chunk_size, min_chunk_size);
    manifest.hashes.resize(count);
    EXPECT_EQ(manifest_refusal(manifest), bad_count) << count;
  }
  EXPECT_EQ(manifest_refusal(raw("95 01 01 ce00080000 90 c4 1f") /* 31 bytes of hash, cut off */),
            "cut-off msgpack");
  Bytes odd = raw("95 01 01 ce00080000 90 c4 1f");
  odd.resize(odd.size() + 31);
  EXPECT_EQ(manifest_refusal(odd), bad_count);
  Manifest too_many = single(max_content_size, max_chunk_size);
  too_many.chunk_size = max_chunk_size / 2;
  EXPECT_EQ(manifest_refusal(too_many), bad_count);
  too_many.hashes.resize(max_chunks + 1);
  EXPECT_EQ(manifest_refusal(too_many), "a byte string is too long");
}

TEST(HostileManifest, ChunkSizes) {
  for (const std::uint32_t size : {0U, 1U, 8'192U, 16'383U, 16'385U, 24'576U, 4'194'303U}) {
    Manifest manifest = single(0);
    manifest.chunk_size = size;
    EXPECT_EQ(manifest_refusal(manifest), "manifest: invalid chunk size") << size;
  }
  Manifest manifest = single(0);
  manifest.chunk_size = max_chunk_size * 2;
  EXPECT_EQ(manifest_refusal(manifest), "a number is out of range");
}

// Each is the manifest of an empty file, 95 01 00 ce00080000 90 c400, but written otherwise.
TEST(HostileManifest, OtherFormsOfTheSame) {
  EXPECT_EQ(manifest_refusal(raw("95 01 00 ce00080000 90 c400")), "");
  for (const char* other :
       {"dc0005 01 00 ce00080000 90 c400", "dd00000005 01 00 ce00080000 90 c400",
        "95 cc01 00 ce00080000 90 c400", "95 d001 00 ce00080000 90 c400",
        "95 01 cc00 ce00080000 90 c400", "95 01 cd0000 ce00080000 90 c400",
        "95 01 cf0000000000000000 ce00080000 90 c400",
        "95 01 d300000000 00000000 ce00080000 90 c400", "95 01 00 cf0000000000080000 90 c400",
        "95 01 00 d200080000 90 c400", "95 01 00 ce00080000 dc0000 c400",
        "95 01 00 ce00080000 dd00000000 c400", "95 01 00 ce00080000 90 c50000",
        "95 01 00 ce00080000 90 c600000000"})
    EXPECT_EQ(manifest_refusal(raw(other)), not_canonical) << other;
}

// Likewise the tree of one empty file "a" of time 5: 95 01 00 cd4000 91 95 00 c40161 00 05 c400.
TEST(HostileManifest, OtherFormsOfTheSameTree) {
  EXPECT_EQ(manifest_refusal(raw("95 01 00 cd4000 91 95 00 c40161 00 05 c400 c400")), "");
  for (const char* other : {"95 01 00 cd4000 91 dc0005 00 c40161 00 05 c400 c400",
                            "95 01 00 cd4000 dc0001 95 00 c40161 00 05 c400 c400",
                            "95 01 00 cd4000 91 95 cc00 c40161 00 05 c400 c400",
                            "95 01 00 cd4000 91 95 00 c5000161 00 05 c400 c400",
                            "95 01 00 cd4000 91 95 00 c40161 cc00 05 c400 c400",
                            "95 01 00 cd4000 91 95 00 c40161 00 d005 c400 c400",
                            "95 01 00 cd4000 91 95 00 c40161 00 05 c50000 c400"})
    EXPECT_EQ(manifest_refusal(raw(other)), not_canonical) << other;
}

TEST(HostileManifest, WrongShapes) {
  const std::vector<std::pair<const char*, std::string>> cases{
      {"94 01 00 ce00080000 90", "a field is missing"},
      {"96 01 00 ce00080000 90 c400 c0", "a list is too long"},
      {"90", "a field is missing"},
      {"01", "a field has the wrong type"},
      {"80", "a field has the wrong type"},
      {"95 00 00 ce00080000 90 c400", "manifest: unknown version"},
      {"95 02 00 ce00080000 90 c400", "manifest: unknown version"},
      {"95 a131 00 ce00080000 90 c400", "a field has the wrong type"},
      {"95 01 ff ce00080000 90 c400", "a field has the wrong type"},
      {"95 01 00 ca48000000 90 c400", "a field has the wrong type"},
      {"95 01 00 ce00080000 c0 c400", "a field has the wrong type"},
      {"95 01 00 ce00080000 80 c400", "a field has the wrong type"},
      {"95 01 00 ce00080000 90 a0", "a field has the wrong type"},
      {"95 01 00 ce00080000 90 90", "a field has the wrong type"},
      {"95 01 00 cd4000 91 94 00 c40161 00 05 c400", "a field is missing"},
      {"95 01 00 cd4000 91 96 00 c40161 00 05 c400 c0 c400", "a list is too long"},
      {"95 01 00 cd4000 91 95 00 a161 00 05 c400 c400", "a field has the wrong type"},
      {"95 01 00 cd4000 91 95 00 c40161 00 cf8000000000000000 c400 c400",
       "a number is out of range"},
      {"95 01 00 cd4000 91 95 91 00 c40161 00 05 c400 c400", "a field has the wrong type"},
      {"95 01 00 cd4000 dd ffffffff c400", "a list is too long"},
      {"95 01 00 cd4000 91 95 00 c40161 00 c7000000 c400 c400", "a field has the wrong type"},
      {"95 01 00 ce00080000 90 c400 00", "surplus bytes after the value"}};
  for (const auto& [digits, why] : cases) EXPECT_EQ(manifest_refusal(raw(digits)), why) << digits;
  EXPECT_EQ(manifest_refusal(View()), "cut-off msgpack");
}

TEST(HostileManifest, EveryCut) {
  const Bytes bytes = encode(tree({folder("a"), file("a/b", 9), symlink("c", "a/b")}));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_EQ(manifest_refusal(View(bytes).first(size)), "cut-off msgpack") << size;
}

TEST(HostileManifest, BeyondTheCaps) {
  EXPECT_EQ(manifest_refusal(Bytes(max_manifest + 1)), "manifest: over 64 MiB");
  Bytes entries = raw("95 01 00 cd4000 dd 000f4241"); // 1,000,001
  entries.resize(entries.size() + 1'000'001, 0xc0);
  entries = joined(std::move(entries), raw("c400"));
  EXPECT_EQ(manifest_refusal(entries), "a list is too long");
  Bytes values = raw("95 01 00 cd4000 dd 01000000");
  values.resize(values.size() + 0x01000000, 0xc0);
  EXPECT_EQ(manifest_refusal(joined(std::move(values), raw("c400"))), "a list is too long");
}

} // namespace
} // namespace p2pd::proto
