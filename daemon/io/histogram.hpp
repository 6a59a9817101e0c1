// How long something took, counted so that quantiles can be told: buckets of a sixteenth of a power
// of two, from 1 us to 60 s, so a quantile is never too small and at most 7 % too large. A fixed
// size, no allocation. Thread: one at a time.
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
  // The time that this share of all, from 0 to 1, did not exceed; 0 where there is none.
  std::chrono::microseconds quantile(double share) const;
  // How many were surely no longer than this: those of its own bucket, 7 % wide, are left out.
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
