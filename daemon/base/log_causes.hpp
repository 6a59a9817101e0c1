// How often the same is said: of each cause a burst of lines, and a few a minute beyond it. The
// others are counted. Thread: one at a time. The time is passed in.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace p2pd::base::log {

class Causes final {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr unsigned burst = 100;
  static constexpr std::chrono::seconds refill{6}; // a line of each cause

  // May a line of this cause be said? Then how many were not since the last one.
  std::optional<std::uint64_t> pass(std::string_view room, std::string_view cause,
                                    Clock::time_point now) {
    Count& count = counts_[std::pair<std::string, std::string>(room, cause)];
    const auto full = now - burst * refill; // as long ago as the whole burst takes to come back
    count.used_until = std::max(count.used_until, full) + refill;
    if (count.used_until <= now) return std::exchange(count.unsaid, 0);
    count.used_until -= refill;
    ++count.unsaid;
    return std::nullopt;
  }

 private:
  struct Count {
    Clock::time_point used_until{}; // each line uses up its share of time
    std::uint64_t unsaid = 0;
  };
  std::map<std::pair<std::string, std::string>, Count> counts_; // as many as there are formats
};

} // namespace p2pd::base::log
