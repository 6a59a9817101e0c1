#include "daemon/swarm/rate.hpp"

#include <algorithm>
#include <cmath>

namespace p2pd::swarm {

namespace {

constexpr double kept = 0.1; // seconds

} // namespace

double Bucket::capacity() const {
  return std::max(rate_ * kept, least_);
}

double Bucket::level(Time now) const {
  return std::min(level_ + rate_ * seconds(now - filled_), capacity());
}

bool Bucket::take(std::uint64_t bytes, Time now) {
  if (rate_ == 0) return true;
  level_ = level(now);
  filled_ = now;
  if (level_ <= 0) return false;
  level_ -= static_cast<double>(bytes);
  return true;
}

Duration Bucket::wait(Time now) const {
  const double debt = -level(now);
  if (rate_ == 0 || debt < 0) return Duration::zero();
  return std::chrono::ceil<Duration>(std::chrono::duration<double>(debt / rate_)) + Duration(1);
}

} // namespace p2pd::swarm
