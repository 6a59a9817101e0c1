// A histogram of durations with logarithmic buckets, 16 per power of two, from 1 us to 60 s: a
// quantile is never too small and at most 7 % too large. Fixed size, no allocation. Thread: one at
// a time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace p2pd::io {

class Histogram final {
 public:
  void add(std::chrono::nanoseconds time);

  std::uint64_t count() const { return count_; }
  std::chrono::microseconds sum() const { return std::chrono::microseconds(sum_); }
  std::chrono::microseconds max() const { return std::chrono::microseconds(max_); }
  // The duration that this share of the samples, from 0 to 1, did not exceed; 0 without samples.
  std::chrono::microseconds quantile(double share) const;
  // A lower bound of how many were no longer than this: its own bucket, 7 % wide, does not count.
  std::uint64_t count_within(std::chrono::microseconds time) const;

 private:
  // Bucket numbers grow as the microseconds do up to 31, then 16 of them for each doubling.
  static constexpr std::uint64_t longest = 60'000'000;
  static std::size_t bucket_of(std::uint64_t us);
  static std::uint64_t last_of(std::size_t bucket);

  std::array<std::uint64_t, 368> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

} // namespace p2pd::io
