#include "daemon/swarm/pipeline.hpp"

#include <algorithm>

namespace p2pd::swarm {

namespace {

constexpr Duration sample = std::chrono::milliseconds(100);
constexpr double weight = 0.3; // of a new sample of the rate
// Covers what the measured delay does not: a turn of both loops, and the disk being slow once.
constexpr Duration reserve = std::chrono::milliseconds(30);
constexpr std::uint32_t least = 4; // requests, so that the rate of a fast source can show itself
constexpr std::uint32_t most = 128;

} // namespace

void Pipeline::asked(Time now) {
  if (in_flight_++ > 0) return;
  sample_start_ = last_progress_ = now; // after a pause: the pause is no part of the rate
  sample_bytes_ = 0;
}

void Pipeline::answered(Duration delay) {
  delay_ = delay_ == Duration::zero() ? delay : std::min(delay_, delay);
}

void Pipeline::received(std::uint64_t bytes, Time now) {
  last_progress_ = now;
  sample_bytes_ += bytes;
  const Duration elapsed = now - sample_start_;
  if (elapsed < sample) return;
  const double fresh = static_cast<double>(sample_bytes_) / seconds(elapsed);
  rate_ = rate_ == 0 ? fresh : rate_ + weight * (fresh - rate_);
  sample_start_ = now;
  sample_bytes_ = 0;
}

std::uint32_t Pipeline::window() const {
  const double bytes = rate_ * seconds(delay_ + reserve);
  const auto requests = static_cast<std::uint32_t>(std::min(bytes / chunk_size_, double{most}));
  return std::clamp(requests + 2, least, most);
}

} // namespace p2pd::swarm
