#include "daemon/swarm/pipeline.hpp"

#include <algorithm>

namespace p2pd::swarm {

namespace {

constexpr Duration sample = std::chrono::milliseconds(100);
constexpr Duration shortest_sample = std::chrono::milliseconds(1);
constexpr double weight = 0.3; // of a new sample of the rate
// Covers what the measured delay does not: turns of both loops, and the disk of the other side.
// What is fast enough to fill the most of it has no need for more, which would only wait in memory.
constexpr Duration reserve = std::chrono::milliseconds(30);
constexpr double most_reserved = 8 << 20; // bytes
// Requests, so that the rate of a fast source can show itself; a source that is known to be slow
// has no more than it sends within this time, as others may be faster.
constexpr std::uint32_t least_of_fast = 4;
constexpr double ahead_of_slow = 2; // seconds
constexpr std::uint32_t most = 128;
// One that accepts requests and never answers costs no more than this.
constexpr Duration patience_with_unknown = std::chrono::milliseconds(1200);
constexpr Duration least_patience = std::chrono::milliseconds(500);
constexpr Duration most_patience = std::chrono::seconds(10);
constexpr double unknown_rate = 1e6; // bytes per second, until it was measured

} // namespace

void Pipeline::asked(Time now) {
  if (in_flight_++ > 0) return;
  sample_start_ = now; // after a pause: the pause is no part of the rate
  sample_bytes_ = 0;
  silence_ = {};
}

void Pipeline::measured(Duration rtt) {
  delay_ = delay_ == Duration::zero() ? rtt : std::min(delay_, rtt);
}

void Pipeline::received(std::uint64_t bytes, Time now) {
  silence_ = {};
  sample_bytes_ += bytes;
  if (now - sample_start_ >= sample) end_sample(now);
}

void Pipeline::waited(Duration time) {
  if (in_flight_ > 0) silence_ += time;
}

// What is asked for now and then comes in less than a sample's time: it tells the rate as well.
void Pipeline::ended(Time now) {
  if (--in_flight_ == 0 && sample_bytes_ >= chunk_size_) end_sample(now);
}

void Pipeline::end_sample(Time now) {
  const Duration elapsed = std::max(now - sample_start_, shortest_sample);
  const double fresh = static_cast<double>(sample_bytes_) / seconds(elapsed);
  rate_ = rate_ == 0 ? fresh : rate_ + weight * (fresh - rate_);
  sample_start_ = now;
  sample_bytes_ = 0;
}

std::uint32_t Pipeline::window() const {
  if (fixed_ > 0) return fixed_;
  const double bytes = rate_ * seconds(delay_) + std::min(rate_ * seconds(reserve), most_reserved);
  const auto requests = static_cast<std::uint32_t>(std::min(bytes / chunk_size_, double{most}));
  return least() == least_of_fast ? std::clamp(requests + 2, least_of_fast, most) : least();
}

bool Pipeline::slow() const {
  return rate_ > 0 && rate_ * ahead_of_slow < chunk_size_;
}

std::uint32_t Pipeline::least() const {
  if (rate_ == 0) return least_of_fast;
  const double chunks = std::min(rate_ * ahead_of_slow / chunk_size_, double{least_of_fast});
  return std::max<std::uint32_t>(static_cast<std::uint32_t>(chunks), 1);
}

Duration Pipeline::patience() const {
  if (rate_ == 0) return patience_with_unknown;
  return std::clamp(4 * time_of(chunk_size_), least_patience, most_patience);
}

Duration Pipeline::expected(std::uint64_t bytes) const {
  return quiet() ? Duration::max() : delay_ + time_of(bytes);
}

Duration Pipeline::time_of(std::uint64_t bytes) const {
  const double rate = rate_ == 0 ? unknown_rate : rate_;
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(static_cast<double>(bytes) / rate));
}

} // namespace p2pd::swarm
