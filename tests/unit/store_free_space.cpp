#include "store_fixture.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statfs.h>

namespace p2pd::store {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

class FreeSpaceTest : public WriteTest {
 protected:
  std::uint64_t allocated(std::string_view name) const {
    struct stat status;
    EXPECT_EQ(::stat(at(name).c_str(), &status), 0);
    return static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
};

// A file system of its own, where the test may mount one.
class Mounted {
 public:
  Mounted(const std::string& path, const char* options)
      : path_(path), there_(::mount("none", path.c_str(), "tmpfs", 0, options) == 0) {}
  ~Mounted() {
    if (there_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  explicit operator bool() const { return there_; }

 private:
  const std::string path_;
  const bool there_;
};

TEST_F(FreeSpaceTest, ReservesWhatIsNotZeros) {
  std::string text(8 << 20, '\0');
  text.replace(2 << 20, 1 << 20, random_text(1 << 20, 1));
  content(text);
  const auto store = create();
  ASSERT_TRUE(store.ok()) << store.fault().message;
  EXPECT_EQ(fs::file_size(at(part())), text.size() + tag_size);
  struct statfs system;
  ASSERT_EQ(::statfs(at(part()).c_str(), &system), 0);
  if (system.f_type != TMPFS_MAGIC) {
    EXPECT_GE(allocated(part()), 1U << 20);
  }
  EXPECT_LE(allocated(part()), (1U << 20) + 65536);
  for (std::uint32_t i = 0; i < manifest_->chunks(); ++i)
    if (!disk::is_zero_chunk(*manifest_, proto::ChunkIndex{i})) {
      EXPECT_TRUE(write(**store, i).ok());
    }
  EXPECT_TRUE((*store)->finish(false).ok());
  expect_content();
  EXPECT_LE(allocated("got"), (1U << 20) + 65536);
}

TEST_F(FreeSpaceTest, SaysBeforeTheFirstByteThatThereIsTooLittle) {
  auto manifest = std::make_shared<proto::Manifest>();
  manifest->size = proto::max_content_size;
  manifest->chunk_size = proto::max_chunk_size;
  manifest->hashes.resize(proto::max_chunks);
  manifest_ = manifest;
  const auto store = create();
  EXPECT_TRUE(store.fault().is(ENOSPC));
  EXPECT_NE(store.fault().message.find("\" needs 4398.0 GB, and "), std::string::npos)
      << store.fault().message;
  EXPECT_TRUE(fs::is_empty(top_));
}

TEST_F(FreeSpaceTest, CountsWhatATreeTakesOnTheDisk) {
  const Mounted small(make_folder("small"), "size=1m,nr_inodes=40");
  if (!small) GTEST_SKIP() << "needs the right to mount";
  std::vector<proto::Entry> entries;
  for (int i = 100; i < 300; ++i) entries.push_back(entry(Kind::file, std::to_string(i), 3000));
  content(std::string(600'000, 'x'), entries); // in blocks: 800 KB
  const auto store = create("small/got");
  EXPECT_TRUE(store.fault().is(ENOSPC));
  EXPECT_NE(store.fault().message.find("needs 200 files"), std::string::npos)
      << store.fault().message;
}

TEST_F(FreeSpaceTest, GoesOnWhenThereIsRoomAgain) {
  const Mounted small(make_folder("small"), "size=2m");
  if (!small) GTEST_SKIP() << "needs the right to mount";
  make("small/other", std::string(1 << 20, 'o'));
  content(random_text(1'500'000, 1));
  EXPECT_TRUE(create("small/got").fault().is(ENOSPC));
  fs::remove(at("small/other"));
  const auto store = create("small/got");
  ASSERT_TRUE(store.ok()) << store.fault().message;
  EXPECT_TRUE((*store)->check_free_space().ok());
  write_all(**store);
  EXPECT_TRUE((*store)->finish(false).ok());
  expect_content("small/got");
}

TEST_F(FreeSpaceTest, FindsTheDiskFullInTheMiddle) {
  const Mounted small(make_folder("small"), "size=1m");
  if (!small) GTEST_SKIP() << "needs the right to mount";
  std::vector<proto::Entry> entries; // small ones, for which nothing is reserved
  for (int i = 0; i < 8; ++i) entries.push_back(entry(Kind::file, std::to_string(i), 65536));
  content(random_text(8 * 65536, 1), entries);
  const auto store = create("small/got");
  ASSERT_TRUE(store.ok()) << store.fault().message;
  std::ofstream(at("small/other")) << std::string(1 << 20, 'o');
  disk::Outcome written;
  for (std::uint32_t i = 0; written && i < manifest_->chunks(); ++i) written = write(**store, i);
  EXPECT_TRUE(written.fault().is(ENOSPC)) << written.fault().message;
  EXPECT_TRUE((*store)->check_free_space().fault().is(ENOSPC));
  fs::remove(at("small/other"));
  EXPECT_TRUE((*store)->check_free_space().ok());
  write_all(**store);
  EXPECT_TRUE((*store)->finish(false).ok());
  expect_content("small/got");
}

TEST_F(FreeSpaceTest, NamesTwoNamesThatAreOne) {
  content("", {entry(Kind::folder, "d"), entry(Kind::folder, "d/same"),
               entry(Kind::folder, "d/same")}); // no manifest has this; no file system either
  const auto store = create();
  EXPECT_TRUE(store.fault().is(EEXIST));
  EXPECT_NE(store.fault().message.find("\"d/same\" and \"d/same\" are one name"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(at(part())));
}

TEST_F(FreeSpaceTest, NamesTwoNamesThatACaseFoldingFileSystemMerges) {
  const Mounted folding(make_folder("folding"), "size=1m,casefold");
  const disk::Fd folder(::open(at("folding").c_str(), O_RDONLY | O_DIRECTORY));
  int flags = 0x40000000; // FS_CASEFOLD_FL
  if (!folding || ::ioctl(folder.get(), _IOW('f', 2, long), &flags) != 0)
    GTEST_SKIP() << "needs a file system that folds case";
  content("ab", {entry(Kind::file, "README", 1), entry(Kind::file, "readme", 1)});
  const auto store = create("folding/got");
  EXPECT_TRUE(store.fault().is(EEXIST));
  EXPECT_NE(store.fault().message.find("\"README\" and \"readme\" are one name"), std::string::npos)
      << store.fault().message;
  EXPECT_FALSE(fs::exists(at("folding/" + part())));
}

TEST_F(FreeSpaceTest, FetchesSomeFilesOfATree) {
  tree();
  std::vector<bool> chosen(manifest_->entries.size());
  std::size_t wanted = 0;
  std::size_t from = 0;
  while (manifest_->entries[wanted].size != 50'000) from += manifest_->entries[wanted++].size;
  chosen[wanted] = true;
  const auto made = WriteStore::create(parent("got"), Layout(manifest_, chosen));
  ASSERT_TRUE(made.ok()) << made.fault().message;
  const Shared& store = *made;
  EXPECT_FALSE(fs::exists(at(part("/last"))));
  EXPECT_FALSE(fs::exists(at(part("/d/deep/empty"))));

  std::size_t whole = 0;
  for (std::uint32_t i = 0; i < manifest_->chunks(); ++i) {
    const Layout::Share share = store->layout().share_of(proto::ChunkIndex{i});
    if (share == Layout::Share::none) continue;
    EXPECT_TRUE(write(*store, i).ok());
    whole += share == Layout::Share::all;
  }
  EXPECT_GE(whole, 2U);
  EXPECT_EQ(read(*store, from, 50'000), text_.substr(from, 50'000));
  EXPECT_NE(read(*store, 0, from + 1).find("was not fetched"), std::string::npos);
  const disk::Outcome finished = store->finish(false);
  ASSERT_TRUE(finished.ok()) << finished.fault().message;
  EXPECT_TRUE(store->unchanged().ok());
  EXPECT_EQ(store->identities().size(), store->layout().files());
  EXPECT_EQ(contents(at("got/" + manifest_->entries[wanted].path)), text_.substr(from, 50'000));
}

} // namespace
} // namespace p2pd::store
