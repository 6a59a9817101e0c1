#include "daemon/disk/buffer_pool.hpp"

#include "tests/unit/io_fixture.hpp"
#include "tests/unit/memory_limit.hpp"

#include <algorithm>
#include <sys/mman.h>

namespace p2pd::disk {
namespace {

using enum Direction;
constexpr std::size_t chunk = 512 * 1024;
constexpr std::size_t whole = chunk + 4096; // what a chunk with its records counts

class BufferPoolTest : public testing::Test {
 protected:
  using Buffers = std::vector<std::shared_ptr<Buffer>>;
  static Buffers take_all(BufferPool& pool, Direction direction, std::size_t size = chunk) {
    Buffers buffers;
    while (auto buffer = pool.take(direction, size)) buffers.push_back(std::move(buffer));
    return buffers;
  }

  // Waits, and takes one buffer when it is called.
  struct Asker {
    Asker(BufferPoolTest& test, BufferPool& pool, Direction direction, int name,
          std::size_t size = chunk)
        : calling([&test, &pool, direction, name, size, this] {
          test.called_.push_back(name);
          buffer = pool.take(direction, size);
          if (buffer == nullptr) waiter.wait();
        })
        , waiter(pool, calling) {
      buffer = pool.take(direction, size);
      if (buffer == nullptr) waiter.wait();
    }
    std::shared_ptr<Buffer> buffer;
    io::Calling calling;
    BufferPool::Waiter waiter;
  };

