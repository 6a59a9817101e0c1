#include "daemon/swarm/hedge.hpp"

#include <algorithm>

namespace p2pd::swarm {

namespace {

constexpr Duration patience = std::chrono::milliseconds(500); // before another one is asked
constexpr Duration soon = std::chrono::milliseconds(500);     // not worth asking another one for
constexpr Duration trial = std::chrono::seconds(1);
constexpr Duration stuck = std::chrono::seconds(2); // without a byte, after there were some
constexpr Duration hopeless =
    std::chrono::seconds(5);            // without a byte, where others could be asked
constexpr std::size_t most_at_once = 3; // at a time
constexpr unsigned most_doublings = 6;  // of the patience: 32 s

Duration best_of(std::span<const Asked> asked, Time now) {
  Duration best = Duration::max();
  for (const Asked& one : asked) best = std::min(best, one.remaining(now));
  return best;
}

} // namespace

void Asked::arrived(std::uint64_t bytes, Time now) {
  if (bytes <= received) return;
  if (received == 0) begun = progress;
  received = bytes;
  progress = now;
}

Duration Asked::remaining(Time now) const {
  if (received == 0 || now - progress > stuck) return Duration::max();
  const double share =
      static_cast<double>(size - std::min(size, received)) / static_cast<double>(received);
  return std::chrono::duration_cast<Duration>((now - begun) * share);
}

bool delivers(const Asking& asking, Time now) {
  return best_of(asking.asked, now) != Duration::max();
}

Hedge hedge(const Asking& asking, Time now) {
  if (asking.asked.empty()) return {asking.others ? Hedge::Step::ask : Hedge::Step::wait};
  const Duration best = best_of(asking.asked, now);
  if (best <= soon) return {};
  for (std::size_t i = 0; i < asking.asked.size(); ++i) {
    const Asked& one = asking.asked[i];
    const Duration left = one.remaining(now);
    if (left > best && left != Duration::max() && now - one.begun >= trial)
      return {Hedge::Step::drop, i};
  }
  if (!asking.others) return {};
  const unsigned doublings =
      best == Duration::max() ? 0 : std::min(2 * asking.trials, most_doublings);
  if (now - asking.last < patience * (1U << doublings)) return {};
  if (asking.asked.size() < most_at_once) return {Hedge::Step::ask};
  const auto oldest = std::ranges::min_element(asking.asked, {}, &Asked::progress);
  if (now - oldest->progress < hopeless) return {};
  return {Hedge::Step::drop, static_cast<std::size_t>(oldest - asking.asked.begin())};
}

} // namespace p2pd::swarm
