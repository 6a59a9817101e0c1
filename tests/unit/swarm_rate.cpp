#include "daemon/swarm/rate.hpp"

#include <deque>
#include <gtest/gtest.h>
#include <random>

namespace p2pd::swarm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t piece = 128 * 1024;

// A sender that has always more to send, and a timer that is late by up to 2 ms. It notes the most
// that passed within 100 ms.
class Sender {
 public:
  explicit Sender(std::uint64_t rate) : bucket(rate, piece) {}

  std::uint64_t send(Duration time, std::uint64_t bytes = piece) {
    const Time end = now + time;
    std::uint64_t sent = 0;
    while (now < end) {
      if (bucket.take(bytes, now)) {
        sent += bytes;
        note(bytes);
        continue;
      }
      const Duration wait = bucket.wait(now);
      EXPECT_GT(wait, Duration::zero());
      now += std::chrono::ceil<milliseconds>(wait) + milliseconds(random_() % 3);
    }
    return sent;
  }

  Bucket bucket;
  Time now = Time() + seconds(1000);
  std::uint64_t most = 0; // within 100 ms

 private:
  void note(std::uint64_t bytes) {
    recent_.emplace_back(now, bytes);
    within_ += bytes;
    for (; now - recent_.front().first >= milliseconds(100); recent_.pop_front())
      within_ -= recent_.front().second;
    most = std::max(most, within_);
  }

  std::mt19937 random_{1};
  std::deque<std::pair<Time, std::uint64_t>> recent_;
  std::uint64_t within_ = 0;
};

TEST(Bucket, KeepsTheRateInTheLongRun) {
  for (const std::uint64_t rate : {20'000ULL, 1'000'000ULL, 50'000'000ULL, 1'000'000'000ULL}) {
    Sender sender(rate);
    const int time = rate < 1'000'000 ? 2000 : 50; // seconds, in which a piece more is nothing
    const auto sent = static_cast<double>(sender.send(seconds(time)));
    EXPECT_NEAR(sent / time, static_cast<double>(rate), static_cast<double>(rate) / 100) << rate;
  }
}

TEST(Bucket, KeepsTheRateWithPiecesOfAnySize) {
  for (const std::uint64_t bytes : {4'000ULL, 16'384ULL, 4ULL << 20}) {
    Sender sender(5'000'000);
    const auto sent = static_cast<double>(sender.send(seconds(200), bytes));
    EXPECT_NEAR(sent / 200, 5e6, 5e4) << bytes;
  }
}

TEST(Bucket, IsSmooth) {
  Sender sender(50'000'000);
  sender.send(seconds(1)); // what it holds at the beginning
  sender.most = 0;
  sender.send(seconds(100));
  EXPECT_LE(sender.most, 5'000'000U + 50'000U * 3 + piece); // 100 ms, a late timer, and a piece
}

TEST(Bucket, AllowsNoBurstAfterAPause) {
  Sender sender(10'000'000);
  sender.send(seconds(10));
  sender.now += seconds(3600);
  sender.most = 0;
  sender.send(seconds(1));
  EXPECT_LE(sender.most, 2 * 1'000'000U + 10'000U * 3 + piece); // what is kept, and 100 ms
}

TEST(Bucket, FollowsAChange) {
  Sender sender(1'000'000);
  sender.send(seconds(10));
  sender.bucket.set_rate(20'000'000);
  EXPECT_NEAR(static_cast<double>(sender.send(seconds(100))), 2e9, 2e7);
  sender.bucket.set_rate(500'000);
  EXPECT_NEAR(static_cast<double>(sender.send(seconds(1000))), 5e8, 5e6);
}

TEST(Bucket, IsNoneAtARateOfZero) {
  Bucket bucket(0, piece);
  const Time now = Time() + seconds(1);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(bucket.take(4 << 20, now));
  EXPECT_EQ(bucket.wait(now), Duration::zero());
  bucket.set_rate(1'000'000); // and what passed then is no debt
  EXPECT_EQ(bucket.wait(now), Duration::zero());
  EXPECT_TRUE(bucket.take(2'000'000, now));
  EXPECT_FALSE(bucket.take(1, now));
  bucket.set_rate(0);
  EXPECT_EQ(bucket.wait(now), Duration::zero());
  EXPECT_TRUE(bucket.take(1, now));
}

TEST(Bucket, TellsHowLongToWait) {
  Bucket bucket(1'000'000, piece);
  const Time now = Time() + seconds(1);
  EXPECT_TRUE(bucket.take(piece + 500'000, now));
  const Duration wait = bucket.wait(now);
  EXPECT_NEAR(std::chrono::duration<double>(wait).count(), 0.5, 1e-6);
  EXPECT_FALSE(bucket.take(1, now + wait - milliseconds(1)));
  EXPECT_TRUE(bucket.take(1, now + wait));
}

} // namespace
} // namespace p2pd::swarm