  io::Loop loop_;
  std::vector<int> called_;
};

TEST_F(BufferPoolTest, LeavesToManifestsWhatTheyTakeDownToHalfOfTheLimit) {
  constexpr std::size_t limit = 64 * whole;
  ManifestMemory manifests;
  BufferPool pool(loop_, limit, manifests);
  const auto room = [&] { return take_all(pool, upload).size(); };
  EXPECT_EQ(room(), 48u);
  ManifestMemory::Charge charge(manifests, limit / 4);
  EXPECT_EQ(room(), 36u) << "three quarters of three quarters";
  charge.set(100 * limit);
  EXPECT_EQ(room(), 24u);
  EXPECT_EQ(pool.limit(), limit);
  charge.set(0);
  EXPECT_EQ(room(), 48u);
}

TEST_F(BufferPoolTest, WakesWhoWaitsThoughManifestsCameMeanwhile) {
  ManifestMemory manifests;
  BufferPool pool(loop_, 16 * whole, manifests);
  auto buffers = take_all(pool, download);
  Asker asker(*this, pool, download, 1);
  const ManifestMemory::Charge charge(manifests, 16 * whole);
  buffers.pop_back();
  settle(loop_);
  EXPECT_EQ(asker.buffer, nullptr) << "they have its place";
  buffers.clear();
  EXPECT_TRUE(run_until(loop_, [&] { return asker.buffer != nullptr; }));
}

TEST_F(BufferPoolTest, GivesBuffersOfTheSizeAskedFor) {
  BufferPool pool(loop_, 64 << 20);
  for (const std::size_t size :
       {1UL, 16384UL, 16384UL + 18, 32768UL, chunk, chunk + 288, 4UL << 20, (4UL << 20) + 2304}) {
    const auto buffer = pool.take(download, size);
    ASSERT_NE(buffer, nullptr);
    EXPECT_EQ(buffer->bytes().size(), size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer->bytes().data()) % 64, 0U);
    EXPECT_LE(pool.used(), std::max<std::size_t>(20480, 2 * size));
    std::ranges::fill(buffer->bytes(), std::uint8_t{1});
  }
  EXPECT_EQ(pool.used(), 0U);
  const auto buffer = pool.take(upload, chunk + 288);
  EXPECT_EQ(pool.used(upload), whole) << "records cost a page, not another power of two";
  EXPECT_EQ(pool.used(download), 0U);
}

TEST_F(BufferPoolTest, WhatIsNotFilledYetHasNoMemoryAndTheWarmestIsGivenNext) {
  BufferPool pool(loop_, 64 << 20);
  const Buffers asked = take_all(pool, download);
  EXPECT_EQ(pool.used(), asked.size() * whole);
  auto first = pool.take(upload, chunk);
  auto second = pool.take(upload, chunk);
  first->bytes();
  const std::uint8_t* const warm = second->bytes().data();
  first.reset();
  second.reset();
  EXPECT_EQ(asked.front()->bytes().data(), warm);
  EXPECT_EQ(asked.front()->bytes().data(), warm) << "it stays there";
}

TEST_F(BufferPoolTest, KeepsTheLimitAndAReserveForEach) {
  BufferPool pool(loop_, 40 * whole);
  Buffers uploads = take_all(pool, upload);
  EXPECT_EQ(uploads.size(), 30U);
  const Buffers downloads = take_all(pool, download);
  EXPECT_EQ(downloads.size(), 10U);
  EXPECT_EQ(pool.used(), pool.limit());
  uploads.resize(20); // what is common goes to whoever asks
  EXPECT_EQ(take_all(pool, download).size(), 10U);
}

TEST_F(BufferPoolTest, ThoseThatMayTakeLongLeaveHalfToOthers) {
  BufferPool pool(loop_, 64 << 20);
  Buffers slow;
  while (pool.has_share(download, chunk, Filler::slow))
    slow.push_back(pool.take(download, chunk, Filler::slow));
  EXPECT_EQ(slow.size(), (24 << 20) / whole);
  EXPECT_TRUE(pool.has_share(download, chunk, Filler::usual));
  EXPECT_EQ(take_all(pool, download).size(), (48 << 20) / whole - slow.size());
  slow.pop_back();
  EXPECT_TRUE(pool.has_share(download, chunk, Filler::slow));

  slow.clear();
  slow = take_all(pool, download);
  for (const auto& buffer : slow) buffer->now_slow();
  EXPECT_FALSE(pool.has_share(download, chunk, Filler::slow));
  slow.clear();
  EXPECT_TRUE(pool.has_share(download, chunk, Filler::slow));

  const Buffers uploads = take_all(pool, upload);
  while (pool.has_share(download, chunk, Filler::slow))
    slow.push_back(pool.take(download, chunk, Filler::slow));
  EXPECT_EQ(slow.size(), ((64 << 20) - uploads.size() * whole) / 2 / whole);
}

TEST_F(BufferPoolTest, GrantsOneBufferToEachHoweverSmallTheLimit) {
  BufferPool pool(loop_, 1000);
  const Buffers uploads = take_all(pool, upload, 4 << 20);
  const Buffers downloads = take_all(pool, download, 4 << 20);
  EXPECT_EQ(uploads.size(), 1U);
  EXPECT_EQ(downloads.size(), 1U);
}

TEST_F(BufferPoolTest, UsesAgainWhatWasLetGo) {
  BufferPool pool(loop_, 10 * whole);
  const std::uint8_t* const first = pool.take(upload, chunk)->bytes().data();
  EXPECT_EQ(pool.take(download, chunk - 5)->bytes().data(), first);
  // Buffers of another size need the room of all that is kept.
  take_all(pool, upload);
  EXPECT_EQ(take_all(pool, download, 16 * 1024).size(), 15 * whole / 2 / 20480);
  const auto again = pool.take(upload, chunk);
  ASSERT_NE(again, nullptr);
  std::ranges::fill(again->bytes(), std::uint8_t{1});
}

TEST_F(BufferPoolTest, CallsWaitersInTheirOrder) {
  BufferPool pool(loop_, 4 * whole);
  Buffers held = take_all(pool, upload);
  ASSERT_EQ(held.size(), 3U);
  Asker first(*this, pool, upload, 1);
  Asker second(*this, pool, upload, 2);
  Asker third(*this, pool, upload, 3);
  EXPECT_EQ(pool.waits(), 3U);
  held.resize(1);
  EXPECT_EQ(pool.take(upload, chunk), nullptr) << "nobody overtakes those who wait";
  EXPECT_NE(pool.take(download, chunk), nullptr) << "in that direction";
  loop_.run();
  EXPECT_EQ(called_, (std::vector{1, 2}));
  first.buffer = nullptr;
  loop_.run();
  EXPECT_EQ(called_, (std::vector{1, 2, 3}));
  EXPECT_NE(third.buffer, nullptr);
  second.buffer = nullptr;
  EXPECT_NE(pool.take(upload, chunk), nullptr) << "nobody waits any more";
}

TEST_F(BufferPoolTest, GivesOneBufferATurn) {
  BufferPool pool(loop_, 8 * whole);
  Buffers held = take_all(pool, upload);
  ASSERT_EQ(held.size(), 6U);
  Buffers greedy;
  BufferPool::Waiter* again = nullptr;
  io::Calling take_many([&] {
    called_.push_back(1);
    while (auto buffer = pool.take(upload, chunk)) greedy.push_back(std::move(buffer));
    again->wait();
  });
  BufferPool::Waiter waiter(pool, take_many);
  again = &waiter;
  EXPECT_EQ(pool.take(upload, chunk), nullptr);
  waiter.wait();
  waiter.wait();
  Asker second(*this, pool, upload, 2);
  held.clear();
  loop_.run();
  EXPECT_EQ(called_.front(), 1);
  EXPECT_EQ(called_[1], 2);
  EXPECT_NE(second.buffer, nullptr);
  EXPECT_EQ(greedy.size(), 5U) << "what nobody else wants is its own in the end";
}

TEST_F(BufferPoolTest, AWaiterForMuchIsNotPassedByOnesForLittle) {
  BufferPool pool(loop_, 12 << 20);
  Buffers held = take_all(pool, upload);
  Asker large(*this, pool, upload, 1, 4 << 20);
  Asker little(*this, pool, upload, 2, 16 * 1024);
  while (large.buffer == nullptr && !held.empty()) {
    EXPECT_EQ(little.buffer, nullptr);
    held.pop_back();
    loop_.run();
  }
  EXPECT_EQ(called_, (std::vector{1, 2}));
  EXPECT_NE(little.buffer, nullptr);
}

TEST_F(BufferPoolTest, WhereTheSystemGivesNoMemoryItIsWaitedFor) {
  if (!memory_can_be_limited) GTEST_SKIP();
  BufferPool pool(loop_, 256 << 20);
  {
    MemoryLimit limit(32 << 20);
    Buffers held = take_all(pool, upload);
    EXPECT_GT(held.size(), 40U);
    EXPECT_LT(held.size(), 64U);
    EXPECT_TRUE(pool.lacks_memory());
    Asker first(*this, pool, upload, 1);
    io::settle(loop_);
    EXPECT_EQ(called_, std::vector<int>{}) << "it does not spin";
    for (auto& buffer : held)
      std::ranges::fill(buffer->bytes(), std::uint8_t{1}); // it was promised
    EXPECT_NE(::mmap(nullptr, 3 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MAP_FAILED)
        << "the heap keeps some";
    held.pop_back();
    ASSERT_TRUE(io::run_until(loop_, [&] { return first.buffer != nullptr; })) << "what is let go";
    first.buffer = nullptr;
    held = take_all(pool, upload);
    Asker second(*this, pool, upload, 2);
    limit.lift();
    ASSERT_TRUE(io::run_until(loop_, [&] { return second.buffer != nullptr; })) << "by itself";
  }
  EXPECT_FALSE(pool.lacks_memory());
}

TEST_F(BufferPoolTest, WhoStopsWaitingLeavesItsPlace) {
  BufferPool pool(loop_, 4 * whole);
  Buffers held = take_all(pool, upload, chunk);
  auto first = std::make_unique<Asker>(*this, pool, upload, 1, 4 << 20);
  Asker second(*this, pool, upload, 2);
  Asker third(*this, pool, upload, 3);
  held.resize(2);
  loop_.run();
  EXPECT_TRUE(called_.empty()) << "the first needs more";
  first = nullptr;
  loop_.run();
  EXPECT_EQ(called_, std::vector{2});
  third.waiter.stop();
  held.clear();
  loop_.run();
  EXPECT_EQ(called_, std::vector{2});
}

} // namespace
} // namespace p2pd::disk
