#include "store_fixture.hpp"

namespace p2pd::store {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

class WriteRepairTest : public WriteTest {
 protected:
  void fetch() const {
    const auto store = create();
    write_all(**store);
    const disk::Outcome finished = (*store)->finish(false);
    ASSERT_TRUE(finished.ok()) << finished.fault().message;
  }
  // Other bytes of the same number.
  void rot(std::string_view name) const {
    std::fstream(at(name), std::ios::in | std::ios::out | std::ios::binary) << "rot";
  }
  std::uint64_t inode_of(std::string_view name) const {
    struct stat status {};
    EXPECT_EQ(::stat(at(name).c_str(), &status), 0);
    return status.st_ino;
  }
  void write_first(const WriteStore& store) const {
    for (std::uint32_t chunk = 0; chunk < 3; ++chunk) {
      const disk::Outcome written = write(store, chunk);
      EXPECT_TRUE(written.ok()) << written.fault().message;
    }
  }
};

TEST_F(WriteRepairTest, MendsAFileInItsPlace) {
  content(random_text(100'000, 1));
  fetch();
  const std::uint64_t inode = inode_of("got");
  rot("got");
  const auto store = repair();
  ASSERT_TRUE(store.ok()) << store.fault().message;
  EXPECT_EQ(read(**store, 0, 3), "rot");
  write_first(**store);
  EXPECT_TRUE((*store)->sync().ok());
  EXPECT_TRUE((*store)->check_free_space().ok());
  const disk::Outcome finished = (*store)->finish(false);
  ASSERT_TRUE(finished.ok()) << finished.fault().message;
  expect_content();
  EXPECT_TRUE((*store)->unchanged().ok());
  ASSERT_EQ((*store)->identities().size(), 1U);
  EXPECT_EQ((*store)->identities().front().inode, inode);
  EXPECT_EQ(read(**store, 0, text_.size()), text_);
}

TEST_F(WriteRepairTest, MendsATreeAndKeepsItsTimes) {
  tree();
  fetch();
  rot("got/d/deep/f5"); // its time is another now, as after a write of our own
  make("got/notes", "somebody's");
  const auto store = repair();
  ASSERT_TRUE(store.ok()) << store.fault().message;
  write_first(**store);
  const disk::Outcome finished = (*store)->finish(false);
  ASSERT_TRUE(finished.ok()) << finished.fault().message;
  expect_content();
  EXPECT_TRUE((*store)->unchanged().ok());
  EXPECT_EQ((*store)->identities().size(), 8U);
  EXPECT_EQ(contents(at("got/notes")), "somebody's");
}

TEST_F(WriteRepairTest, LeavesAloneWhatIsNotOfItsSize) {
  content(random_text(100'000, 1));
  EXPECT_TRUE(repair().fault().is(ENOENT));
  fetch();
  fs::resize_file(at("got"), 100'001);
  EXPECT_TRUE(repair().fault().is(ESTALE));
  EXPECT_EQ(fs::file_size(at("got")), 100'001U);
  fs::resize_file(at("got"), 100'000);
  fs::create_hard_link(at("got"), at("other")); // a write would change that one as well
  EXPECT_TRUE(repair().fault().is(ESTALE));
  fs::remove(at("other"));
  EXPECT_TRUE(repair().ok());
  fs::rename(at("got"), at("moved"));
  fs::create_symlink(at("moved"), at("got"));
  EXPECT_FALSE(repair().ok());

  fs::remove(at("got"));
  tree();
  fetch();
  fs::resize_file(at("got/d/deep/f5"), 2999);
  EXPECT_TRUE(repair().fault().is(ESTALE));
  EXPECT_EQ(fs::file_size(at("got/d/deep/f5")), 2999U);
}

TEST_F(WriteRepairTest, KnowsWhenItWasReplacedMeanwhile) {
  content(random_text(1000, 1));
  fetch();
  const auto store = repair();
  fs::rename(at("got"), at("moved"));
  make("got", "somebody's");
  EXPECT_TRUE((*store)->finish(true).fault().is(ESTALE));
  EXPECT_EQ(contents(at("got")), "somebody's");
}

TEST_F(WriteRepairTest, DiscardsNothing) {
  for (const bool single : {true, false}) {
    single ? content(random_text(100'000, 1)) : tree();
    fetch();
    const auto store = repair();
    (*store)->discard();
    expect_content();
    fs::remove_all(at("got"));
  }
}

TEST_F(WriteRepairTest, IsAloneInItsPlace) {
  for (const bool single : {true, false}) {
    single ? content(random_text(100'000, 1)) : tree();
    fetch();
    const auto store = repair();
    EXPECT_TRUE(repair().fault().is(EBUSY));
    EXPECT_TRUE((*store)->finish(false).ok());
    EXPECT_TRUE(repair().ok()) << "when the first has finished";
    fs::remove_all(at("got"));
  }
}

TEST_F(WriteRepairTest, MendsThePartOfATreeThatIsHere) {
  tree();
  std::vector<bool> chosen(manifest_->entries.size());
  chosen[4] = chosen[5] = true; // files of 1 and 3,000 bytes, which lie in the first chunk
  const Layout layout(manifest_, chosen);
  const auto made = WriteStore::create(parent("got"), layout);
  EXPECT_TRUE(write(**made, 0).ok());
  EXPECT_TRUE((*made)->finish(false).ok());
  rot("got/d/deep/f5");
  const auto store = WriteStore::repair(parent("got"), layout);
  ASSERT_TRUE(store.ok()) << store.fault().message;
  EXPECT_TRUE(write(**store, 0).ok());
  EXPECT_TRUE((*store)->finish(false).ok());
  EXPECT_EQ(contents(at("got/d/deep/f5")), text_.substr(1, 3000));
  EXPECT_FALSE(fs::exists(at("got/last")));
}

TEST_F(WriteRepairTest, StopsWhenTold) {
  tree();
  fetch();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(WriteStore::repair(parent("got"), manifest_, stop.get_token()).fault().is(ECANCELED));
  expect_content();
}

} // namespace
} // namespace p2pd::store
