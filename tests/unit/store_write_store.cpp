#include "store_fixture.hpp"

#include <algorithm>
#include <csignal>
#include <sys/resource.h>

namespace p2pd::store {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

class WriteStoreTest : public WriteTest {
 protected:
  static std::ptrdiff_t count_lost(const WriteStore::Resumed& resumed) {
    return std::ranges::count(resumed.lost, true);
  }
};

TEST_F(WriteStoreTest, MakesFilesOfEverySize) {
  for (const std::size_t size : {0U, 1U, chunk_size - 1, chunk_size, chunk_size + 1, 300'000U}) {
    content(random_text(size, static_cast<unsigned>(size)));
    const auto store = create();
    ASSERT_TRUE(store.ok()) << store.fault().message;
    EXPECT_TRUE(fs::exists(at(part())));
    write_all(**store);
    EXPECT_TRUE((*store)->sync().ok());
    EXPECT_EQ(read(**store, 0, size), text_);
    const disk::Outcome finished = (*store)->finish(false);
    ASSERT_TRUE(finished.ok()) << finished.fault().message;
    expect_content();
    EXPECT_EQ(read(**store, 0, size), text_);
    EXPECT_TRUE((*store)->unchanged().ok());
    EXPECT_EQ((*store)->identities().size(), 1U);
    fs::remove(at("got"));
  }
}

TEST_F(WriteStoreTest, MakesATree) {
  tree();
  const auto store = create();
  ASSERT_TRUE(store.ok()) << store.fault().message;
  EXPECT_FALSE(fs::exists(fs::symlink_status(at(part("/d/link"))))) << "symlinks come last";
  write_all(**store);
  EXPECT_TRUE((*store)->sync().ok());
  EXPECT_EQ(read(**store, 0, text_.size()), text_);
  const disk::Outcome finished = (*store)->finish(false);
  ASSERT_TRUE(finished.ok()) << finished.fault().message;
  expect_content();
  EXPECT_EQ(read(**store, 10, text_.size() - 20), text_.substr(10, text_.size() - 20));
  EXPECT_TRUE((*store)->unchanged().ok());
  EXPECT_EQ((*store)->identities().size(), 8U);

  make("got/last", "changed");
  EXPECT_TRUE((*store)->unchanged().fault().is(ESTALE));
}

TEST_F(WriteStoreTest, MakesAFileWhenItsFirstByteComes) {
  tree();
  const auto store = create();
  ASSERT_TRUE(store.ok()) << store.fault().message;
  EXPECT_TRUE(fs::exists(at(part("/d/deep/empty")))) << "folders are there at once";
  EXPECT_FALSE(fs::exists(at(part("/d/deep/f4"))));
  EXPECT_TRUE(write(**store, 0).ok()); // the whole of f4 and f5, and a part of f6
  EXPECT_EQ(fs::file_size(at(part("/d/deep/f4"))), 1U);
  EXPECT_EQ(fs::file_size(at(part("/d/deep/f6"))), 16384U) << "its size from the first moment";
  EXPECT_FALSE(fs::exists(at(part("/d/deep/f3")))) << "an empty one has no byte";
  EXPECT_FALSE(fs::exists(at(part("/last"))));

  make(part("/last"), std::string(40'000, 's')); // somebody's, under a name that is to be made
  EXPECT_TRUE(write(**store, last_chunk()).fault().is(EEXIST));
  EXPECT_TRUE((*store)->finish(false).fault().is(EEXIST));
  EXPECT_EQ(contents(at(part("/last"))), std::string(40'000, 's'));
  fs::remove(at(part("/last")));
  fs::remove(at(part("/d/deep/f4")));
  write_all(**store);
  EXPECT_FALSE(fs::exists(at(part("/d/deep/f4")))) << "what was made and is gone stays away";
}

TEST_F(WriteStoreTest, MakesAFileThatCouldNotBeMadeBefore) {
  tree();
  const auto store = create();
  rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{20'000, before.rlim_max};
  const auto had = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const disk::Outcome refused = write(**store, last_chunk());
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, had);
  EXPECT_TRUE(refused.fault().is(EFBIG)) << refused.fault().message;
  EXPECT_FALSE(fs::exists(at(part("/last"))));
  write_all(**store);
  EXPECT_TRUE((*store)->finish(false).ok());
  expect_content();
}

TEST_F(WriteStoreTest, MakesFilesOfNothingButZeros) {
  content(std::string(50'000, '\0') + random_text(20'000, 1),
          {entry(Kind::file, "a", 20'000), entry(Kind::file, "b", 20'000),
           entry(Kind::file, "c", 30'000)});
  const auto store = create();
  EXPECT_EQ(read(**store, 0, 16384), std::string(16384, '\0'));
  for (std::uint32_t i = 0; i < manifest_->chunks(); ++i)
    if (!disk::is_zero_chunk(*manifest_, proto::ChunkIndex{i})) {
      EXPECT_TRUE(write(**store, i).ok());
    }
  EXPECT_TRUE((*store)->finish(false).ok());
  expect_content();

  { const auto other = create("other"); }
  const auto resumed = resume("other");
  ASSERT_TRUE(resumed.ok());
  EXPECT_FALSE(resumed->lost[0]) << "zeros need no file to be there";
  EXPECT_TRUE(resumed->lost[3]);
}

TEST_F(WriteStoreTest, LeavesAloneWhatIsThere) {
  content("new bytes");
  make("got", "old bytes");
  auto store = create();
  write_all(**store);
  const disk::Outcome refused = (*store)->finish(false);
  EXPECT_TRUE(refused.fault().is(EEXIST));
  EXPECT_EQ(refused.fault().message, "\"" + at("got") +
                                         "\" is there already; replace it with "
                                         "--force or choose another place with -o");
  EXPECT_EQ(contents(at("got")), "old bytes");
  EXPECT_TRUE((*store)->finish(true).ok()) << "and can be asked again";
  EXPECT_EQ(contents(at(part())), "old bytes") << "it is the caller's";
  fs::remove(at(part()));
  expect_content();

  make(part("", "taken"), "not p2pd's");
  const auto taken = create("taken");
  EXPECT_TRUE(taken.fault().is(EEXIST));
  EXPECT_EQ(contents(at(part("", "taken"))), "not p2pd's");
}

TEST_F(WriteStoreTest, ReplacesLikeByLikeOnly) {
  content("new bytes");
  make("folder/inner", "old");
  auto store = create("folder");
  write_all(**store);
  EXPECT_TRUE((*store)->finish(true).fault().is(EEXIST));
  EXPECT_EQ(contents(at("folder/inner")), "old");

  tree();
  make("file", "old");
  store = create("file");
  write_all(**store);
  EXPECT_TRUE((*store)->finish(true).fault().is(EEXIST));
  EXPECT_EQ(contents(at("file")), "old");

  make("old/d/deep/more", "old");
  make_folder("old/some/folders");
  fs::create_symlink("/etc", at("old/some/link"));
  store = create("old");
  write_all(**store);
  const disk::Outcome finished = (*store)->finish(true);
  ASSERT_TRUE(finished.ok()) << finished.fault().message;
  EXPECT_TRUE((*store)->replaced());
  EXPECT_EQ(contents(at(part("/d/deep/more", "old"))), "old") << "it is the caller's";
  fs::remove_all(at(part("", "old")));
  expect_content("old");
  EXPECT_FALSE(fs::exists(at("old/some")));
}

TEST_F(WriteStoreTest, ReadsWhatWasNotWrittenAsZeros) {
  tree();
  const auto store = create();
  EXPECT_EQ(read(**store, 0, text_.size()), std::string(text_.size(), '\0'));
}

TEST_F(WriteStoreTest, ResumesAFile) {
  content(random_text(100'000, 1));
  EXPECT_TRUE(resume().fault().is(ENOENT));
  {
    const auto store = create();
    EXPECT_TRUE(write(**store, 3).ok());
    EXPECT_TRUE((*store)->sync().ok());
  }
  auto resumed = resume();
  ASSERT_TRUE(resumed.ok()) << resumed.fault().message;
  EXPECT_EQ(count_lost(*resumed), 0);
  EXPECT_EQ(read(*resumed->store, 3 * chunk_size, chunk_size),
            text_.substr(3 * chunk_size, chunk_size));
  resumed->store = nullptr;
  fs::resize_file(at(part()), 77);
  resumed = resume();
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ(count_lost(*resumed), std::ssize(resumed->lost));
  write_all(*resumed->store);
  EXPECT_TRUE(resumed->store->finish(false).ok());
  expect_content();
}

TEST_F(WriteStoreTest, NoticesAnOlderCopyInItsPlace) {
  for (const bool single : {true, false}) {
    single ? content(random_text(100'000, 1)) : tree();
    const auto store = create();
    ASSERT_TRUE(store.ok()) << store.fault().message;
    EXPECT_TRUE(write(**store, 0).ok());
    EXPECT_TRUE((*store)->sync().ok());
    const std::string tagged = at(part(single ? "" : "/.p2pd-mark"));
    const std::string older = contents(tagged);
    EXPECT_TRUE(write(**store, 1).ok());
    const auto newer = (*store)->sync();
    ASSERT_TRUE(newer.ok());
    std::fstream(tagged, std::ios::in | std::ios::out | std::ios::binary) << older; // as cp does
    EXPECT_TRUE((*store)->sync().fault().is(ESTALE));
    EXPECT_TRUE((*store)->finish(false).fault().is(ESTALE));
    (*store)->discard();
    EXPECT_FALSE(fs::exists(at(part())));
  }
}

TEST_F(WriteStoreTest, ResumesATree) {
  tree();
  { EXPECT_TRUE(write(**create(), 1).ok()); }
  const std::uint32_t last = last_chunk();
  auto resumed = resume();
  ASSERT_TRUE(resumed.ok()) << resumed.fault().message;
  EXPECT_FALSE(resumed->lost[1]) << "its files are there";
  EXPECT_TRUE(resumed->lost[0]) << "a file of it was not made yet";
  EXPECT_TRUE(resumed->lost[last]);
  EXPECT_TRUE(write(*resumed->store, 0).ok());
  EXPECT_TRUE(write(*resumed->store, last_chunk()).ok());
  resumed->store = nullptr;
  resumed = resume();
  ASSERT_TRUE(resumed.ok()) << resumed.fault().message;
  for (const std::uint32_t chunk : {0U, 1U, 2U, last}) EXPECT_FALSE(resumed->lost[chunk]) << chunk;
  resumed->store = nullptr;
  fs::remove(at(part("/last")));
  fs::resize_file(at(part("/d/deep/f5")), 1);
  fs::remove(at(part("/d/deep/empty")));
  fs::create_symlink("deep/f5", at(part("/d/link"))); // a daemon was stopped while it finished
  resumed = resume();
  ASSERT_TRUE(resumed.ok()) << resumed.fault().message;
  EXPECT_TRUE(resumed->lost[0]);
  EXPECT_FALSE(resumed->lost[2]);
  EXPECT_TRUE(resumed->lost[last]);
  write_all(*resumed->store);
  const disk::Outcome finished = resumed->store->finish(false);
  ASSERT_TRUE(finished.ok()) << finished.fault().message;
  expect_content();
}

TEST_F(WriteStoreTest, ResumesNothingThatIsNotItsOwn) {
  content(random_text(1000, 1));
  make("victim", "victim");
  fs::create_symlink("victim", at(part()));
  EXPECT_FALSE(resume().ok());
  fs::remove(at(part()));
  fs::create_hard_link(at("victim"), at(part()));
  EXPECT_TRUE(resume().fault().is(EEXIST));
  tree();
  EXPECT_FALSE(resume().ok());
  fs::remove(at(part()));
  make_folder(part("/d/deep/f5")); // a folder in the place of a file
  EXPECT_TRUE(resume().fault().is(EEXIST));
  EXPECT_EQ(contents(at("victim")), "victim");
}

TEST_F(WriteStoreTest, ResumesNoTwoNamesThatAreOne) {
  content("ab",
          {entry(Kind::file, "same", 1), entry(Kind::file, "same", 1)}); // as where case folds
  make(part("/same"), "a");
  EXPECT_NE(resume().fault().message.find("\"same\" and \"same\" are one name"), std::string::npos);
}

TEST_F(WriteStoreTest, DiscardsOnlyWhatItMade) {
  tree();
  auto store = create();
  write_all(**store);
  (*store)->discard();
  EXPECT_FALSE(fs::exists(at(part())));

  store = create();
  std::thread late([&] {
    for (std::uint32_t i = 0; i < manifest_->chunks(); ++i) static_cast<void>(write(**store, i));
  });
  (*store)->discard();
  late.join();
  EXPECT_FALSE(fs::exists(at(part()))) << "whatever was written at the same time";

  store = create();
  EXPECT_TRUE(write(**store, 0).ok());
  make(part("/d/notes"), "somebody's");
  (*store)->discard();
  EXPECT_EQ(contents(at(part("/d/notes"))), "somebody's");
  EXPECT_FALSE(fs::exists(at(part("/last"))));
  EXPECT_FALSE(fs::exists(at(part("/d/deep"))));

  content("text");
  store = create("other");
  fs::remove(at(part("", "other")));
  make(part("", "other"), "somebody's");
  (*store)->discard();
  EXPECT_EQ(contents(at(part("", "other"))), "somebody's");
  EXPECT_TRUE((*store)->finish(false).fault().is(EEXIST)) << "nor is it renamed";
}

TEST_F(WriteStoreTest, MakesNothingThroughASymlink) {
  tree();
  const auto store = create();
  make_folder("outside/deep");
  fs::rename(at(part("/d")), at("moved"));
  fs::create_symlink(at("outside"), at(part("/d")));
  EXPECT_FALSE(write(**store, 0).ok());
  EXPECT_TRUE(fs::is_empty(at("outside/deep")));
  fs::remove(at(part("/d")));
  fs::rename(at("moved"), at(part("/d")));
  fs::create_symlink(at("outside/f4"), at(part("/d/deep/f4"))); // where a file is to be
  EXPECT_TRUE(write(**store, 0).fault().is(EEXIST));
  EXPECT_TRUE(fs::is_empty(at("outside/deep")));
}

TEST_F(WriteStoreTest, WritesThroughNoSymlink) {
  tree();
  { write_all(**create()); }
  const Shared store = resume()->store; // which has no file open yet
  make("outside/deep/f5", std::string(3000, 'v'));
  fs::rename(at(part("/d")), at("moved"));
  fs::create_symlink(at("outside"), at(part("/d")));
  EXPECT_FALSE(write(*store, 0).ok());
  EXPECT_EQ(contents(at("outside/deep/f5")), std::string(3000, 'v'));
  fs::remove(at(part("/d")));
  fs::rename(at("moved"), at(part("/d")));

  fs::create_hard_link(at("outside/deep/f5"), at("victim"));
  fs::rename(at("victim"), at(part("/d/deep/f5"))); // a hard link in the place of a file
  EXPECT_FALSE(write(*store, 0).ok());
  EXPECT_EQ(contents(at("outside/deep/f5")), std::string(3000, 'v'));
}

TEST_F(WriteStoreTest, StopsWhenTold) {
  tree();
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(WriteStore::create(parent("got"), manifest_, stop.get_token()).fault().is(ECANCELED));
  EXPECT_FALSE(fs::exists(at(part())));
}

} // namespace
} // namespace p2pd::store
