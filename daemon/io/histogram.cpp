#include "daemon/io/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace p2pd::io {

std::size_t Histogram::bucket_of(std::uint64_t us) {
  const std::size_t doublings = us < 32 ? 0 : static_cast<std::size_t>(std::bit_width(us)) - 5;
  return doublings * 16 + (us >> doublings);
}

std::uint64_t Histogram::last_of(std::size_t bucket) {
  if (bucket < 32) return bucket;
  const std::size_t doublings = bucket / 16 - 1;
  return ((bucket % 16 + 17) << doublings) - 1;
}

void Histogram::add(std::chrono::nanoseconds time) {
  const auto us = std::chrono::ceil<std::chrono::microseconds>(time).count();
  const auto taken = static_cast<std::uint64_t>(std::clamp<std::int64_t>(us, 0, longest));
  ++buckets_[bucket_of(taken)];
  ++count_;
  sum_ += taken;
  max_ = std::max(max_, taken);
}

std::chrono::microseconds Histogram::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  for (; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) break;
  }
  return std::chrono::microseconds(std::min(last_of(bucket), max_));
}

std::uint64_t Histogram::count_within(std::chrono::microseconds time) const {
  std::uint64_t within = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket)
    if (last_of(bucket) <= static_cast<std::uint64_t>(time.count())) within += buckets_[bucket];
  return within;
}

} // namespace p2pd::io
