// A part at which several are at the same time.
#include "store_fixture.hpp"

#include <algorithm>
#include <thread>

namespace p2pd::store {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

using WriteTogetherTest = WriteTest;

TEST_F(WriteTogetherTest, IsWrittenByManyThreads) {
  tree();
  const auto store = create();
  std::vector<std::thread> threads;
  for (std::uint32_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::uint32_t i = t; i < manifest_->chunks(); i += 4) {
        EXPECT_TRUE(write(**store, i).ok());
        const std::size_t from = std::size_t{i} * chunk_size;
        const std::size_t length = std::min<std::size_t>(chunk_size, text_.size() - from);
        EXPECT_EQ(read(**store, from, length), text_.substr(from, length));
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE((*store)->finish(false).ok());
  expect_content();
}

// One that began before, and whose result nobody waits for any more.
TEST_F(WriteTogetherTest, IsSyncedWhileItIsFinished) {
  for (int round = 0; round < 20; ++round) {
    content(random_text(100'000, 1));
    const auto store = create();
    ASSERT_TRUE(store.ok()) << store.fault().message;
    write_all(**store);
    std::thread syncer([&] {
      for (int i = 0; i < 5; ++i) EXPECT_TRUE((*store)->sync().ok());
    });
    const disk::Outcome finished = (*store)->finish(false);
    syncer.join();
    ASSERT_TRUE(finished.ok()) << finished.fault().message;
    expect_content();
    EXPECT_TRUE((*store)->unchanged().ok()) << "nothing was written after it was finished";
    fs::remove(at("got"));
  }
}

TEST_F(WriteTogetherTest, LetsOnlyOneWriteAtATime) {
  for (const bool single : {true, false}) {
    single ? content(random_text(100'000, 1)) : tree();
    auto store = create();
    const auto second = resume();
    EXPECT_TRUE(second.fault().is(EBUSY));
    EXPECT_EQ(second.fault().message, "\"" + at("got") +
                                          "\" is being written by another transfer; wait for it or "
                                          "choose another place with -o");
    EXPECT_TRUE(fs::exists(at(part())));
    *store = nullptr;
    auto resumed = resume();
    ASSERT_TRUE(resumed.ok()) << resumed.fault().message;
    EXPECT_TRUE(resume().fault().is(EBUSY));
    write_all(*resumed->store);
    EXPECT_TRUE(resumed->store->finish(false).ok());
    EXPECT_TRUE(create().ok()) << "while the finished one is read from";
    fs::remove_all(at("got"));
    fs::remove_all(at(part()));
  }
}

} // namespace
} // namespace p2pd::store
