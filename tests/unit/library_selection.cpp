// Which files of a tree are fetched, which chunks they take, and when a folder has their shape.
#include "daemon/library/same_content.hpp"
#include "daemon/library/selection.hpp"

#include <gtest/gtest.h>

namespace p2pd::library {
namespace {

using proto::ChunkIndex;
using proto::ChunkSet;
using proto::Entry;
using Kind = proto::Entry::Kind;

constexpr std::uint32_t chunk = proto::min_chunk_size;

Entry entry(Kind kind, std::string path, std::uint64_t size = 0) {
  Entry made;
  made.kind = kind;
  made.path = std::move(path);
  made.size = size;
  return made;
}

proto::Manifest manifest_of(std::vector<Entry> entries) {
  proto::Manifest manifest;
  manifest.chunk_size = chunk;
  for (const Entry& each : entries) manifest.size += each.size;
  manifest.entries = std::move(entries);
  manifest.hashes.resize(proto::chunk_count(manifest.size, chunk));
  return manifest;
}

// cd/ has one and a half chunks, dvd/ begins in the middle of the second.
proto::Manifest album() {
  return manifest_of({entry(Kind::folder, "cd"), entry(Kind::file, "cd/1.flac", chunk),
                      entry(Kind::file, "cd/2.flac", chunk / 2), entry(Kind::folder, "dvd"),
                      entry(Kind::file, "dvd/a.mkv", chunk), entry(Kind::file, "note", chunk / 2)});
}

disk::Result<store::Layout> choose(const proto::Manifest& manifest, std::vector<std::string> only) {
  return choose_files(std::make_shared<const proto::Manifest>(manifest), only);
}

std::vector<std::string> chosen(const proto::Manifest& manifest, std::vector<std::string> only) {
  const auto layout = choose(manifest, std::move(only));
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < manifest.entries.size(); ++i)
    if (layout->has_entry(i)) paths.push_back(manifest.entries[i].path);
  return paths;
}

std::vector<std::uint32_t> numbers(const ChunkSet& chunks) {
  std::vector<std::uint32_t> all;
  chunks.each([&](ChunkIndex each) { all.push_back(number(each)); });
  return all;
}

using Paths = std::vector<std::string>;

TEST(Selection, WithoutGlobsEverythingIsChosen) {
  EXPECT_EQ(chosen(album(), {}).size(), album().entries.size());
}

TEST(Selection, AGlobChoosesAFileWithTheFoldersAroundIt) {
  EXPECT_EQ(chosen(album(), {"cd/2.flac"}), (Paths{"cd", "cd/2.flac"}));
  EXPECT_EQ(chosen(album(), {"note", "*.mkv"}), (Paths{"dvd", "dvd/a.mkv", "note"}));
}

TEST(Selection, AGlobChoosesAFolderWithAllBelowIt) {
  EXPECT_EQ(chosen(album(), {"cd"}), (Paths{"cd", "cd/1.flac", "cd/2.flac"}));
}

TEST(Selection, AGlobMatchesWholePathsOnly) {
  EXPECT_TRUE(choose(album(), {"1.flac"}).fault().is(ENOENT));
  EXPECT_TRUE(choose(album(), {"c"}).fault().is(ENOENT));
}

TEST(Selection, WhatMatchesNothingIsAnErrorThatNamesTheGlobs) {
  const auto none = choose(album(), {"*.iso", "vinyl"});
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.fault().is(ENOENT));
  EXPECT_NE(none.fault().message.find("*.iso or vinyl"), std::string::npos);
}

TEST(Selection, ASingleFileHasNothingToChooseFrom) {
  proto::Manifest single;
  single.size = chunk;
  single.chunk_size = chunk;
  single.hashes.resize(1);
  EXPECT_TRUE(choose(single, {"*"}).fault().is(ENOTDIR));
  EXPECT_TRUE(choose(single, {}));
}

// The second chunk belongs to both folders: it is fetched for either, and offered by neither alone.
TEST(Selection, AChunkOfAnUnchosenFileIsWantedButNotWhole) {
  const auto cd = choose(album(), {"cd"});
  EXPECT_EQ(numbers(wanted_chunks(*cd)), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(numbers(whole_chunks(*cd)), (std::vector<std::uint32_t>{0}));
  const auto dvd = choose(album(), {"dvd"});
  EXPECT_EQ(numbers(wanted_chunks(*dvd)), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_TRUE(numbers(whole_chunks(*dvd)).empty());
  const auto all = choose(album(), {});
  EXPECT_TRUE(wanted_chunks(*all).full());
  EXPECT_TRUE(whole_chunks(*all).full());
}

TEST(Selection, TheLastChunkCountsWithItsOwnLength) {
  const proto::Manifest manifest = manifest_of({entry(Kind::file, "a", 2 * chunk + 7)});
  ChunkSet last(3);
  last.add(ChunkIndex{2});
  EXPECT_EQ(bytes_of(manifest, last), 7U);
  EXPECT_EQ(bytes_of(manifest, ChunkSet(3, true)), manifest.size);
}

class SameShape : public testing::Test {
 protected:
  bool same(const proto::Manifest& scanned) const { return same_shape(scanned, *layout); }

  disk::Result<store::Layout> layout = choose(album(), {});
};

TEST_F(SameShape, OfTheSameTreeWhateverItsTimes) {
  proto::Manifest scanned = album();
  EXPECT_TRUE(same(scanned));
  scanned.entries[1].mtime_ns = 7;
  EXPECT_TRUE(same(scanned));
}

TEST_F(SameShape, NotWithAnotherKindNameSizeOrTarget) {
  for (const auto change :
       {+[](Entry& entry) { entry.kind = Kind::executable; },
        +[](Entry& entry) { entry.path += "x"; }, +[](Entry& entry) { ++entry.size; },
        +[](Entry& entry) { entry.target = "x"; }}) {
    proto::Manifest scanned = album();
    change(scanned.entries[1]);
    EXPECT_FALSE(same(scanned));
  }
}

TEST_F(SameShape, NotWithAnEntryMoreOrLess) {
  proto::Manifest more = album(), less = album();
  more.entries.push_back(entry(Kind::file, "zzz"));
  less.entries.pop_back();
  EXPECT_FALSE(same(more));
  EXPECT_FALSE(same(less));
}

TEST_F(SameShape, OfTheChosenPartAlone) {
  layout = choose(album(), {"cd"});
  proto::Manifest scanned = album();
  EXPECT_FALSE(same(scanned));
  scanned.entries.resize(3);
  EXPECT_TRUE(same(scanned));
}

TEST_F(SameShape, OfASingleFileByItsSize) {
  proto::Manifest single;
  single.size = 100;
  single.chunk_size = chunk;
  single.hashes.resize(1);
  layout = choose(single, {});
  EXPECT_TRUE(same(single));
  EXPECT_FALSE(same(album())) << "a folder in its place";
  proto::Manifest longer = single;
  ++longer.size;
  EXPECT_FALSE(same(longer));
}

} // namespace
} // namespace p2pd::library
